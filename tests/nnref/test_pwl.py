"""Piecewise linear functions: evaluated, turned into networks, and found again exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnref.arrays import Params
from nnref.init import init_params
from nnref.mlp import predict
from nnref.pwl import PWL, net_to_pwl, pwl_to_net

HAT = PWL(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]), 0.0, 0.0)


def test_between_and_beyond_the_knots() -> None:
    f = PWL(np.array([0.0, 1.0]), np.array([1.0, 3.0]), -1.0, 0.5)
    assert f(np.array([-2.0, 0.0, 0.5, 1.0, 3.0])).tolist() == [3.0, 1.0, 2.0, 3.0, 4.0]
    assert f.slopes.tolist() == [-1.0, 2.0, 0.5]
    assert f(np.zeros((2, 3))).shape == (2, 3)


def test_the_absolute_value_is_two_units() -> None:
    params = pwl_to_net(PWL(np.zeros(1), np.zeros(1), -1.0, 1.0))
    assert params[0][0].shape == (1, 2)
    assert predict(params, np.array([[-3.0], [0.0], [2.0]])).tolist() == [[3.0], [0.0], [2.0]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_function_to_network_and_back(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    knots = np.cumsum(rng.uniform(0.1, 1.0, k)) - 2
    f = PWL(knots, rng.standard_normal(k), *rng.standard_normal(2))
    x = np.linspace(-5, 12, 301)
    network = pwl_to_net(f)
    assert predict(network, x[:, None])[:, 0] == pytest.approx(f(x), abs=1e-10)
    again = net_to_pwl(network, -5.0, 12.0)
    assert again.knots[1:-1] == pytest.approx(knots, abs=1e-12)
    assert again(x) == pytest.approx(f(x), abs=1e-10)
    assert again.slopes[1:-1] == pytest.approx(f.slopes, abs=1e-9)


def _random_network(sizes: tuple[int, ...], seed: int) -> Params:
    rng = np.random.default_rng(seed)
    he = init_params(sizes, "he", rng)
    return tuple((W, rng.standard_normal(b.shape)) for W, b in he)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=0, max_size=4))
def test_a_network_is_its_pieces(seed: int, hidden: list[int]) -> None:
    params = _random_network((1, *hidden, 1), seed)
    f = net_to_pwl(params, -3.0, 3.0)
    x = np.sort(np.concatenate([f.knots, np.linspace(-3, 3, 501)]))
    assert f(x) == pytest.approx(predict(params, x[:, None])[:, 0], rel=1e-9, abs=1e-9)


def test_no_breakpoint_is_missed_or_made_up() -> None:
    """On a fine grid, second differences are zero exactly where no knot is near."""
    params = _random_network((1, 6, 6, 1), 3)
    f = net_to_pwl(params, -3.0, 3.0)
    grid = np.linspace(-3, 3, 20_001)
    bends = np.abs(np.diff(predict(params, grid[:, None])[:, 0], 2)) > 1e-9
    real = f.knots[1:-1][np.abs(np.diff(f.slopes[1:-1])) > 1e-3]
    knots_below = np.searchsorted(f.knots[1:-1], grid)
    assert not bends[knots_below[:-2] == knots_below[2:]].any()
    cells = np.searchsorted(grid, real)
    assert len(real) >= 6
    assert (bends[cells - 2] | bends[cells - 1]).all()


@pytest.mark.parametrize("k", range(1, 9))
def test_the_composed_tent_has_two_to_the_k_pieces_from_two_k_units(k: int) -> None:
    """Depth pays: relu(2x) - relu(4x - 2) folds [0, 1] in half, k times."""
    fold = np.array([[2.0], [-4.0]])
    first = (np.array([[1.0, 1.0]]), np.array([0.0, -0.5]))
    between = (fold @ np.array([[1.0, 1.0]]), np.array([0.0, -0.5]))
    params = (first, *[between] * (k - 1), (fold, np.zeros(1)))
    f = net_to_pwl(params, 0.0, 1.0)
    assert len(f.knots) - 1 == 2**k
    assert f.knots == pytest.approx(np.arange(2**k + 1) / 2**k, abs=1e-12)
    assert f.values == pytest.approx(np.arange(2**k + 1) % 2, abs=1e-12)


def test_one_layer_has_a_breakpoint_per_unit_and_deep_ones_hardly_more() -> None:
    """Random networks are far below the bounds: about one region per unit at any depth."""
    wide = [len(net_to_pwl(_random_network((1, 64, 1), s), -1e3, 1e3).knots) - 1 for s in range(20)]
    assert np.mean(wide) == pytest.approx(65, abs=0.5)
    deep = [
        len(net_to_pwl(_random_network((1, 16, 16, 16, 16, 1), s), -1e3, 1e3).knots) - 1
        for s in range(40)
    ]
    assert np.mean(deep) / 64 == pytest.approx(1, abs=0.25)
