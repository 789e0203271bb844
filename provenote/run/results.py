"""Reports of the server as results with real places, and failures as problems."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from provenote.model import Display, Failure, Output, Result, Session, SessionId, Stream, Volatile
from provenote.problems import Code, Place, Problem
from provenote.run import protocol
from provenote.run.protocol import Event, Failed, Report, unmark

_MARKED_LINE = re.compile(", line (?=\x02(\\d+):)")


def to_result(
    session: Session, report: Report, depends: Iterable[Path] = (), *, stored: bool = False
) -> Result:
    """What a report says of this session, as its cells stand now."""
    outputs = [tuple(_output(event, session) for event in events) for events in report["outputs"]]
    outputs += [()] * (len(session.cells) - len(outputs))
    failed = report["failed"]
    return Result(
        session=session.id,
        outputs=tuple(outputs),
        failure=_failure(failed, session) if failed else None,
        seconds=report["seconds"],
        depends=tuple(depends),
        stored=stored,
        volatile=tuple(_volatile(one, session) for one in report.get("volatile", ())),
    )


def problems(results: Mapping[SessionId, Result]) -> tuple[Problem, ...]:
    """A problem for each session that failed."""
    return tuple(
        Problem(
            Code.SNIPPET_FAILED,
            result.failure.place,
            f"snippet failed: {result.failure.cause}",
            detail=result.failure.traceback,
        )
        for result in results.values()
        if result.failure
    )


def volatile(results: Mapping[SessionId, Result]) -> Iterator[Problem]:
    """Advice for each session whose output is that of one run; it is stored all the same.

    Run anew at each build, it would change its page each time and be no more right.
    """
    for result in results.values():
        if result.volatile and any(result.outputs):
            read = ", ".join(one.what for one in result.volatile)
            text = f"another run may give other output, for this one read {read}"
            first = min((one.place for one in result.volatile), key=lambda place: place.order)
            yield Problem(Code.VOLATILE, first, text)


def _volatile(one: protocol.Volatile, session: Session) -> Volatile:
    place = session.cells[one["cell"]].place
    return Volatile(place._replace(line=place.line + one["line"], column=0), one["what"])


def _output(event: Event, session: Session) -> Output:
    if "display" in event:
        return Display({kind: _sound(text) for kind, text in event["display"].items()})
    if "failed" in event:
        return _failure(event["failed"], session)
    return Stream(event["stream"], _sound(event["text"]))


def _failure(failed: Failed, session: Session) -> Failure:
    cell = session.cells[failed["cell"]]
    column = failed["column"] and cell.indent + failed["column"]
    place = cell.place._replace(line=cell.place.line + failed["line"], column=column)
    places = [cell.place for cell in session.cells]
    traceback = unmark(_with_cells(failed["traceback"], places), [one.line for one in places])
    return Failure(place, _sound(failed["cause"]), _sound(traceback))


def _with_cells(traceback: str, places: Sequence[Place]) -> str:
    """Let a traceback name the cells of a notebook beside the lines that are counted in them."""

    def named(match: re.Match[str]) -> str:
        number = places[int(match[1])].cell
        return f", cell {number}{match[0]}" if number else match[0]

    return _MARKED_LINE.sub(named, traceback)


def _sound(text: str) -> str:
    """Text that can be written as UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()
