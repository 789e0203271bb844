"""Bugs planted in ReLU geometry and in counting, each killed by the proofs named."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnref import region_counts, regions
from nnref.arrays import Array, Params
from nnref.region_counts import central_regions, generic_regions
from nnref.regions import Cell

AREA = "polygons: areas add up to the box"
MAP = "polygons: their affine maps are the network, up to the corners"
PATTERN = "polygons: patterns are the network's at their centres"
COUNT = "polygons of one layer: as many as Zaslavsky and Cover say"
RECURSION = "region counts: one more plane adds the parts of its section"

_cell, _clip, _cut, _cut_all = regions.cell, regions._clip, regions._cut, regions._cut_all


def _crossing(share: Callable[[float, float], float], keep_all: bool = False) -> Any:
    """`_clip` with another place between two corners, or with all of them kept."""

    def mutant(vertices: Array, z: Array) -> Array:
        kept: list[Array] = []
        for k in range(len(vertices)):
            v, w, here, there = vertices[k - 1], vertices[k], z[k - 1], z[k]
            if keep_all or here >= 0:
                kept.append(v)
            if here * there < 0:
                kept.append(v + share(here, there) * (w - v))
        return np.array(kept)

    return mutant


def test_the_right_crossing_is_not_killed(kill: Callable[..., None]) -> None:
    """The frame of the mutants below is sound: with the right share nothing falls."""
    with pytest.raises(AssertionError):
        kill(_clip, _crossing(lambda a, b: a / (a - b)), (AREA,))


CLIP: dict[str, tuple[Any, tuple[str, ...]]] = {
    "crossing half-way": (_crossing(lambda a, b: 0.5), (MAP,)),
    "crossing from the other end": (_crossing(lambda a, b: b / (b - a)), (MAP,)),
    "nothing cut off": (_crossing(lambda a, b: a / (a - b), keep_all=True), (AREA, MAP)),
}


@pytest.mark.parametrize("bug", CLIP)
def test_a_wrong_cut_is_killed(bug: str, kill: Callable[..., None]) -> None:
    mutant, claims = CLIP[bug]
    kill(_clip, mutant, claims)


def test_half_a_polygon_lost_is_killed(kill: Callable[..., None]) -> None:
    def mutant(vertices: Array, g: Array, h: float) -> Iterator[Array]:
        yield next(_cut(vertices, g, h))

    kill(_cut, mutant, (AREA, COUNT))


def test_a_unit_that_does_not_cut_is_killed(kill: Callable[..., None]) -> None:
    def mutant(vertices: Array, G: Array, h: Array) -> list[Array]:
        return _cut_all(vertices, G[:, :-1], h[:-1])

    kill(_cut_all, mutant, (MAP, COUNT))


def test_lines_through_the_origin_are_killed(kill: Callable[..., None]) -> None:
    """The bias forgotten."""

    def mutant(vertices: Array, G: Array, h: Array) -> list[Array]:
        return _cut_all(vertices, G, 0 * h)

    kill(_cut_all, mutant, (MAP, COUNT))


def _biases_after_relu(params: Params, pattern: Array) -> Cell:
    """h = relu(x W) + b in the hidden layers: units that are off keep their bias."""
    right = _cell(params, pattern)
    (_, b), *_ = params
    on = pattern[: len(b)]
    return Cell(pattern, right.G, right.h, right.A, right.c + float((b * ~on).sum()))


CELL: dict[str, tuple[Callable[[Params, Array], Cell], tuple[str, ...]]] = {
    "off units keep their bias": (_biases_after_relu, (MAP,)),
    "on and off exchanged": (lambda params, pattern: _cell(params, ~pattern), (MAP, PATTERN)),
    "layers exchanged": (lambda params, pattern: _cell(params, pattern[::-1]), (MAP, PATTERN)),
    "all units on": (lambda params, pattern: _cell(params, pattern | True), (MAP, PATTERN)),
}


@pytest.mark.parametrize("bug", CELL)
def test_a_wrong_affine_map_is_killed(bug: str, kill: Callable[..., None]) -> None:
    mutant, claims = CELL[bug]
    kill(_cell, mutant, claims)


COUNTS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "Zaslavsky's sum one term short": (
        generic_regions,
        lambda n, d: generic_regions(n, d - 1) if d > 1 else 1,
        (COUNT,),
    ),
    "a plane too many": (generic_regions, lambda n, d: generic_regions(n + 1, d), (COUNT,)),
    "2^n for every layer": (generic_regions, lambda n, d: 2**n, (COUNT,)),
    "one part per plane and dimension": (
        generic_regions,
        lambda n, d: n * d + 1,
        (COUNT, RECURSION),
    ),
    "Cover's count without the two": (
        central_regions,
        lambda n, d: central_regions(n, d) // 2,
        (COUNT,),
    ),
    "Cover's count of generic planes": (central_regions, generic_regions, (COUNT,)),
}


@pytest.mark.parametrize("bug", COUNTS)
def test_a_wrong_count_is_killed(bug: str, kill: Callable[..., None]) -> None:
    original, mutant, claims = COUNTS[bug]
    assert getattr(region_counts, original.__name__) is original
    kill(original, mutant, claims)
