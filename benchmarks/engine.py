"""The same running notes built by Provenote and by others: `python benchmarks/engine.py`.

Prints what each step costs, how many notes ran again, and whether the pages that
depend on an edit show its result; then what the engine costs by itself.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import sleep

from benchmarks import alone, measure, rivals, workload
from benchmarks.measure import BuildError, Cost
from benchmarks.table import ratio, table
from benchmarks.tools import TOOLS, Tool
from benchmarks.workload import Step

_MARK = re.compile(r"mark (\d+) number (\d+)")
_A_SECOND = 1.1
"""Bytecode goes by whole seconds: an edit within one would be no fair test of a tool."""


@dataclass(frozen=True)
class Build:
    """What one build by one tool came to."""

    tool: str
    step: Step
    cost: Cost
    ran: int
    """How many notes show the output of a run that no build before has shown."""
    wrong: int
    """How many of all pages show a number that is stale, or none at all."""


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Provenote beside other tools that run notes.")
    parser.add_argument("--quick", action="store_true", help="one round, and fewer notes alone")
    parser.add_argument("--alone", action="store_true", help="only the engine, without the others")
    options = parser.parse_args(arguments)
    rounds = 1 if options.quick else 3
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds")
    if not options.alone:
        rivals.install()
        print(f"{rivals.versions()}\n\n{workload.NOTES} notes, {workload.count()} snippets:\n")
        builds = [build for _ in range(rounds) for build in _round()]
        print(_costs(builds, "CPU s", lambda cost: cost.cpu), end="\n\n")
        print(_costs(builds, "wall s", lambda cost: cost.wall), end="\n\n")
        print(_correctness(builds), end="\n\n")
    print(alone.report(rounds=2 * rounds - 1, many=200 if options.quick else 1000))


def _round() -> Iterable[Build]:
    """All steps once; within a step the tools follow one another, under much the same load.

    A tool that fails is out for this round: its table then has fewer figures behind it.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        tools = [tool(Path(directory)) for tool in TOOLS]
        marks: dict[str, set[str]] = {tool.name: set() for tool in tools}
        for step in workload.steps():
            sleep(_A_SECOND)
            for tool in tools:
                tool.write(step.numbers)
            for tool in tools:
                print(f"{step.name}: {tool.name}", file=sys.stderr)
                try:
                    cost = measure.run(tool.command, tool.directory, tool.environment)
                except BuildError as error:
                    print(error, file=sys.stderr)
                    tools = [other for other in tools if other is not tool]
                    continue
                shown = _shown(tool)
                yield _judged(tool.name, step, cost, shown, marks[tool.name])
                marks[tool.name].update(mark for mark, _ in shown.values())


def _shown(tool: Tool) -> dict[int, tuple[str, int]]:
    """The mark and the number on each page."""
    found = {note: _MARK.search(tool.html(note)) for note in range(workload.NOTES)}
    return {note: (match[1], int(match[2])) for note, match in found.items() if match}


def _judged(
    tool: str,
    step: Step,
    cost: Cost,
    shown: Mapping[int, tuple[str, int]],
    known: Collection[str],
) -> Build:
    right = {note for note, (_, number) in shown.items() if number == step.numbers.of(note)}
    return Build(
        tool=tool,
        step=step,
        cost=cost,
        ran=sum(mark not in known for mark, _ in shown.values()),
        wrong=workload.NOTES - len(right),
    )


def _costs(builds: Sequence[Build], unit: str, of: Callable[[Cost], float]) -> str:
    """A table of medians, with the ratios to ours."""
    names = [tool.name for tool in TOOLS]
    rows = []
    for step in workload.steps():
        every = [[of(build.cost) for build in _all(builds, name, step)] for name in names]
        ours, *others = (median(values) if values else None for values in every)
        rows.append((step.name, *(_beside(value, ours) for value in (ours, *others))))
    return table((unit, *names), rows)


def _beside(value: float | None, ours: float | None) -> str:
    """A figure and how many times ours it is; a dash if there is none."""
    if value is None or ours is None:
        return "–"
    return f"{value:.2f} {ratio(value, ours):>6}"


def _correctness(builds: Sequence[Build]) -> str:
    """What ran again and what was right; rounds that differ are all shown."""
    names = [tool.name for tool in TOOLS]
    rows = []
    for step in workload.steps():
        cells = [_verdicts(_all(builds, name, step)) for name in names]
        rows.append((f"{step.name}: {len(step.affected)}", *cells))
    return table(("step: notes to run", *names), rows)


def _verdicts(builds: Iterable[Build]) -> str:
    said = (f"{b.ran}, {b.wrong} stale" if b.wrong else f"{b.ran}, all right" for b in builds)
    return "; ".join(dict.fromkeys(said)) or "failed"


def _all(builds: Iterable[Build], tool: str, step: Step) -> list[Build]:
    return [build for build in builds if (build.tool, build.step) == (tool, step)]


if __name__ == "__main__":
    main(sys.argv[1:])
