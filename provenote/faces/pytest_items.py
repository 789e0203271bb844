"""The tests that pytest finds in a vault, and how they run: fresh, never from the store."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from provenote.model import Session, Stream
from provenote.problems import Problem
from provenote.run.pool import Pool
from provenote.run.results import problems
from provenote.run.sessions import run
from provenote.settings import Settings


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


class SessionItem(_Item):
    """One session."""

    def __init__(
        self, *, session_to_run: Session, settings: Settings, pool: Pool, **of_pytest: Any
    ) -> None:
        super().__init__(**of_pytest)
        self._session, self._settings, self._pool = session_to_run, settings, pool
        self.line = session_to_run.cells[0].place.line

    def runtest(self) -> None:
        results = run([self._session], self._settings, store=None, pool=self._pool)
        for result in results.values():
            streams = [o for outputs in result.outputs for o in outputs if isinstance(o, Stream)]
            for stream in streams:
                self.add_report_section("call", stream.name, stream.text)
        if found := problems(results):
            raise SnippetFailedError(found)


class BrokenItem(_Item):
    """A file that cannot be run as it stands."""

    def __init__(self, *, problems: Sequence[Problem], **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self._problems = problems

    def runtest(self) -> None:
        raise SnippetFailedError(self._problems)
