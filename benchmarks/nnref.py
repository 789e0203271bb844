"""A training step of nnref beside its matrix products alone, PyTorch and JAX.

`python benchmarks/nnref.py` prints, for each network and batch size, the least and the median time
of a step with Adam in float32 on one thread, and the ratio to the products. Every backend is a
process of its own, all pinned to one core; they take their steps in turns, a few at a time, so
that what else the machine does meets them all. The others live in a virtual environment of their
own, made the first time.
"""

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.rivals import HOME
from benchmarks.table import table

_ROOT = Path(__file__).parent.parent
_HOME = HOME.with_name(f"{HOME.name}-nnref")
_PACKAGES = ("numpy", "torch==2.13.0", "jax", "jaxlib")
_OURS = ("products alone", "nnref's Adam alone", "nnref.fast", "nnref, readable")
_OTHERS = ("torch eager", "torch fused Adam", "torch.compile", "JAX jit")
_CASES = {"batch 64": 60, "batch 512": 10, "tiny": 300}
"""The networks of `benchmarks.steps`, and how many steps make a turn."""
_ONE_THREAD = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}
_CLOSE = {"first": 1e-5, "last": 1e-2}
"""The relative difference that float32 may make to the first loss and to that after 50 steps."""


@dataclass
class Backend:
    """A process that is ready to take steps."""

    name: str
    process: "subprocess.Popen[str]"
    times: list[float] = field(default_factory=list)
    memory: float = 0.0
    """Megabytes at most, less those of Python with NumPy and nnref."""

    def ask(self, line: str = "") -> dict[str, Any]:
        """Send a line, if any, and wait for the answer."""
        assert self.process.stdin
        assert self.process.stdout
        if line:
            print(line, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended with code {self.process.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def take(self, steps: int) -> None:
        """One turn."""
        answer = self.ask(str(steps))
        self.times += answer["times"]
        self.memory = answer["memory"] - answer["before"]


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="turns of each backend (40)")
    parser.add_argument("--alone", action="store_true", help="without PyTorch and JAX")
    options = parser.parse_args(arguments)
    if not options.alone:
        _install()
    print(f"Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}, {options.rounds} turns")
    for case, steps in _CASES.items():
        names = _OURS if options.alone else (*_OURS, *_OTHERS)
        print(f"\n{case}:\n\n{_report(case, names, steps, options.rounds)}", flush=True)


def _install() -> None:
    if not (_HOME / "ready").exists():
        print(f"installing PyTorch and JAX in {_HOME}", file=sys.stderr)
        venv.create(_HOME, clear=True, with_pip=True)
        pip = (str(_HOME / "bin/python"), "-m", "pip", "install", "--quiet", *_PACKAGES)
        subprocess.run(pip, check=True)
        (_HOME / "ready").touch()


def _report(case: str, names: Sequence[str], steps: int, rounds: int) -> str:
    """Start the backends, let them take turns, and compare."""
    backends = [_started(name, case) for name in names]
    try:
        _require_agreement(backends)
        for _ in range(rounds):
            for backend in backends:
                backend.take(steps)
    finally:
        for backend in backends:
            backend.process.terminate()
            backend.process.communicate()
    return _compared(backends)


def _started(name: str, case: str) -> Backend:
    python = sys.executable if name in _OURS else str(_HOME / "bin/python")
    process = subprocess.Popen(
        (python, "-m", "benchmarks.steps", name, case),
        cwd=_ROOT,
        env={**os.environ, **_ONE_THREAD},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Backend(name, process)


def _require_agreement(backends: Sequence[Backend]) -> None:
    """Wait until all are ready; all must have computed one loss, before and after 50 steps."""
    losses = {b.name: b.ask() for b in backends}
    ours = losses["nnref, readable"]
    for name, loss in losses.items():
        for when, value in loss.items():
            if abs(value - ours[when]) > _CLOSE[when] * abs(ours[when]):
                raise RuntimeError(f"{name}: {when} loss is {value}, of ours {ours[when]}")


def _compared(backends: Sequence[Backend]) -> str:
    least = {backend.name: min(backend.times) for backend in backends}
    floor, fast = least["products alone"], least["nnref.fast"]
    return table(
        ("µs a step", "min", "median", "min / products", "min / nnref.fast", "memory, MB"),
        [
            (
                backend.name,
                f"{min(backend.times):.0f}",
                f"{median(backend.times):.0f}",
                f"{min(backend.times) / floor:.2f}",
                f"{min(backend.times) / fast:.2f}",
                f"{backend.memory:.0f}",
            )
            for backend in backends
        ],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
