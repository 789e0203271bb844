"""Whether work grows in proportion to what there is to do: a bound on growth, not on time."""

import time
from collections.abc import Callable

FEW, MANY = 1_000, 8_000
"""Eight times as much: linear work takes eight times as long, quadratic 64 times."""
AT_MOST = 25
_NOTICED = 0.02
"""Seconds below which a measurement says nothing."""


def grows_linearly(work: Callable[[int], object]) -> bool:
    """Measure processor time, the least of several: other processes only ever add to it."""
    work(10)
    few = max(_NOTICED, min(_seconds(work, FEW) for _ in range(3)))
    return any(_seconds(work, MANY) < AT_MOST * few for _ in range(2))


def _seconds(work: Callable[[int], object], count: int) -> float:
    start = time.process_time()
    work(count)
    return time.process_time() - start
