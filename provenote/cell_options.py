"""The options of a cell: what an author says about it, and about its session."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from provenote.model import CellOptions, Option, Show
from provenote.problems import Code, Place, Problem, nearest


@dataclass(frozen=True)
class Directives:
    """Everything the option lines of a cell say: of the cell, and of its session."""

    options: CellOptions = field(default_factory=CellOptions)
    timeout: float | None = None
    """Seconds of wall time that the session may take."""
    memory: int | None = None
    """Megabytes that the session may take."""
    depends: tuple[str, ...] = ()
    """Files that the session depends on besides those it is seen to read, as when a process that
    it starts reads them: paths and patterns, relative to the project, with commas between."""
    env: tuple[str, ...] = ()
    """Environment variables that the session sees, with commas between; another value runs it
    again."""
    seed: int | None = None
    """What Python's `random` and NumPy's global generator start from: by default 0."""
    network: bool = False
    """Whether the session may use the network; what it gives then counts as volatile."""
    session: str = ""
    """Name of the session that the cell belongs to."""
    skip: str = ""
    """Why the session does not run, neither for the site, which shows the reason, nor in tests."""
    slow: bool = False
    """Whether the session's test has the marker `slow`: `pytest -m "not slow"` leaves it out."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each option stands."""


_T = TypeVar("_T")
_AS_IS = "asis"


class _BadValueError(Exception):
    """A value that an option cannot have; its text says what was expected."""


_Value = str | tuple[str, ...]


def _text(value: _Value) -> str:
    if not isinstance(value, str):
        raise _BadValueError("a single value")
    return value


def _texts(value: _Value) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _switch(value: _Value) -> bool:
    return bool(_choice(value, _SWITCH, "true or false"))


def _reason(value: _Value) -> str:
    if not isinstance(value, str) or not value or value.casefold() in _SWITCH:
        raise _BadValueError("a reason, such as `needs a GPU`")
    return value


def _fold(value: _Value) -> Show:
    folds = {name: Show.FOLDED if on else Show.OPEN for name, on in _SWITCH.items()}
    return _choice(value, {**folds, "show": Show.UNFOLDED}, "true, false or show")


def _output(value: _Value) -> bool | str:
    known: Mapping[str, bool | str] = {**_SWITCH, _AS_IS: _AS_IS}
    return _choice(value, known, f"true, false or {_AS_IS}")


def _format(value: _Value) -> str:
    return _choice(value, {kind: kind for kind in ("svg", "png", "webp")}, "svg, png or webp")


def _choice(value: _Value, known: Mapping[str, _T], expected: str) -> _T:
    if not isinstance(value, str) or value.casefold() not in known:
        raise _BadValueError(expected)
    return known[value.casefold()]


def _number(value: _Value) -> float:
    try:
        number = float(_text(value))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise _BadValueError("a number above 0")
    return number


_DIGITS = re.compile(r"[0-9]{1,20}")


def _whole(value: _Value) -> int:
    text = _text(value)
    if not _DIGITS.fullmatch(text) or int(text) == 0:
        raise _BadValueError("a whole number of megabytes above 0")
    return int(text)


def _seed(value: _Value) -> int:
    text = _text(value)
    if not _DIGITS.fullmatch(text) or int(text) >= 2**32:
        raise _BadValueError("a whole number from 0 to 4294967295")
    return int(text)


def _list(value: _Value) -> tuple[str, ...]:
    """A list, or what stands between the commas."""
    items = tuple(map(str.strip, value.split(","))) if isinstance(value, str) else value
    if not all(items):
        raise _BadValueError("a list with commas between")
    return items


def _names(value: _Value) -> tuple[str, ...]:
    names = _list(value)
    if not all(_VARIABLE.fullmatch(name) for name in names):
        raise _BadValueError("a list of environment variables")
    return names


OPTIONS: Mapping[str, Callable[[_Value], Any]] = {
    "label": _text,
    "fig-cap": _texts,
    "fig-alt": _texts,
    "tbl-cap": _texts,
    "fig-format": _format,
    "echo": _switch,
    "output": _output,
    "include": _switch,
    "code-fold": _fold,
    "code-summary": _text,
    "eval": _switch,
    "error": _switch,
    "warning": _switch,
    "timeout": _number,
    "memory": _whole,
    "depends": _list,
    "env": _names,
    "seed": _seed,
    "network": _switch,
    "session": _text,
    "skip": _reason,
    "slow": _switch,
    "tags": _list,
}
"""The options an author may give, with how their values are read."""

CAPTIONS = frozenset({"fig-cap", "tbl-cap"})
"""Options whose values are Markdown."""

TAGS: Mapping[str, tuple[str, str]] = {
    "hide-input": ("code-fold", "true"),
    "hide-cell": ("code-fold", "true"),
    "remove-input": ("echo", "false"),
    "remove-output": ("output", "false"),
    "remove-stderr": ("warning", "false"),
    "remove-cell": ("include", "false"),
    "raises-exception": ("error", "true"),
    "skip-execution": ("eval", "false"),
}
"""The tags that Jupyter Book and MyST give to cells, with the option that each comes to."""

_ELSEWHERE: Mapping[str, str] = {
    "id": "write `label`",
    "name": "write `label`",
    "caption": "write `fig-cap`",
    "alt": "write `fig-alt`",
    "fig-subcap": "`fig-cap` takes a list, a caption for each figure",
    "fig-width": "the code says it: `plt.figure(figsize=(6, 3))`",
    "fig-height": "the code says it: `plt.figure(figsize=(6, 3))`",
    "fig-dpi": "figures are SVG, sharp at any size",
    "code-line-numbers": 'write `linenums="1"` behind `run`',
    "filename": 'write `title="NAME"` behind `run`',
    "lst-cap": 'write `title="NAME"` behind `run`',
    "message": "write `warning: false`",
    "results": "write `output: asis` or `output: false`",
    "cache": "every result is kept until something that it depends on changes",
    "freeze": "every result is kept until something that it depends on changes",
}
"""Options of Quarto and MyST that are none here, with what says the same."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OF_CELL = (
    "label",
    "fig-cap",
    "fig-alt",
    "tbl-cap",
    "fig-format",
    "code-summary",
    "eval",
    "error",
    "warning",
)
_OF_SESSION = ("timeout", "memory", "depends", "env", "seed", "network", "session", "skip", "slow")


def read_options(options: Sequence[Option]) -> tuple[Directives, tuple[Problem, ...]]:
    """What the options of a cell say; the later of two that contradict each other counts."""
    given: dict[str, Any] = {}
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for option in _with_tags(options, problems):
        if option.name not in OPTIONS:
            problems.append(_unknown(option))
            continue
        try:
            given[option.name] = _read(option)
            places[option.name] = option.place
        except _BadValueError as expected:
            text = f"snippet option `{option.name}` is {expected}, not {_written(option)}"
            problems.append(Problem(Code.OPTION, option.place, text))
    return _directives(given, places), tuple(problems)


def by_tags(tags: Iterable[str], place: Place) -> tuple[Option, ...]:
    """What tags say as options; those that are none of ours mean something to others."""
    return tuple(Option(*TAGS[tag], place) for tag in tags if tag in TAGS)


def _with_tags(options: Sequence[Option], problems: list[Problem]) -> Iterator[Option]:
    """The options, and those that tags stand for."""
    for option in options:
        yield option
        if option.name == "tags" and option.value is not None:
            for tag in _texts(option.value) if option.value else ():
                for name in filter(None, map(str.strip, tag.split(","))):
                    if name in TAGS:
                        yield Option(*TAGS[name], option.place)
                    else:
                        problems.append(_unknown_tag(name, option.place))


def _read(option: Option) -> Any:
    if option.value is None:
        raise _BadValueError("a plain value")
    return OPTIONS[option.name](option.value)


def _written(option: Option) -> str:
    if option.value is None:
        return "something nested"
    return f"`{option.value if isinstance(option.value, str) else ', '.join(option.value)}`"


def _unknown(option: Option) -> Problem:
    name = option.name.replace("_", "-")
    near = nearest(name, OPTIONS)
    guess = f"did you mean `{near}`?" if near else "for example `#| echo: false`"
    text = f"there is no snippet option `{option.name}`"
    return Problem(Code.OPTION, option.place, text, _ELSEWHERE.get(name, guess))


def _unknown_tag(name: str, place: Place) -> Problem:
    near = nearest(name, TAGS)
    guess = f"did you mean `{near}`?" if near else f"tags are {', '.join(TAGS)}"
    return Problem(Code.OPTION, place, f"there is no tag `{name}` of cells", guess)


def _directives(given: Mapping[str, Any], places: Mapping[str, Place]) -> Directives:
    include = given.get("include", True)
    output = given.get("output", True)
    of_cell = {name.replace("-", "_"): given[name] for name in _OF_CELL if name in given}
    options = CellOptions(
        show=given.get("code-fold", Show.OPEN)
        if include and given.get("echo", True)
        else Show.HIDDEN,
        output=bool(include and output),
        asis=output == _AS_IS,
        **of_cell,
    )
    of_session = {name: given[name] for name in _OF_SESSION if name in given}
    return Directives(options, places=places, **of_session)
