"""Run sessions: from the store where it is right, in processes where it is not."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from provenote.model import Cell, Result, Session, SessionId
from provenote.run import fingerprint
from provenote.run.protocol import Code, Report, Request
from provenote.run.results import to_result
from provenote.run.state import Dependency, Now
from provenote.run.store import Store
from provenote.run.workers import Workers, workers
from provenote.settings import Settings

Progress = Callable[[int, int, SessionId], None]
"""Told of each session that has run: how many have, of how many, and which it was."""


class Runner(Protocol):
    """What gives results of sessions: `run`, or another that a face hands to the build."""

    def __call__(
        self,
        sessions: Iterable[Session],
        settings: Settings,
        *,
        store: Store | None,
        progress: Progress,
    ) -> dict[SessionId, Result]: ...


def silent(done: int, total: int, session: SessionId) -> None:
    """Show no progress."""


def run(
    sessions: Iterable[Session],
    settings: Settings,
    *,
    store: Store | None,
    progress: Progress = silent,
    pool: Workers | None = None,
) -> dict[SessionId, Result]:
    """The result of each session, whatever their order; raises nothing that a snippet did.

    Without a store, everything runs. A pool that is given stays open for later.
    """
    jobs = {s.id: Job(s, request(s, settings)) for s in sessions if s.cells and not s.skip}
    now = Now(settings.project)
    results = _stored(jobs.values(), now, store) if store else {}
    missing = {name: job for name, job in jobs.items() if name not in results}
    if missing:
        requests = [job.request for job in missing.values()]
        known = store.durations() if store else {}
        requests.sort(key=lambda one: known.get(one.id, 0.0), reverse=True)  # else they end last
        with nullcontext(pool) if pool else closing(workers(settings)) as running:
            for text, report in running.run(requests):
                name = SessionId(text)
                results[name] = _conclude(missing[name], report, now, store)
                progress(len(results) - len(jobs) + len(missing), len(missing), name)
        if store:
            store.remember({name: results[name].seconds for name in missing})
            store.trim()
    return {name: results[name] for name in jobs}


@dataclass(frozen=True)
class Job:
    """A session, and how it is asked for."""

    session: Session
    request: Request

    def key(self, now: Now) -> str:
        return fingerprint.key(self.session, self.request, now)


def _stored(jobs: Iterable[Job], now: Now, store: Store) -> dict[SessionId, Result]:
    look = cache(now.state)  # many sessions depend on the same
    found = ((job, _lookup(job, now, store, look)) for job in jobs)
    return {job.session.id: result for job, result in found if result}


def _lookup(job: Job, now: Now, store: Store, look: Callable[[Dependency], str]) -> Result | None:
    key = job.key(now)
    for entry in store.entries(key):
        if fingerprint.holds(entry.trace, job.session, look):
            report = store.read(key, entry)
            if report is not None:
                files = fingerprint.files(entry.trace, now)
                return to_result(job.session, report, files, stored=True)
    return None


def _conclude(job: Job, report: Report, now: Now, store: Store | None) -> Result:
    """A report as a result, remembered if it is one to rely on."""
    observed = report.get("observed")
    if observed is None:
        return to_result(job.session, report)
    if store and report["failed"] is None:
        trace = fingerprint.trace(report, observed, job.session, now)
        if trace is not None:
            store.add(job.key(now), trace, report)
    read = {Path(path) for path in (*observed["read"], *observed["probed"])}
    files = sorted(path for path in {*read, *job.session.depends} if path.is_file())
    return to_result(job.session, report, files)


def request(session: Session, settings: Settings) -> Request:
    """A session as the server is asked for it."""
    here, project = str(session.file.parent), str(settings.project)
    starts = _starts(session.cells)
    return Request(
        id=session.id,
        file=str(session.file),
        shown=session.cells[0].place.path,
        project=project,
        # A script finds its neighbours first, as when it is run by hand; a note the project.
        path=tuple(dict.fromkeys((here, project) if session.script else (project, here))),
        foreign=(str(settings.store_dir), *map(str, settings.exclude)),
        script=session.script,
        directory=str(session.directory or ""),
        cells=tuple(map(_code, session.cells, starts)),
        timeout=session.timeout,
        memory=session.memory,
        env={name: os.environ[name] for name in session.env if name in os.environ},
        seed=session.seed,
        network=session.network,
        depends=tuple(map(str, session.depends)),
    )


def _starts(cells: Sequence[Cell]) -> Iterator[int]:
    """Where each cell begins in the file as the session sees it: a notebook's go one below another.

    Their own lines are all counted from 1, and would not be told apart.
    """
    line = 1
    for cell in cells:
        yield line if cell.place.cell else cell.place.line
        line += len(cell.source.splitlines())


def _code(cell: Cell, line: int) -> Code:
    return Code(
        source=cell.source,
        line=line,
        indent=cell.indent,
        inline=cell.inline,
        eval=cell.options.eval,
        error=cell.options.error,
        figures=cell.options.fig_format,
    )
