"""Polygons: they tile the box, carry the network's affine maps, and are as many as they must be."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnref.arrays import Array, Params
from nnref.differences import complex_step
from nnref.init import init_params
from nnref.mlp import forward, predict
from nnref.region_counts import central_regions, generic_regions, most_regions_at_most
from nnref.regions import Polygon, cell, patterns, polygons

often = settings(max_examples=20, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
hidden = st.lists(st.integers(1, 6), min_size=0, max_size=3)
FAR = ((-1e4, -1e4), (1e4, 1e4))


def network(sizes: tuple[int, ...], seed: int, bias: float = 1.0) -> Params:
    rng = np.random.default_rng(seed)
    he = init_params(sizes, "he", rng)
    return tuple((W, bias * rng.standard_normal(b.shape)) for W, b in he)


def _inside(polygon: Polygon, rng: np.random.Generator, m: int = 4) -> Array:
    """Points within: means of the corners with random weights."""
    weights = rng.dirichlet(np.ones(len(polygon.vertices)), m)
    inside: Array = weights @ polygon.vertices
    return inside


@often
@given(seeds, hidden)
def test_the_polygons_tile_the_box(seed: int, hidden: list[int]) -> None:
    found = polygons(network((2, *hidden, 1), seed), (-1.0, -2.0), (3.0, 1.0))
    assert sum(polygon.area for polygon in found) == pytest.approx(12, rel=1e-12)
    assert all(polygon.area > 0 for polygon in found)
    corners = np.concatenate([polygon.vertices for polygon in found])
    assert corners.min(axis=0) == pytest.approx([-1, -2])
    assert corners.max(axis=0) == pytest.approx([3, 1])


@often
@given(seeds, hidden)
def test_in_each_the_network_is_its_affine_map(seed: int, hidden: list[int]) -> None:
    params, rng = network((2, *hidden, 2), seed), np.random.default_rng(seed)
    for polygon in polygons(params):
        X, piece = _inside(polygon, rng), polygon.cell
        assert predict(params, X) == pytest.approx(X @ piece.A + piece.c, abs=1e-9)
        np.testing.assert_array_equal(patterns(params, X), np.tile(piece.pattern, (len(X), 1)))
        hidden_Z = forward(params, X)[1].pre_activations[:-1]
        Z = np.concatenate([np.zeros((len(X), 0)), *hidden_Z], axis=1)
        assert pytest.approx(X @ piece.G + piece.h, abs=1e-9) == Z


@often
@given(seeds)
def test_the_slope_of_a_cell_is_the_gradient_by_the_input(seed: int) -> None:
    params = network((2, 5, 4, 1), seed)
    for polygon in polygons(params):
        numeric = complex_step(lambda x: predict(params, x[None])[0, 0], polygon.centre)
        assert numeric == pytest.approx(polygon.cell.A[:, 0], rel=1e-12, abs=1e-13)


@often
@given(seeds)
def test_neighbours_agree_on_their_border(seed: int) -> None:
    """The network is continuous: at a shared corner all cells have one value."""
    found = polygons(network((2, 4, 4, 1), seed))
    for a, b in combinations(found, 2):
        gaps = np.abs(a.vertices[:, None] - b.vertices[None]).max(axis=2)  # (corners, corners)
        shared = a.vertices[(gaps < 1e-12).any(axis=1)]
        here, there = shared @ a.cell.A + a.cell.c, shared @ b.cell.A + b.cell.c
        assert here == pytest.approx(there, abs=1e-9)


@often
@given(seeds, hidden)
def test_corners_turn_left(seed: int, hidden: list[int]) -> None:
    """Counterclockwise and convex."""
    for polygon in polygons(network((2, *hidden, 1), seed)):
        edges = np.roll(polygon.vertices, -1, axis=0) - polygon.vertices
        ahead = np.roll(edges, -1, axis=0)
        turns = edges[:, 0] * ahead[:, 1] - edges[:, 1] * ahead[:, 0]
        assert turns.min() >= -1e-12


@pytest.mark.parametrize(("n", "count"), [(5, 16), (8, 37), (12, 79)])
def test_one_layer_has_the_number_of_zaslavsky(n: int, count: int) -> None:
    for seed in range(3):
        assert len(polygons(network((2, n, 1), seed), *FAR)) == count == generic_regions(n, 2)


@pytest.mark.parametrize(("n", "count"), [(5, 10), (8, 16)])
def test_without_biases_the_number_of_cover(n: int, count: int) -> None:
    for seed in range(3):
        found = polygons(network((2, n, 1), seed, bias=0.0))
        assert len(found) == count == central_regions(n, 2)


def test_sampling_sees_only_some_and_the_bound_is_far() -> None:
    params = network((2, 8, 8, 8, 1), 1, bias=0.3)
    found = {tuple(polygon.cell.pattern) for polygon in polygons(params)}
    side = np.linspace(-1, 1, 100)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    seen = {tuple(pattern) for pattern in patterns(params, grid)}
    assert seen < found
    assert len(found) < most_regions_at_most(2, (8, 8, 8)) / 100


def test_the_largest_value_is_at_a_corner() -> None:
    params = network((2, 6, 6, 1), 4)
    best = max((piece.vertices @ piece.cell.A + piece.cell.c).max() for piece in polygons(params))
    X = np.random.default_rng(0).uniform(-1, 1, (20_000, 2))
    highest = predict(params, X).max()
    assert highest <= best + 1e-12
    assert highest == pytest.approx(best, abs=0.1)


def test_absolute_value_of_a_sum_by_hand() -> None:
    """|x + y| has two cells, parted by the falling diagonal."""
    both = np.array([[1.0, -1.0], [1.0, -1.0]])
    params = ((both, np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    first, second = polygons(params)
    assert first.area == second.area == 2
    assert first.cell.A[:, 0].tolist() == [1, 1]
    assert second.cell.A[:, 0].tolist() == [-1, -1]
    assert first.centre @ [1, 1] > 0 > second.centre @ [1, 1]


def test_a_pattern_no_point_has_is_a_map_all_the_same() -> None:
    params = network((2, 3, 1), 0)
    off = cell(params, np.zeros(3, dtype=bool))
    assert not off.A.any()
    assert off.c == params[-1][1]


def test_a_unit_at_exactly_zero_is_off() -> None:
    params = ((np.array([[1.0, -1.0], [0.0, 0.0]]), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    X = np.array([[0.0, 5.0], [1.0, 0.0], [-1.0, 0.0]])
    assert patterns(params, X).tolist() == [[False, False], [True, False], [False, True]]
