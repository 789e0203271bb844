"""What a note says that a cell prints, in an `output` block right below it, and what it did print.

```python run
2 + 2
```
```output
4
```
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from provenote.model import (
    Cell,
    Display,
    Failure,
    Fence,
    Output,
    Result,
    Session,
    SessionId,
    Stream,
)
from provenote.problems import Code, Problem

_ORDER = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[^\n]*\r(?!\n)")
"""What a terminal obeys rather than shows: colours, lines that are drawn anew."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_OPENING = re.compile(r"(?P<prefix>.*?)(?P<mark>`{3,}|~{3,})(?P<rest>.*)", re.DOTALL)


def problems(sessions: Iterable[Session], results: Mapping[SessionId, Result]) -> Iterator[Problem]:
    """A problem for each cell that printed something else; none where the session failed."""
    for session in sessions:
        result = results.get(session.id)
        if result is not None and result.failure is None:
            for cell, outputs in zip(session.cells, result.outputs, strict=True):
                if cell.expected is not None and differs(cell, outputs):
                    yield _problem(cell.expected, outputs)


def differs(cell: Cell, outputs: Sequence[Output]) -> bool:
    """Whether a cell printed something else than the block below it says."""
    if cell.expected is None or not cell.options.eval:
        return False
    return _lines(cell.expected.code) != _lines(printed(outputs))


def _problem(expected: Fence, outputs: Sequence[Output]) -> Problem:
    says, gave = _lines(expected.code), _lines(printed(outputs))
    at = next((n for n, (a, b) in enumerate(zip(says, gave, strict=False)) if a != b), None)
    at = min(len(says), len(gave)) if at is None else at
    said = f"says `{says[at]}`" if at < len(says) else "ends"
    nothing = "no more" if gave else "nothing"
    given = f"`{gave[at]}`" if at < len(gave) else nothing
    diff = difflib.unified_diff(says, gave, "the note", "the cell", lineterm="", n=2)
    return Problem(
        Code.EXPECTED,
        expected.at(at + 1, 0) if says else expected.opened,
        f"the cell gives {given} where the note {said}",
        "`pytest --provenote-update` writes what it gives",
        detail="".join(f"{line}\n" for line in diff),
    )


def printed(outputs: Iterable[Output]) -> str:
    """What is text in a cell's outputs: what it printed, values, an exception in one line."""
    return "".join(map(_text, outputs))


def _text(output: Output) -> str:
    match output:
        case Stream("stdout", text):
            return _ORDER.sub("", text)
        case Display(data) if not any(kind.startswith("image/") for kind in data):
            return data.get("text/plain", "").rstrip("\n") + "\n"
        case Failure(_, cause, _):
            return cause + "\n"
        case _:
            return ""


def _lines(text: str) -> list[str]:
    """Lines as they are compared: what is blank at their ends, and at the very end, is not."""
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def rewritten(text: str, outputs: Iterable[tuple[Fence, str]]) -> str:
    """A note with these outputs in their blocks, and every other character as it was."""
    lines = _LINE.findall(text)
    for fence, output in sorted(outputs, key=lambda one: one[0].opened.line, reverse=True):
        _replace(lines, fence, _lines(output))
    return "".join(lines)


def _replace(lines: list[str], fence: Fence, output: Sequence[str]) -> None:
    top = fence.opened.line - 1
    bottom = top + 1 + len(fence.code.split("\n")) - (fence.code.endswith("\n") or not fence.code)
    opening = _OPENING.match(lines[top])
    assert opening is not None
    mark, prefix = opening["mark"], opening["prefix"]
    longest = max((len(m[0]) for m in re.finditer(f"{mark[0]}+", "\n".join(output))), default=0)
    wider = mark[0] * max(len(mark), longest + 1)
    ending = lines[top][len(lines[top].rstrip("\r\n")) :] or "\n"
    lines[top] = f"{prefix}{wider}{opening['rest']}"
    if bottom < len(lines):
        lines[bottom] = lines[bottom].replace(mark, wider, 1)
    lines[top + 1 : bottom] = [(prefix + line).rstrip() + ending for line in output]
