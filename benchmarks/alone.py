"""The engine without a site around it: a cold run and a check, beside what they must cost.

Each figure is taken in a process of its own: `python -m benchmarks.alone WHAT PROJECT`.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from benchmarks import workload
from benchmarks.table import table
from benchmarks.tools import JOBS, Provenote
from provenote.model import Result, Session, SessionId
from provenote.notes import parse
from provenote.run import figures
from provenote.run.pool import FIXED
from provenote.run.sessions import run
from provenote.run.store import Store
from provenote.settings import Settings, read
from provenote.snippets import plan_note
from provenote.vault import scan

_OVERHEAD = 1.15
"""What the engine may add to the snippets' own time."""


class Seconds(NamedTuple):
    """By the clock, and computed by all processes."""

    wall: float
    cpu: float


def report(*, rounds: int, many: int) -> str:
    """Tables of a cold run, and of checking a few and many notes of which none changed."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        few = _project(Path(directory) / "few", workload.NOTES)
        own, drawn, start, cold = _repeat(rounds, few, "own", "drawn", "start", "cold")
        checks = [(workload.NOTES, _repeat(rounds, few, "check")[0])]
        crowd = _project(Path(directory) / "many", many)
        _measured("cold", crowd)
        checks.append((many, _repeat(rounds, crowd, "check")[0]))
    cores = min(JOBS, len(os.sched_getaffinity(0)))
    goal = Seconds(own.cpu / cores * _OVERHEAD + start.wall, own.cpu * _OVERHEAD + start.cpu)
    rows = [
        ("snippets and matplotlib's savefig alone, in one warm process", own),
        ("the same, with figures as the engine draws them", drawn),
        ("server started, one empty session, ended", start),
        (f"goal: own / {cores} cores × {_OVERHEAD} + start (CPU: own × {_OVERHEAD} + start)", goal),
        ("engine, cold", cold),
        *((f"engine, nothing changed, {notes} notes", check) for notes, check in checks),
    ]
    return table(
        ("engine alone", "wall s", "CPU s"),
        ((name, f"{cost.wall:.3f}", f"{cost.cpu:.3f}") for name, cost in rows),
    )


def _project(directory: Path, notes: int) -> Path:
    directory.mkdir()
    project = Provenote(directory)
    project.write(workload.START, notes)
    return project.directory


def _repeat(rounds: int, project: Path, *what: str) -> list[Seconds]:
    """The medians of some measurements, taken in turn."""
    found = [[_measured(one, project) for one in what] for _ in range(rounds)]
    return [
        Seconds(median(one.wall for one in column), median(one.cpu for one in column))
        for column in zip(*found, strict=True)
    ]


def _measured(what: str, project: Path) -> Seconds:
    print(f"alone: {what} {project.parent.name}", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.alone", what, str(project)],
        env={**os.environ, **(FIXED if what in {"own", "drawn"} else {})},
        check=True,
        stdout=subprocess.PIPE,
    )
    return Seconds(*json.loads(done.stdout))


# ------------------------------------------------------- in the measured process


def _own(sessions: Sequence[Session], settings: Settings) -> Seconds:
    """The snippets in one loop, and the same pictures as matplotlib saves them."""

    def save() -> None:
        pyplot = sys.modules["matplotlib.pyplot"]
        for number in pyplot.get_fignums():
            figure = pyplot.figure(number)
            figure.set_layout_engine("constrained")
            figure.savefig(io.StringIO(), format="svg")
            pyplot.close(figure)

    return _looped(sessions, settings, save)


def _drawn(sessions: Sequence[Session], settings: Settings) -> Seconds:
    """The snippets in one loop, and their figures as the engine draws them."""
    return _looped(sessions, settings, lambda: list(map(figures.bundle, figures.take_open())))


def _looped(sessions: Sequence[Session], settings: Settings, draw: Callable[[], object]) -> Seconds:
    figures.prepare()
    sys.path.insert(0, str(settings.project))
    silent = Path(os.devnull).open("w")  # noqa: SIM115 - it ends with the process

    def execute() -> None:
        said, sys.stdout = sys.stdout, silent
        for session in sessions:
            namespace: dict[str, object] = {}
            for cell in session.cells:
                exec(cell.source, namespace)
                draw()
        sys.stdout = said

    return _timed(execute)


def _start(sessions: Sequence[Session], settings: Settings) -> Seconds:
    empty = replace(sessions[0], cells=(replace(sessions[0].cells[0], source="pass"),))
    return _timed(lambda: run([empty], settings, store=None))


def _cold(sessions: Sequence[Session], settings: Settings) -> Seconds:
    """From an empty store, which is then full."""
    shutil.rmtree(settings.store_dir, ignore_errors=True)
    return _timed(lambda: _must(run(sessions, settings, store=Store(settings.store_dir)), False))


def _check(sessions: Sequence[Session], settings: Settings) -> Seconds:
    return _timed(lambda: _must(run(sessions, settings, store=Store(settings.store_dir)), True))


def _must(results: Mapping[SessionId, Result], stored: bool) -> None:
    """A figure counts only if what it stands for was done."""
    assert all(one.stored is stored and one.failure is None for one in results.values()), results


def _timed(work: Callable[[], object]) -> Seconds:
    wall, cpu = perf_counter(), _cpu()
    work()
    return Seconds(perf_counter() - wall, _cpu() - cpu)


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def main(what: str, project: str) -> None:
    """Measure one thing, in this process."""
    where = Path(project)
    settings, _ = read({"jobs": JOBS}, project=where, vault=where / "docs")
    vault, _ = scan(settings)
    plans = [plan_note(parse(file, settings.dialect), settings) for file in vault.notes]
    sessions = [session for plan in plans for session in plan.sessions]
    work = {"own": _own, "drawn": _drawn, "start": _start, "cold": _cold, "check": _check}[what]
    print(json.dumps(work(sessions, settings)))


if __name__ == "__main__":
    main(*sys.argv[1:])
