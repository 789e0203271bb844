"""Run every session anew, and compare with what the store says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from provenote.model import Result, Session, SessionId
from provenote.problems import Code, Place, Problem
from provenote.run.sessions import Progress, run
from provenote.run.store import Store
from provenote.settings import Settings


@dataclass
class Reproduction:
    """Runs sessions as a build does, then all of them once more; keeps what differed."""

    problems: list[Problem] = field(default_factory=list)

    def __call__(
        self,
        sessions: Iterable[Session],
        settings: Settings,
        *,
        store: Store | None,
        progress: Progress,
    ) -> dict[SessionId, Result]:
        """The results that a build shows."""
        sessions = tuple(sessions)
        shown = run(sessions, settings, store=store, progress=progress)
        again = run(sessions, settings, store=None, progress=progress)
        self.problems += _differences(sessions, shown, again)
        return shown


def _differences(
    sessions: Iterable[Session], shown: dict[SessionId, Result], again: dict[SessionId, Result]
) -> Iterator[Problem]:
    for session in sessions:
        first, second = shown.get(session.id), again.get(session.id)
        if first is None or second is None or first.failure:  # a failure is a problem anyway
            continue
        if first.outputs != second.outputs:
            yield Problem(
                Code.IRREPRODUCIBLE,
                _place(session, first, second),
                f"session {session.id} gave other output when it ran again",
                _reason(second),
            )


def _place(session: Session, first: Result, second: Result) -> Place:
    """The first cell that gave something else."""
    triples = zip(session.cells, first.outputs, second.outputs, strict=True)
    return next(cell.place for cell, before, after in triples if before != after)


def _reason(result: Result) -> str:
    if result.failure:
        return f"it failed: {result.failure.cause}"
    return f"it read {', '.join(one.what for one in result.volatile)}" if result.volatile else ""
