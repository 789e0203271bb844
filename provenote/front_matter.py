"""Properties at the top of a note: YAML between `---` lines, or TOML between `+++`."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import yaml

from provenote import yaml_text
from provenote.halves import joined
from provenote.problems import Code, Place, Problem

Read = tuple[Mapping[str, Any], int, tuple[Problem, ...]]


def read(text: str, shown: str) -> Read:
    """Properties, the number of lines they take, and what is wrong with them.

    Where they cannot be read as a whole, each that can be on its own still counts: a
    wrong date must not publish what says `publish: false`.
    """
    lines = text.split("\n")
    language = _LANGUAGES.get(lines[0].rstrip())
    if not language:
        return {}, 0, ()
    end = _end(lines, language.ends)
    if not end:
        return _endless(language, list(takewhile(str.strip, lines[1:])), shown)
    given = lines[1 : end - 1]
    properties = _load(language, given)
    if isinstance(properties, dict):
        return _named(properties), end, ()
    if properties is None:
        return {}, end, ()
    if not isinstance(properties, _Wrong):  # a rule, some text, and a rule
        what = f"`{_first(given)}` is no property, so this is read as text between two rules"
        problem = Problem(Code.FRONT_MATTER, Place(shown, 2), what, "properties are `name: value`")
        return _what_decides(given), 0, (problem,)
    text_at = _text_in(language, given)
    if text_at:
        return _endless(language, given[:text_at], shown)
    good, problems = _one_by_one(language, given, shown)
    return _named(good), end, tuple(problems) or (_broken(language, properties, 0, given, shown),)


def _endless(language: "_Language", given: Sequence[str], shown: str) -> Read:
    """Properties whose end is forgotten: they count, and are text as well, as in Obsidian."""
    if not given or not language.starts.match(given[0]):
        return _what_decides(given), 0, ()
    good, problems = _one_by_one(language, given, shown)
    mark = language.ends[0]
    what = f"`{mark}` opens properties, and nothing ends them before the text"
    problem = Problem(Code.FRONT_MATTER, Place(shown, 1, 1), what, f"write `{mark}` below them")
    return _named(good), 0, (problem, *problems)


def _text_in(language: "_Language", given: Sequence[str]) -> int:
    """Where text begins that a rule further down has made seem to be properties; 0 if nowhere."""
    for start, chunk in _chunks(given, language.starts):
        above = list(takewhile(str.strip, chunk))
        below = next(filter(str.strip, chunk[len(above) :]), " ")
        goes_on = below[0].isspace() or not isinstance(_load(language, chunk), _Wrong)
        if not goes_on and isinstance(_load(language, above), dict):
            return start + len(above)
    return 0


def _one_by_one(
    language: "_Language", given: Sequence[str], shown: str
) -> tuple[Mapping[Any, Any], Sequence[Problem]]:
    good: dict[Any, Any] = {}
    problems: list[Problem] = []
    for start, chunk in _chunks(given, language.starts):
        part = _load(language, chunk)
        if isinstance(part, _Wrong):
            problems.append(_broken(language, part, start, chunk, shown))
            first = _load(language, chunk[:1])
            part = {**_what_decides(chunk), **(first if isinstance(first, dict) else {})}
        for name, value in part.items() if isinstance(part, dict) else ():
            good[name] = [*_items(good[name]), *_items(value)] if name in good else value
    return good, problems


_DECIDES = re.compile(
    r"""(?:^|[{,])[ \t-]*["']?(draft|publish|share)["']?[ \t]*[:=：](.*)""",
    re.IGNORECASE | re.MULTILINE,
)


def _what_decides(lines: Sequence[str]) -> Mapping[str, str]:
    """What says whether a note is published, as text: it counts also where it cannot be read."""
    found = _DECIDES.finditer("\n".join(lines))
    return {match[1]: match[2].strip(" \t\"',}") for match in found}


def _chunks(given: Sequence[str], starts: re.Pattern[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Each property with the lines that belong to it, and where it starts."""
    begins = [0, *(n for n, line in enumerate(given) if n and starts.match(line))]
    for begin, stop in zip(begins, [*begins[1:], len(given)], strict=True):
        yield begin, given[begin:stop]


def _end(lines: Sequence[str], marks: Sequence[str]) -> int:
    """How many lines the front matter takes, its marks included; 0 if it never ends."""
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in marks:
            return number
    return 0


_LISTS = {
    "aliases": re.compile(r"\s*[,\n]\s*"),
    "tags": re.compile(r"[,\s]+"),
    "cssclasses": re.compile(r"[,\s]+"),
}
"""Properties that hold several things, and what stands between them where they are text."""
_PLURAL = {"alias": "aliases", "tag": "tags", "cssclass": "cssclasses"}


def _named(properties: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Properties by name; what holds several things is a list, as Obsidian reads it."""
    named: dict[str, Any] = {}
    for given, value in properties.items():
        name = str(given)
        plural = _PLURAL.get(name.casefold(), name.casefold())
        if plural in _LISTS:
            named[plural] = [*named.get(plural, ()), *_listed(value, _LISTS[plural])]
        else:
            named[name] = value
    return named


def _listed(value: Any, between: re.Pattern[str]) -> list[Any]:
    if isinstance(value, str):
        return [part for part in between.split(value.strip()) if part]
    return [item for item in _items(value) if item is not None]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# ------------------------------------------------------------ the two languages


class _Wrong(NamedTuple):
    """What a parser has against a text, and where."""

    what: str
    line: int = 0
    column: int = 0
    guess: str = ""


class _Language(NamedTuple):
    name: str
    ends: tuple[str, ...]
    starts: re.Pattern[str]
    """The first line of a property."""
    load: Callable[[str], Any]
    example: str


def _load(language: _Language, lines: Sequence[str]) -> Any:
    try:
        return language.load("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = (mark.line, mark.column + 1) if mark else (0, 0)
        guess = "keep one of them" if isinstance(error, _Twice) else ""
        return _Wrong(error.problem or str(error), *where, guess)
    except tomllib.TOMLDecodeError as error:
        what, _, _ = str(error).partition(" (at ")
        at = re.search(r"line (\d+), column (\d+)", str(error))
        return _Wrong(what, int(at[1]) - 1, int(at[2])) if at else _Wrong(what)
    except (yaml.YAMLError, ValueError) as error:  # the latter of a number with too many digits
        return _Wrong(str(error))
    except RecursionError:
        return _Wrong("it is nested too deep")


def _broken(
    language: _Language, wrong: _Wrong, start: int, lines: Sequence[str], shown: str
) -> Problem:
    line = min(wrong.line, max(len(lines) - 1, 0))
    place = Place(shown, start + line + 2, wrong.column if line == wrong.line else 0)
    quoted = _first(lines[line:]) or _first(lines)
    what = f"`{quoted}` cannot be read as {language.name}: {wrong.what}"
    return Problem(Code.FRONT_MATTER, place, what, wrong.guess or language.example)


def _first(lines: Sequence[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")


class _Twice(yaml.constructor.ConstructorError):
    """A mapping has one key twice."""


class _YamlLoader(yaml.SafeLoader):
    """YAML as Obsidian reads it: `12:30` is no number to the base of 60, no name is there twice."""

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        value = super().construct_scalar(node)
        return joined(value) if isinstance(value, str) else value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in names:
                what = f"there is another {key.value!r} above"
                raise _Twice(problem=what, problem_mark=key.start_mark)
            names.add(key.value)
        return super().construct_mapping(node, deep)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge what `<<` names, each name once: ten lines could stand for billions."""
        own = [pair for pair in node.value if pair[0].tag != "tag:yaml.org,2002:merge"]
        super().flatten_mapping(node)
        merged = node.value[: len(node.value) - len(own)]
        node.value = [*{str(key.value): (key, value) for key, value in merged}.values(), *own]


def _set(loader: _YamlLoader, node: yaml.MappingNode) -> list[Any]:
    """A set as a list: Python's own has another order in each process."""
    return list(loader.construct_mapping(node))


_YamlLoader.add_constructor("tag:yaml.org,2002:set", _set)
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in kinds if tag not in _NUMBERS]
    for first, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern in zip(
    _NUMBERS,
    (r"[-+]?(?:0|[1-9]\d*|0x[\da-fA-F]+)$", r"[-+]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?$"),
    strict=True,
):
    _YamlLoader.add_implicit_resolver(_tag, re.compile(_pattern), list("-+.0123456789"))

_MOST = 500
"""How many parts one property has where it names parts of others."""


def _yaml(text: str) -> Any:
    given = yaml_text.load(text, _YamlLoader)
    if not isinstance(given, dict) or "*" not in text:
        return given
    return {name: _written_out(value, iter(range(1, _MOST))) for name, value in given.items()}


def _written_out(value: Any, left: Iterator[int]) -> Any:
    """What `&name` and `*name` say, as far as it goes: a list may hold itself without end."""
    if isinstance(value, dict):
        return {name: _written_out(part, left) for name, part in value.items() if next(left, 0)}
    if isinstance(value, list):
        return [_written_out(part, left) for part in value if next(left, 0)]
    return value


_YAML = _Language(
    name="YAML",
    ends=("---", "..."),
    starts=re.compile(r"[^\s#\-\]}][^:]*:(?:\s|$)"),
    load=_yaml,
    example="a value with `: ` or `#` in it needs quotes",
)
_TOML = _Language(
    name="TOML",
    ends=("+++",),
    starts=re.compile(r"[\w\"'.-]+\s*=|\["),
    load=tomllib.loads,
    example='for example title = "A title"',
)
_LANGUAGES = {"---": _YAML, "+++": _TOML}
