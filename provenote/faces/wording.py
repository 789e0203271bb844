"""How the faces say things to a person, in one line each."""

from collections.abc import Collection

from provenote.problems import Problem


def summary(problems: Collection[Problem]) -> str:
    """`no problems`, `1 problem`, `5 problems, 2 of them break the build`."""
    if not problems:
        return "no problems"
    breaking = sum(problem.code.breaks_build for problem in problems)
    if breaking == len(problems):
        verb = "breaks" if breaking == 1 else "break"
        return f"{count(breaking, 'problem')} that {verb} the build"
    tail = f", {breaking} of which break the build" if breaking else ""
    return count(len(problems), "problem") + tail


def count(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def explain(error: Exception) -> str:
    """What stopped a build, without a traceback."""
    if isinstance(error, OSError):
        path = error.filename2 or error.filename  # of a copy, the file that was to be written
        where = f"{path}: " if path else ""
        return f"{where}{error.strerror or error}"
    return (
        f"a bug in provenote: {type(error).__name__}: {error}; "
        "please report it with what --verbose prints"
    )
