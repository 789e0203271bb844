"""Cells in any dimension by linear programs: the theory's numbers, the polygons, the maximum."""

import sys

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from nnref.arrays import Array, Params
from nnref.init import init_params
from nnref.mlp import predict
from nnref.region_counts import central_regions, generic_regions
from nnref.region_search import cells, maximum
from nnref.regions import Cell, patterns, polygons


def _network(sizes: tuple[int, ...], seed: int, bias: float = 1.0) -> Params:
    rng = np.random.default_rng(seed)
    he = init_params(sizes, "he", rng)
    return tuple((W, bias * rng.standard_normal(b.shape)) for W, b in he)


def _patterns(found: tuple[Cell, ...]) -> set[tuple[bool, ...]]:
    assert len({tuple(piece.pattern) for piece in found}) == len(found)
    return {tuple(piece.pattern.tolist()) for piece in found}


@pytest.mark.parametrize(
    ("d", "n", "count"), [(1, 6, 7), (2, 5, 16), (2, 8, 37), (3, 6, 42), (3, 8, 93), (4, 7, 99)]
)
def test_one_layer_has_the_number_of_zaslavsky(d: int, n: int, count: int) -> None:
    assert len(cells(_network((d, n, 1), 0))) == count == generic_regions(n, d)


@pytest.mark.parametrize(("d", "n", "count"), [(1, 5, 2), (2, 5, 10), (3, 6, 32)])
def test_without_biases_the_number_of_cover(d: int, n: int, count: int) -> None:
    assert len(cells(_network((d, n, 1), 0, bias=0.0))) == count == central_regions(n, d)


@pytest.mark.parametrize(("hidden", "seed"), [((6, 6), 0), ((4, 4, 4), 1)])
def test_in_the_plane_they_are_the_polygons(hidden: tuple[int, ...], seed: int) -> None:
    params = _network((2, *hidden, 1), seed, bias=0.3)
    by_cutting = tuple(polygon.cell for polygon in polygons(params))
    assert len(by_cutting) > 20
    assert _patterns(cells(params, -1.0, 1.0)) == _patterns(by_cutting)


def test_sampling_finds_some_of_them_and_no_others() -> None:
    params = _network((3, 5, 4, 1), 0, bias=0.5)
    found = _patterns(cells(params, -1.0, 1.0))
    X = np.random.default_rng(0).uniform(-1, 1, (500, 3))
    seen = {tuple(pattern) for pattern in patterns(params, X).tolist()}
    assert seen < found


def test_a_dead_unit_cuts_nothing() -> None:
    (W1, b1), last = _network((2, 3, 1), 0)
    W1 = W1 * [1.0, 0.0, 1.0]
    for bias, on in ((-1.0, False), (0.0, False), (1.0, True)):
        found = cells(((W1, np.where([False, True, False], bias, b1)), last))
        assert len(found) == generic_regions(2, 2)
        assert {bool(piece.pattern[1]) for piece in found} == {on}


def _by_integer_program(params: Params, low: float, high: float) -> float:
    """The maximum of a network with one hidden layer as one mixed-integer program: a = relu(z).

    With |z| <= M: a >= z, a >= 0, a <= z + M (1 - on), a <= M on. Variables: x, a, on.
    """
    (W, b), (V, c) = params
    n_0, n = W.shape
    M = float(np.abs(W).sum(axis=0).max() * max(abs(low), abs(high)) + np.abs(b).max())
    one, none = np.eye(n), np.zeros((n, n))
    rows = [
        (np.hstack([-W.T, one, none]), b, np.inf),
        (np.hstack([-W.T, one, M * one]), -np.inf, b + M),
        (np.hstack([np.zeros((n, n_0)), one, -M * one]), -np.inf, 0.0),
    ]
    found = milp(
        -np.concatenate([np.zeros(n_0), V[:, 0], np.zeros(n)]),
        constraints=[LinearConstraint(*row) for row in rows],
        bounds=Bounds(
            np.concatenate([np.full(n_0, low), np.zeros(2 * n)]),
            np.concatenate([np.full(n_0, high), np.full(n, M), np.ones(n)]),
        ),
        integrality=np.concatenate([np.zeros(n_0 + n), np.ones(n)]),
    )
    return float(c[0] - found.fun)


@pytest.mark.parametrize("seed", range(3))
def test_the_maximum_is_that_of_an_integer_program(seed: int) -> None:
    params = _network((3, 5, 1), seed)
    x, value = maximum(params, -1.0, 1.0)
    assert value == pytest.approx(_by_integer_program(params, -1.0, 1.0), abs=1e-9)
    assert predict(params, x[None])[0, 0] == pytest.approx(value, abs=1e-9)
    assert np.abs(x).max() <= 1 + 1e-9


def test_the_maximum_in_the_plane_is_the_best_corner_of_a_polygon() -> None:
    params = _network((2, 6, 5, 1), 7, bias=0.3)
    low, high = (-1.0, -0.5), (0.5, 2.0)

    def best(vertices: Array, piece: Cell) -> float:
        return float((vertices @ piece.A + piece.c).max())

    corners = [best(polygon.vertices, polygon.cell) for polygon in polygons(params, low, high)]
    assert maximum(params, low, high)[1] == pytest.approx(max(corners), abs=1e-9)


def test_without_scipy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ImportError, match=r'^region_search needs SciPy: pip install "provenote'):
        cells(_network((2, 3, 1), 0))
