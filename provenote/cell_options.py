"""The `#|` lines at the top of a snippet: what an author says about one cell.

They are YAML, as in Quarto and Jupyter, and comments to Python.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from provenote.model import CellOptions, Show
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
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each option stands, counted from 0 at the top of the cell."""


class _BadValueError(Exception):
    """A value that an option cannot have; its text says what was expected."""


def _text(value: str) -> str:
    return value


def _switch(value: str) -> bool:
    known = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if value.casefold() not in known:
        raise _BadValueError("true or false")
    return known[value.casefold()]


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise _BadValueError("a number above 0")
    return number


def _whole(value: str) -> int:
    if not value.isdecimal() or int(value) == 0:
        raise _BadValueError("a whole number of megabytes above 0")
    return int(value)


def _seed(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value) < 2**32):
        raise _BadValueError("a whole number from 0 to 4294967295")
    return int(value)


def _list(value: str) -> tuple[str, ...]:
    """What stands between the commas."""
    items = tuple(item.strip() for item in value.split(","))
    if not all(items):
        raise _BadValueError("a list with commas between")
    return items


def _names(value: str) -> tuple[str, ...]:
    names = _list(value)
    if not all(_VARIABLE.fullmatch(name) for name in names):
        raise _BadValueError("a list of environment variables")
    return names


OPTIONS: Mapping[str, Callable[[str], Any]] = {
    "label": _text,
    "fig-cap": _text,
    "fig-alt": _text,
    "echo": _switch,
    "output": _switch,
    "code-fold": _switch,
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
}
"""The options an author may give, with how their values are read."""

_LINE = re.compile(r"#\| ?(.*)$")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OF_CELL = ("label", "fig-cap", "fig-alt", "output", "eval", "error", "warning")
_OF_SESSION = ("timeout", "memory", "depends", "env", "seed", "network", "session")


@dataclass(frozen=True)
class _Entry:
    line: int
    """Counted from 0 at the top of the cell."""
    name: str
    value: str | None
    """None for a list or a mapping, which no option takes."""


def read_options(code: str, place: Place) -> tuple[Directives, tuple[Problem, ...]]:
    """What the option lines of a cell say; `place` is that of its first line."""
    given: dict[str, Any] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for entry in _entries(code):
        here = replace(place, line=place.line + entry.line, column=0)
        if entry.name not in OPTIONS:
            problems.append(_unknown(entry.name, here))
            continue
        try:
            given[entry.name] = _value(entry)
            lines[entry.name] = entry.line
        except _BadValueError as expected:
            problems.append(
                Problem(
                    Code.OPTION,
                    here,
                    f"snippet option `{entry.name}` is {expected}, not `{entry.value or ''}`",
                )
            )
    return _directives(given, lines), tuple(problems)


def _value(entry: _Entry) -> Any:
    if entry.value is None:
        raise _BadValueError("a single value")
    return OPTIONS[entry.name](entry.value)


def _unknown(name: str, place: Place) -> Problem:
    near = nearest(name.replace("_", "-"), OPTIONS)
    guess = f"did you mean `{near}`?" if near else f"options are {', '.join(OPTIONS)}"
    return Problem(Code.OPTION, place, f"there is no snippet option `{name}`", guess)


def _directives(given: Mapping[str, Any], lines: Mapping[str, int]) -> Directives:
    show = Show.FOLDED if given.get("code-fold") else Show.OPEN
    options = replace(
        CellOptions(show=Show.HIDDEN if not given.get("echo", True) else show),
        **{name.replace("-", "_"): given[name] for name in _OF_CELL if name in given},
    )
    of_session = {name: given[name] for name in _OF_SESSION if name in given}
    return Directives(options, lines=lines, **of_session)


def _entries(code: str) -> Iterator[_Entry]:
    lines: list[str] = []
    for line in code.splitlines():
        match = _LINE.match(line)
        if not match:
            break
        lines.append(match[1])
    try:
        root = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            text = value.value.strip() if isinstance(value, yaml.ScalarNode) else None
            yield _Entry(key.start_mark.line, str(key.value), text)
    else:
        yield from _line_by_line(lines)


def _line_by_line(lines: list[str]) -> Iterator[_Entry]:
    """Options that are no YAML together: a caption with a colon in it is text all the same."""
    for number, line in enumerate(lines):
        name, _, value = line.partition(":")
        if line.strip():
            yield _Entry(number, name.strip(), value.strip().strip("\"'"))
