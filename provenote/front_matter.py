"""Properties: the YAML between `---` lines at the top of a note."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from provenote.problems import Code, Place, Problem

_Read = tuple[Mapping[str, Any], int, tuple[Problem, ...]]


def read(text: str, shown: str) -> _Read:
    """Properties, the number of lines they take, and what is wrong with them.

    A note whose properties cannot be read is published all the same, without them,
    unless they say that it is not to be.
    """
    lines = text.split("\n")
    end = _end(lines)
    if not end:
        return {}, 0, ()
    try:
        properties = yaml.safe_load("\n".join(lines[1 : end - 1]))
    except yaml.YAMLError as error:
        return _said(lines[1 : end - 1]), end, (_broken(error, shown),)
    except ValueError as error:  # a date like 2024-13-45
        problem = Problem(Code.FRONT_MATTER, Place(shown, 1), f"properties: {error}")
        return _said(lines[1 : end - 1]), end, (problem,)
    if properties is None:
        return {}, end, ()
    if not isinstance(properties, dict):
        what = f"properties must be `name: value` lines, not {type(properties).__name__}"
        return {}, end, (Problem(Code.FRONT_MATTER, Place(shown, 2), what),)
    return {str(name): value for name, value in properties.items()}, end, ()


_SAID = re.compile(r"""(draft|publish|share)\s*:\s*["']?(.*?)["']?\s*(?:#.*)?""", re.IGNORECASE)


def _said(lines: list[str]) -> Mapping[str, str]:
    """Whether the note is published, which must be known though nothing else can be read."""
    found = filter(None, map(_SAID.fullmatch, lines))
    return {match[1]: match[2] for match in found}


def _end(lines: list[str]) -> int:
    """How many lines the front matter takes, its marks included; 0 if there is none."""
    if lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in {"---", "..."}:
            return number
    return 0


def _broken(error: yaml.YAMLError, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = Place(shown, mark.line + 2, mark.column + 1) if mark else Place(shown, 1)
    what = getattr(error, "problem", None) or str(error)
    return Problem(
        Code.FRONT_MATTER,
        place,
        f"properties cannot be read as YAML: {what}",
        "a value with `: ` or `#` in it needs quotes",
    )
