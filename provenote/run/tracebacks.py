"""Python's own tracebacks, cut to the author's frames, with places relative to cells."""

import linecache
import re
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType

from provenote.run.protocol import Code, Failed, Request, mark

_LONGEST_CAUSE = 300


class Source:
    """The author's file as the session sees it: its cells in their lines, and nothing else."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def install(self) -> None:
        """Let tracebacks and `inspect` find the source."""
        lines: dict[int, str] = {}
        for cell in self._request.cells:
            for number, text in enumerate(cell.source.splitlines(), cell.line):
                before = lines.get(number, "").ljust(cell.indent)
                lines[number] = before[: cell.indent] + text
        whole = [lines.get(number, "") + "\n" for number in range(1, max(lines, default=0) + 1)]
        for name in (self._request.shown, self._request.file):
            # Without a time stamp, linecache never looks at the file on disk.
            linecache.cache[name] = (sum(map(len, whole)), None, whole, name)

    def cell_at(self, line: int, current: int) -> int:
        """The cell that holds a line; of several inline values, the current one."""
        cells = self._request.cells
        return next((i for i in (current, *range(len(cells))) if _holds(cells[i], line)), current)

    def relative(self, text: str, current: int) -> str:
        """Put marks where a traceback names lines of the author's file."""

        def replaced(match: re.Match[str]) -> str:
            cell = self.cell_at(int(match[2]), current)
            return match[1] + mark(cell, int(match[2]) - self._request.cells[cell].line)

        name = re.escape(self._request.shown)
        return re.sub(rf'(File "{name}", line )(\d+)', replaced, text)


def _holds(cell: Code, line: int) -> bool:
    return cell.line <= line < cell.line + max(len(cell.source.splitlines()), 1)


def failed(
    error: BaseException,
    cell: int,
    request: Request,
    source: Source,
    holds: Callable[[str], bool],
) -> Failed:
    """What there is to say of an exception that a cell raised."""
    line, column = _position(error, request.shown)
    text = cut(error, request, holds)
    if not line:
        line = request.cells[cell].line
    at = source.cell_at(line, cell)
    return Failed(
        cell=at,
        line=line - request.cells[at].line,
        column=max(column - request.cells[at].indent, 0),
        cause=cause(error, request),
        traceback=source.relative(text, cell),
    )


def cut(error: BaseException, request: Request, holds: Callable[[str], bool]) -> str:
    """A traceback without frames of ours and of installed packages."""
    whole = traceback.TracebackException.from_exception(error, lookup_lines=False)
    for one in _chain(whole):
        kept = []
        for frame in one.stack:
            if frame.filename == request.shown or holds(frame.filename):
                _ = frame.line  # read now: the name below is for people
                frame.filename = _relative(frame.filename, request.project)
                kept.append(frame)
        one.stack[:] = kept
        if issubclass(one.exc_type or BaseException, SyntaxError):
            one.filename = _relative(one.filename or "", request.project)
    return "".join(whole.format())


def cause(error: BaseException, request: Request) -> str:
    """An exception in one line."""
    if type(error) is MemoryError and not error.args:
        return f"MemoryError: the session may take {request.memory // 2**20} MB"
    text = error.msg if isinstance(error, SyntaxError) else _said(error)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return ": ".join(filter(None, (type(error).__name__, first)))[:_LONGEST_CAUSE]


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(an error that cannot be printed)"


def _position(error: BaseException, shown: str) -> tuple[int, int]:
    """Line and column in the author's file where an exception passed through last."""
    frames = [
        (line, column)
        for filename, line, column in _positions(error.__traceback__)
        if filename == shown
    ]
    if isinstance(error, SyntaxError) and error.filename == shown and not frames:
        return error.lineno or 0, max(error.offset or 0, 0)
    return frames[-1] if frames else (0, 0)


def _positions(tb: TracebackType | None) -> Iterator[tuple[str, int, int]]:
    while tb is not None:
        code = tb.tb_frame.f_code
        column = 0
        if tb.tb_lasti >= 0:
            *_, offset, _ = list(code.co_positions())[tb.tb_lasti // 2]
            column = _character(code.co_filename, tb.tb_lineno, offset)
        yield code.co_filename, tb.tb_lineno, column
        tb = tb.tb_next


def _character(filename: str, line: int, offset: int | None) -> int:
    """A column counted from 1 in characters, from one counted from 0 in bytes."""
    if offset is None:
        return 0
    start = linecache.getline(filename, line).encode()[:offset]
    return len(start.decode(errors="replace")) + 1


def _chain(one: traceback.TracebackException | None) -> Iterator[traceback.TracebackException]:
    if one is None:
        return
    yield one
    yield from _chain(one.__cause__)
    yield from _chain(one.__context__)
    for inner in getattr(one, "exceptions", None) or ():
        yield from _chain(inner)


def _relative(filename: str, project: str) -> str:
    return filename.removeprefix(project.rstrip("/") + "/")
