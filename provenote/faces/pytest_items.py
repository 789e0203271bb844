"""The tests that pytest finds in a vault, and how they run: fresh, never from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provenote import expectations
from provenote.faces.updating import update
from provenote.model import Result, Session, Stream, VaultFile
from provenote.problems import Place, Problem
from provenote.run.pool import Pool
from provenote.run.results import problems
from provenote.run.sessions import run
from provenote.settings import Settings

UPDATE = "provenote_update"
UPDATED = "provenote-updated"
"""Property of a test that rewrote a block of its note."""


class SnippetFailedError(Exception):
    """Carries problems to pytest's report."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.problems = found


class _Item(pytest.Item):
    """A test that fails with problems."""

    line = 1

    def reportinfo(self) -> tuple[Path, int, str]:
        # The blank: pytest writes dots at the end of an id as `::`, where this is that end.
        return self.path, self.line - 1, f"{self.nodeid} "

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the author's traceback rather than ours."""
        if not isinstance(excinfo.value, SnippetFailedError):
            return super().repr_failure(excinfo, style)
        return "\n".join(map(_told, excinfo.value.problems))


def _told(problem: Problem) -> str:
    guess = f"; {problem.guess}" if problem.guess else ""
    return f"{problem.detail}{problem.place}: {problem.text}{guess}"


@dataclass(frozen=True)
class Bench:
    """What the sessions of one file are run with."""

    file: VaultFile
    settings: Settings
    pool: Pool
    blocks: Mapping[Place, int]
    """The number of each block of the file that says a cell's output."""


class SessionItem(_Item):
    """One session."""

    def __init__(self, *, session_to_run: Session, bench: Bench, **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self._session, self._bench = session_to_run, bench
        self.line = session_to_run.cells[0].place.line
        if session_to_run.skip:
            self.add_marker(pytest.mark.skip(reason=session_to_run.skip))
        if session_to_run.slow:
            self.add_marker(pytest.mark.slow)

    def runtest(self) -> None:
        sessions = [self._session]
        results = run(sessions, self._bench.settings, store=None, pool=self._bench.pool)
        for result in results.values():
            streams = [o for outputs in result.outputs for o in outputs if isinstance(o, Stream)]
            for stream in streams:
                self.add_report_section("call", stream.name, stream.text)
        if found := problems(results):
            raise SnippetFailedError(found)
        if found := tuple(expectations.problems(sessions, results)):
            if not self.config.getoption(UPDATE):
                raise SnippetFailedError(found)
            self._update(results[self._session.id])
            self.user_properties += ((UPDATED, str(problem.place)) for problem in found)

    def _update(self, result: Result) -> None:
        outputs = {
            self._bench.blocks[cell.expected.opened]: expectations.printed(given)
            for cell, given in zip(self._session.cells, result.outputs, strict=True)
            if cell.expected is not None and expectations.differs(cell, given)
        }
        update(self._bench.file, outputs, self._bench.settings)


class BrokenItem(_Item):
    """A file that cannot be run as it stands."""

    def __init__(self, *, problems: Sequence[Problem], **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self._problems = problems

    def runtest(self) -> None:
        raise SnippetFailedError(self._problems)
