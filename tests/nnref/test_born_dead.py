"""Networks that are constant at birth: bounds, experiment and exact cases agree."""

import math
from itertools import pairwise

import numpy as np
import pytest

from nnref.born_dead import born_dead_bounds, born_dead_share
from nnref.dying import dead_units
from nnref.init import init_params


@pytest.mark.parametrize(
    ("width", "depth", "lower", "upper"),
    [
        (2, 3, 0.1562, 0.4375),
        (2, 20, 0.9927, 0.9958),
        (3, 10, 0.5134, 0.6993),
        (5, 50, 0.6361, 0.7890),
        (10, 20, 0.0003, 0.0184),
    ],
)
def test_bounds(width: int, depth: int, lower: float, upper: float) -> None:
    assert born_dead_bounds(width, depth) == pytest.approx((lower, upper), abs=6e-5)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("depth", [2, 3, 5, 12])
def test_the_experiment_lies_between_the_bounds(width: int, depth: int) -> None:
    lower, upper = born_dead_bounds(width, depth)
    share = born_dead_share(width, depth, np.random.default_rng(width * 100 + depth), runs=4000)
    slack = 4 * math.sqrt(max(upper * (1 - upper), 1e-3) / share.runs)
    assert lower - slack <= share.value <= upper + slack
    assert share.low <= share.value <= share.high


def test_the_lower_bound_is_exact_for_three_layers() -> None:
    share = born_dead_share(2, 3, np.random.default_rng(0), runs=40_000)
    assert abs(share.value - 5 / 32) <= 4 * math.sqrt(5 / 32 * 27 / 32 / share.runs)


def test_one_hidden_layer_is_never_constant_and_width_one_soon_is() -> None:
    """relu(w) and relu(-w) cannot both vanish; with one unit each layer halves the chance."""
    assert born_dead_share(3, 2, np.random.default_rng(0), runs=500).value == 0
    assert born_dead_bounds(1, 5) == pytest.approx((1 - 1 / 8, 1 - 1 / 16))


def test_deeper_is_deader_and_wider_is_more_alive() -> None:
    lower_by_depth = [born_dead_bounds(3, depth)[0] for depth in range(2, 40)]
    upper_by_width = [born_dead_bounds(width, 10)[1] for width in range(1, 20)]
    assert all(a < b for a, b in pairwise(lower_by_depth))
    assert all(a > b for a, b in pairwise(upper_by_width))


def test_counting_dead_layers_of_drawn_networks_gives_the_same() -> None:
    X, runs = np.array([[1.0], [-1.0]]), 1000
    networks = (
        init_params((1, 3, 3, 3, 3, 1), "he", np.random.default_rng(s)) for s in range(runs)
    )
    dead = sum(any(mask.all() for mask in dead_units(p, X)) for p in networks) / runs
    share = born_dead_share(3, 5, np.random.default_rng(0), runs=20_000)
    assert abs(dead - share.value) <= 4 * math.sqrt(share.value * (1 - share.value) / runs)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    truth = 5 / 32  # width 2, three layers
    shares = [born_dead_share(2, 3, np.random.default_rng(s), runs=200) for s in range(300)]
    assert 0.91 <= np.mean([share.low <= truth <= share.high for share in shares]) <= 0.99
