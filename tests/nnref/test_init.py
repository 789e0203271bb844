"""Initialisers: the variance they promise, and one seed, one network."""

import functools
import math
from collections.abc import Callable

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.dying import dead_units
from nnref.init import (
    SCHEMES,
    constant,
    glorot,
    he,
    init_params,
    lecun,
    normal,
    orthogonal,
    rai,
    rai_sigma,
)
from nnref.mlp import predict


@pytest.mark.parametrize(
    ("scheme", "variance"),
    [(he, 2 / 300), (glorot, 2 / 500), (lecun, 1 / 300), (normal, 1e-4)],
    ids=["he", "glorot", "lecun", "normal"],
)
def test_weights_have_mean_zero_and_the_designed_variance(
    scheme: Callable[..., Array], variance: float
) -> None:
    W = scheme(300, 200, np.random.default_rng(0))
    standard_error = math.sqrt(2 / W.size)
    assert abs(W.var() / variance - 1) <= 4 * standard_error
    assert abs(W.mean()) <= 4 * math.sqrt(variance / W.size)


def test_he_keeps_the_second_moment_through_relu() -> None:
    """Five layers, forty networks: 1 on average; with variance 1 / fan_in it would be 1/32."""
    moments = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        params, X = init_params((100,) * 6, "he", rng), rng.standard_normal((20, 100))
        moments.append(np.mean(predict(params, X, out_act="relu") ** 2))
    assert np.mean(moments) == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize(("fan_in", "fan_out"), [(6, 6), (9, 4), (4, 9)])
def test_orthogonal_has_orthonormal_rows_or_columns(fan_in: int, fan_out: int) -> None:
    W = orthogonal(fan_in, fan_out, np.random.default_rng(2), gain=2.0)
    assert W.shape == (fan_in, fan_out)
    gram = W.T @ W if fan_in >= fan_out else W @ W.T
    assert gram == pytest.approx(4 * np.eye(min(fan_in, fan_out)), abs=1e-14)


def test_orthogonal_is_uniform() -> None:
    """Without the signs of R the diagonal of Q would lean to one side."""
    rng = np.random.default_rng(3)
    corner = np.array([orthogonal(2, 2, rng)[0, 0] for _ in range(2000)])
    assert abs(corner.mean()) <= 4 * math.sqrt(0.5 / 2000)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_seed_gives_one_network_in_every_precision(name: str, dtype: type[np.floating]) -> None:
    W = SCHEMES[name](4, 3, np.random.default_rng(4), dtype)
    assert W.dtype == dtype
    np.testing.assert_array_equal(
        W, SCHEMES[name](4, 3, np.random.default_rng(4), np.float64).astype(dtype)
    )


def test_zeros_and_constant_ask_nothing_of_the_generator() -> None:
    rng = np.random.default_rng(5)
    before = rng.bit_generator.state
    assert SCHEMES["zeros"](2, 2, rng, np.float64).tolist() == [[0, 0], [0, 0]]
    assert constant(2, 1, rng, value=3.0).tolist() == [[3.0], [3.0]]
    assert rng.bit_generator.state == before


def test_init_params_takes_a_scheme_by_name_or_as_a_function() -> None:
    wide = functools.partial(normal, std=10.0)
    by_function = init_params((3, 4, 2), wide, np.random.default_rng(6), bias=0.25)
    assert [W.shape for W, _ in by_function] == [(3, 4), (4, 2)]
    assert [b.tolist() for _, b in by_function] == [[0.25] * 4, [0.25] * 2]
    by_name = init_params((3, 4, 2), "normal", np.random.default_rng(6))
    np.testing.assert_allclose(by_function[0][0], 1000 * by_name[0][0], rtol=1e-14)


def test_rai_draws_one_entry_of_every_unit_from_beta() -> None:
    """In expectation (w, b) has second moment sigma^2 + mu2: fan_in normal entries, one Beta."""
    fan_in, units = 50, 20_000
    W, b = rai(fan_in, units, np.random.default_rng(0))
    V = np.vstack([W, b])
    assert (V**2).sum(axis=0).mean() == pytest.approx(rai_sigma() ** 2 + 1 / 2, rel=0.01)
    assert V.sum(axis=0).mean() == pytest.approx(2 / 3, abs=0.03)  # the mean of Beta(2, 1)
    assert b.mean() == pytest.approx(2 / 3 / (fan_in + 1), abs=0.003)  # a bias as often as a weight


def test_rai_sigma_bounds_the_growth_of_the_second_moment_by_one() -> None:
    sigma = rai_sigma()
    assert sigma == pytest.approx(0.6007, abs=1e-4)
    assert sigma**2 / 2 + math.sqrt(2 / math.pi) * sigma * 2 / 3 + 1 / 2 == pytest.approx(1)


def test_rai_networks_are_seldom_born_dead() -> None:
    """Width 3, depth 10, on [-sqrt 3, sqrt 3]: 57.7 % of He networks lose a layer, 6.6 % of RAI."""
    X, runs = np.linspace(-math.sqrt(3), math.sqrt(3), 21)[:, None], 800
    share = {}
    for scheme in ("he", "rai"):
        networks = (
            init_params((1, *[3] * 9, 1), scheme, np.random.default_rng(s)) for s in range(runs)
        )
        share[scheme] = sum(any(m.all() for m in dead_units(p, X)) for p in networks) / runs
    for scheme, expected in (("he", 0.577), ("rai", 0.066)):
        error = math.sqrt(expected * (1 - expected) / runs)
        assert abs(share[scheme] - expected) <= 4 * error


def test_rai_and_a_bias_exclude_each_other() -> None:
    with pytest.raises(ValueError, match=r"^init_params: rai draws its biases, but bias is 0\.1$"):
        init_params((2, 1), "rai", np.random.default_rng(0), bias=0.1)
