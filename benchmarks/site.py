"""A large vault built by Provenote and by plain Material: `python benchmarks/site.py`.

Nothing runs in it: this is about reading, rendering, and MkDocs around it.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks import measure, vault
from benchmarks.measure import Cost, medians
from benchmarks.table import ratio, table
from benchmarks.vault import MATERIAL, OBSIDIAN, Dialect
from provenote.build import build
from provenote.memo import Memo
from provenote.settings import read

_THEME = {
    "name": "material",
    "font": False,
    "features": ["navigation.prune", "navigation.indexes", "search.highlight"],
}
_EXTENSIONS: Sequence[Any] = (
    *("admonition", "footnotes", "tables", "pymdownx.superfences", "pymdownx.highlight"),
    {"toc": {"permalink": True}},
    {"pymdownx.arithmatex": {"generic": True}},
)


_ENVIRONMENT = {"NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": ""}
"""Without byte code, the second time would read all Python anew, as nobody's does."""


@dataclass(frozen=True)
class Way:
    """A way to make a site of the notes."""

    name: str
    dialect: Dialect
    configuration: Mapping[str, Any]


WAYS = (
    Way("provenote", OBSIDIAN, {"plugins": ["search", "provenote"]}),
    Way(
        "plain Material",
        MATERIAL,
        {"plugins": ["search", "tags"], "markdown_extensions": _EXTENSIONS},
    ),
)
"""Ours is the first."""


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Provenote beside plain Material.")
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--core", action="store_true", help="only ours, without MkDocs")
    parser.add_argument("--in-process", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.in_process:
        print(json.dumps(astuple(_build_here(options.in_process))))
        return
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}, {options.notes} notes, {options.rounds} rounds\n")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        projects = {way.name: _project(Path(directory), way, options.notes) for way in WAYS}
        print(_core(projects[WAYS[0].name], options.rounds), end="\n\n")
        if not options.core:
            builds = [build for _ in range(options.rounds) for build in _round(projects)]
            print(_compared(builds, {name: _size(one) for name, one in projects.items()}))


def _project(directory: Path, way: Way, notes: int) -> Path:
    project = directory / way.name.replace(" ", "-")
    vault.write(project / "docs", notes, way.dialect)
    configuration = {"site_name": "Benchmark", "theme": _THEME, **way.configuration}
    (project / "mkdocs.yml").write_text(json.dumps(configuration))
    return project


# ------------------------------------------------------------------ the whole site


def _round(projects: Mapping[str, Path]) -> Iterator[tuple[str, str, Cost]]:
    """Each way once cold and once more with nothing changed, side by side."""
    for project in projects.values():
        for made in ("site", ".provenote", ".cache"):
            shutil.rmtree(project / made, ignore_errors=True)
    for kind in ("cold", "warm"):
        for name, project in projects.items():
            print(f"{kind}: {name}", file=sys.stderr)
            command = (sys.executable, "-m", "mkdocs", "build", "--quiet")
            yield name, kind, measure.run(command, project, _ENVIRONMENT)


def _size(project: Path) -> float:
    files = (file for file in (project / "site").rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files) / 1e6


def _compared(builds: Sequence[tuple[str, str, Cost]], sizes: Mapping[str, float]) -> str:
    """Medians, and the ratios to ours of the same kind."""
    found = {
        (way.name, kind): medians(cost for *which, cost in builds if which == [way.name, kind])
        for kind in ("cold", "warm")
        for way in WAYS
    }
    rows = []
    for (name, kind), cost in found.items():
        ours = found[WAYS[0].name, kind]
        rows.append(
            (
                f"{name}, {kind}",
                *(f"{cost.cpu:.1f}", ratio(cost.cpu, ours.cpu)),
                *(f"{cost.wall:.1f}", ratio(cost.wall, ours.wall)),
                *(f"{cost.memory:.0f}", f"{sizes[name]:.1f}"),
            )
        )
    heading = ("mkdocs build", "CPU s", "", "wall s", "", "memory MB", "site MB")
    return table(heading, rows)


# -------------------------------------------------------------------- the core alone


def _core(project: Path, rounds: int) -> str:
    """From the directory to pages in memory, on one core, in a process of its own."""
    rows = []
    for kind in ("cold", "warm"):
        costs = []
        for _ in range(rounds):
            print(f"{kind}: core", file=sys.stderr)
            if kind == "cold":
                shutil.rmtree(project / ".provenote", ignore_errors=True)
            costs.append(_measured_core(project))
        cost = medians(costs)
        rows.append((kind, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}"))
    return table(("core alone, one core", "CPU s", "wall s", "memory MB"), rows)


def _measured_core(project: Path) -> Cost:
    command = [sys.executable, "-m", "benchmarks.site", "--in-process", str(project)]
    return Cost(*json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def _build_here(project: Path) -> Cost:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings, _ = read({}, project=project, vault=project / "docs")
    wall, cpu = perf_counter(), process_time()
    memo = Memo(settings.store_dir)
    site = build(settings, memo=memo)
    memo.close()
    seconds = Cost(perf_counter() - wall, process_time() - cpu, _peak_memory())
    assert not site.problems, site.problems[:3]  # a figure for a broken site is none
    return seconds


def _peak_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
