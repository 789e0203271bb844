"""What a command costs: time by the clock, time of all its processes, memory."""

import ctypes
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What one run of a command took."""

    wall: float
    """Seconds by the clock: on a loaded machine, also those of others."""
    cpu: float
    """Seconds that its processes computed, children of children included."""
    memory: float
    """Megabytes that its largest process held at most."""


class BuildError(Exception):
    """A command that was to be measured did not do its work."""


def run(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end, and what it left running, too."""
    _adopt()
    log = directory / "log.txt"
    started = monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=directory,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime + _left_behind()
    if process.returncode:
        raise BuildError(f"{' '.join(command)}\n{log.read_text(errors='replace')[-3000:]}")
    return Cost(wall, cpu, usage.ru_maxrss / 1024)


def _adopt() -> None:
    """Become the parent of processes whose own has gone, so that their time is seen."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _left_behind() -> float:
    """Wait for what a command did not wait for; its CPU seconds."""
    seconds = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds
        seconds += usage.ru_utime + usage.ru_stime


def medians(costs: Iterable[Cost]) -> Cost:
    """The median of each kind of cost by itself."""
    every = list(costs)
    return Cost(
        median(cost.wall for cost in every),
        median(cost.cpu for cost in every),
        median(cost.memory for cost in every),
    )
