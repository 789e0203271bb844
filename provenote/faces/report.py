"""Problems as data, for programs that read what `provenote check` says."""

import json
from collections.abc import Iterable

from provenote.problems import Problem


def as_json(problems: Iterable[Problem]) -> str:
    """A list of objects; a line or column of 0 stands for all of the file or line."""
    return json.dumps([_entry(problem) for problem in problems], indent=2, ensure_ascii=False)


def _entry(problem: Problem) -> dict[str, str | int | bool]:
    return {
        "code": problem.code.value,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "text": problem.text,
        "guess": problem.guess,
        "advice": problem.code.advice,
        "breaks_build": problem.code.breaks_build,
    }
