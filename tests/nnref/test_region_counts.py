"""Counting formulas: known numbers, and what real networks have."""

import itertools
from math import comb

import numpy as np
import pytest

from nnref.arrays import Params
from nnref.init import init_params
from nnref.pwl import net_to_pwl
from nnref.region_counts import (
    central_regions,
    generic_regions,
    most_regions_at_least,
    most_regions_at_most,
)


@pytest.mark.parametrize(
    ("d", "n", "count"),
    [(1, 6, 7), (2, 5, 16), (2, 8, 37), (2, 12, 79), (3, 6, 42), (3, 8, 93), (4, 7, 99)],
)
def test_parts_by_hyperplanes_in_general_position(d: int, n: int, count: int) -> None:
    assert generic_regions(n, d) == count


@pytest.mark.parametrize(
    ("d", "n", "count"), [(1, 9, 2), (2, 5, 10), (2, 8, 16), (3, 6, 32), (3, 8, 58)]
)
def test_parts_by_hyperplanes_through_one_point(d: int, n: int, count: int) -> None:
    assert central_regions(n, d) == count


@pytest.mark.parametrize("d", range(1, 6))
def test_one_more_hyperplane_adds_the_parts_of_its_own_section(d: int) -> None:
    """The recursion that proves both formulas: R(n + 1, d) = R(n, d) + R(n, d - 1)."""
    for n in range(1, 10):
        below = generic_regions(n, d - 1) if d > 1 else 1
        assert generic_regions(n + 1, d) == generic_regions(n, d) + below
        below = central_regions(n, d - 1) if d > 1 else 0
        assert central_regions(n + 1, d) == central_regions(n, d) + below
        assert central_regions(n, d) == 2 * (generic_regions(n - 1, d - 1) if d > 1 else 1)


def test_as_many_dimensions_as_planes_give_every_pattern() -> None:
    for n in range(1, 8):
        assert generic_regions(n, n) == generic_regions(n, n + 3) == 2**n
        assert central_regions(n, n) == 2**n


def test_without_planes_there_is_one_part() -> None:
    assert generic_regions(0, 3) == central_regions(0, 3) == 1


@pytest.mark.parametrize(
    ("n_0", "widths", "count"),
    [
        (2, (3, 3), 40),
        (1, (2, 2), 9),
        (2, (4, 4, 4), 1331),
        (2, (8,) * 3, 50_653),
        (1, (8,) * 8, 9**8),
    ],
)
def test_no_weights_exceed(n_0: int, widths: tuple[int, ...], count: int) -> None:
    assert most_regions_at_most(n_0, widths) == count


@pytest.mark.parametrize(("n_0", "widths"), [(1, (2, 3)), (2, (3, 3)), (3, (2, 4, 2)), (2, (5,))])
def test_the_recursion_is_the_sum_of_the_theorem(n_0: int, widths: tuple[int, ...]) -> None:
    """Over all (j_1, ..., j_L) with j_l <= min(n_0, n_1 - j_1, ..., n_{l-1} - j_{l-1}, n_l)."""
    total = 0
    for off in itertools.product(*(range(n + 1) for n in widths)):
        room = [
            min([n_0] + [n - j for n, j in zip(widths[:l], off, strict=False)] + [widths[l]])
            for l in range(len(widths))
        ]
        if all(j <= r for j, r in zip(off, room, strict=True)):
            total += int(np.prod([comb(n, j) for n, j in zip(widths, off, strict=True)]))
    assert most_regions_at_most(n_0, widths) == total


@pytest.mark.parametrize(
    ("n_0", "widths", "count"), [(2, (4, 4), 44), (2, (8, 8, 8), 9472), (3, (6,), 42)]
)
def test_the_best_weights_reach(n_0: int, widths: tuple[int, ...], count: int) -> None:
    assert most_regions_at_least(n_0, widths) == count <= most_regions_at_most(n_0, widths)


@pytest.mark.parametrize("n", range(1, 7))
def test_one_layer_has_no_gap_between_the_bounds(n: int) -> None:
    assert most_regions_at_least(1, (n,)) == most_regions_at_most(1, (n,)) == n + 1


def _regions_per_unit(width: int, depth: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    he = init_params((1, *[width] * depth, 1), "he", rng)
    params: Params = tuple((W, rng.standard_normal(b.shape)) for W, b in he)
    f = net_to_pwl(params, -1e4, 1e4)
    return (len(f.knots) - 1) / (width * depth)


@pytest.mark.parametrize(("depth", "width"), [(1, 64), (2, 32), (4, 32), (8, 16), (8, 8)])
def test_random_networks_have_about_one_region_per_unit(depth: int, width: int) -> None:
    """Hanin and Rolnick 2019, at any depth; the bound for eight layers of eight is 43 million."""
    shares = [_regions_per_unit(width, depth, seed) for seed in range(60)]
    error = np.std(shares) / np.sqrt(len(shares))
    assert np.mean(shares) == pytest.approx(1, abs=0.05 + 4 * error)
    assert max(shares) * width * depth <= most_regions_at_most(1, (width,) * depth)


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_without_biases_a_line_has_two_pieces_at_any_depth(depth: int) -> None:
    for seed in range(20):
        params = init_params((1, *[5] * depth, 1), "he", np.random.default_rng(seed))
        assert net_to_pwl(params, -1.0, 1.0).knots.tolist() == [-1.0, 0.0, 1.0]
