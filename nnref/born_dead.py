"""How often a ReLU network is constant before its first step, in theory and by experiment.

L layers are L - 1 hidden ones of N units and a linear output; one input, no biases, symmetric
weights. Such a network is decided by x = 1 and x = -1: relu(c z) = c relu(z) for c > 0.
"""

import math
from dataclasses import dataclass

import numpy as np

from nnref.arrays import require_count, require_generator


@dataclass(frozen=True)
class Share:
    """A probability estimated by counting."""

    value: float
    """Hits divided by runs."""
    low: float
    """Lower end of the 95% interval."""
    high: float
    """Upper end of the 95% interval."""
    runs: int
    """How many independent trials were counted."""


def born_dead_bounds(width: int, depth: int) -> tuple[float, float]:
    """Bounds on the probability that the network is constant.

    The upper one is the probability that some layer is all off at x = 1, where each unit is off
    with probability 1/2: in a constant network one is. The lower one takes the images of 1
    and -1 in every layer as orthogonal, when they are least often lost together; that leaves a
    chain of three states (both alive, one alive, dead) that can be solved. Exact up to L = 3.

    Shapes:  width, depth  ->  lower (), upper ()
    Raises:  TypeError unless integers; ValueError unless width >= 1 and depth >= 2.
    Source:  Lu, Shin, Su and Karniadakis, arXiv:1903.06733; the lower bound derived anew.

    >>> born_dead_bounds(2, 3)
    (0.15625, 0.4375)
    """
    _require("born_dead_bounds", width, depth)
    N, hidden = width, depth - 1
    stays = 1 - 2.0**-N  # one image stays alive
    both = 1 - 2.0 ** (1 - N) - (N - 1) * 4.0**-N  # two orthogonal images stay apart
    share = (1 - 2.0 ** (1 - N)) * stays / (1 + (N - 1) * 2.0**-N)
    lower = 1 - stays ** (hidden - 1) - share * (stays ** (hidden - 1) - both ** (hidden - 1))
    return max(lower, 0.0), 1 - stays**hidden


def born_dead_share(
    width: int, depth: int, rng: np.random.Generator, *, runs: int = 10_000
) -> Share:
    """The probability by experiment: networks drawn at random, counted when a layer is all off.

    Shapes:  width, depth, rng  ->  share
    Raises:  TypeError unless integers and rng a generator; ValueError unless width, runs >= 1 and
             depth >= 2.
    Source:  interval: Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212.
    """
    _require("born_dead_share", width, depth)
    require_generator("born_dead_share", rng)
    require_count("born_dead_share", "runs", runs, 1)
    A = np.tile([[1.0], [-1.0]], (runs, 1, 1))  # (runs, 2, 1): the inputs 1 and -1
    for _ in range(depth - 1):
        W = rng.standard_normal((runs, A.shape[2], width))  # its scale decides nothing
        A = np.maximum(A @ W, 0)  # (runs, 2, N)
        A /= np.maximum(A.max(axis=(1, 2), keepdims=True), np.finfo(float).tiny)
    dead = int((A.max(axis=(1, 2)) == 0).sum())
    return _wilson(dead, runs)


def _wilson(hits: int, runs: int, z: float = 1.959964) -> Share:
    """The interval that keeps its promise near 0 and 1, where hits +- z sigma does not."""
    p, weight = hits / runs, z * z / runs
    centre = (p + weight / 2) / (1 + weight)
    half = z * math.sqrt(p * (1 - p) / runs + weight / (4 * runs)) / (1 + weight)
    return Share(p, min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half)), runs)


def _require(where: str, width: int, depth: int) -> None:
    require_count(where, "width", width, 1)
    require_count(where, "depth", depth, 2)
