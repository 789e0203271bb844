"""Normalisation and dropout: what they promise of means, and gradients by two methods."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.differences import central, complex_step, relative_error
from nnref.norms import (
    batch_norm,
    batch_norm_fixed,
    batch_norm_vjp,
    dropout,
    layer_norm,
    layer_norm_vjp,
)

RNG = np.random.default_rng(0)
X = 3 + 2 * RNG.standard_normal((7, 4))
GAMMA, BETA, DY = RNG.standard_normal(4), RNG.standard_normal(4), RNG.standard_normal((7, 4))


@pytest.mark.parametrize(
    ("norm", "vjp"),
    [(batch_norm, batch_norm_vjp), (layer_norm, layer_norm_vjp)],
    ids=["batch_norm", "layer_norm"],
)
def test_gradients_by_two_methods(
    norm: Callable[..., Array], vjp: Callable[..., tuple[Array, ...]]
) -> None:
    functions = (
        (X, lambda v: (DY * norm(v, GAMMA, BETA)).sum()),
        (GAMMA, lambda v: (DY * norm(X, v, BETA)).sum()),
        (BETA, lambda v: (DY * norm(X, GAMMA, v)).sum()),
    )
    for gradient, (x, f) in zip(vjp(X, GAMMA, DY), functions, strict=True):
        assert relative_error(gradient, complex_step(f, x)) <= 1e-13
        assert relative_error(gradient, central(f, x)) <= 1e-8


@pytest.mark.parametrize(("norm", "axis"), [(batch_norm, 0), (layer_norm, 1)])
def test_mean_and_deviation_are_beta_and_gamma(norm: Callable[..., Array], axis: int) -> None:
    Y = norm(X, np.full(4, 2.0), np.full(4, 5.0))
    assert Y.mean(axis=axis) == pytest.approx(5.0)
    assert Y.std(axis=axis) == pytest.approx(2.0, rel=1e-4)  # EPS takes a little


@pytest.mark.parametrize(
    ("norm", "vjp"), [(batch_norm, batch_norm_vjp), (layer_norm, layer_norm_vjp)]
)
def test_scale_and_shift_before_the_norm_do_nothing(
    norm: Callable[..., Array], vjp: Callable[..., tuple[Array, ...]]
) -> None:
    big = 1e3 * X
    assert norm(5 * big + 7, GAMMA, BETA) == pytest.approx(norm(big, GAMMA, BETA), abs=1e-9)
    dX = vjp(big, GAMMA, DY)[0]
    assert abs((dX * big).sum()) <= 1e-9 * np.abs(dX * big).sum() + 1e-9


def test_in_use_examples_do_not_see_each_other() -> None:
    mean, var = X.mean(axis=0), X.var(axis=0)
    Y = batch_norm_fixed(X, GAMMA, BETA, mean, var)
    assert pytest.approx(batch_norm(X, GAMMA, BETA), rel=1e-12) == Y
    np.testing.assert_array_equal(batch_norm_fixed(X[:1], GAMMA, BETA, mean, var), Y[:1])
    np.testing.assert_allclose(layer_norm(X[:1], GAMMA, BETA), layer_norm(X, GAMMA, BETA)[:1])


def test_a_constant_unit_is_not_divided_by_zero() -> None:
    with np.errstate(all="raise"):
        assert batch_norm(np.ones((5, 4)), GAMMA, BETA) == pytest.approx(np.tile(BETA, (5, 1)))


def test_dropout_keeps_the_mean_and_its_mask_carries_the_gradient() -> None:
    ones = np.ones((400, 500))
    Y, mask = dropout(ones, 0.2, np.random.default_rng(1))
    assert set(np.unique(Y)) == {0.0, 1.25}
    assert Y.mean() == pytest.approx(1.0, abs=4 * np.sqrt(0.25 / ones.size))

    def loss(v: Array) -> Any:
        Y, _ = dropout(v, 0.5, np.random.default_rng(2))  # one seed, one mask
        return np.mean(Y**2)

    _, mask = dropout(X, 0.5, np.random.default_rng(2))
    assert relative_error(2 * X * mask * mask / X.size, complex_step(loss, X)) <= 1e-13


def test_dropout_of_nothing_is_the_identity() -> None:
    np.testing.assert_array_equal(dropout(X, 0.0, np.random.default_rng(0))[0], X)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype: type[np.floating]) -> None:
    x, g = X.astype(dtype), GAMMA.astype(dtype)
    results = [batch_norm(x, g, g), layer_norm(x, g, g), *batch_norm_vjp(x, g, x)]
    results += [*layer_norm_vjp(x, g, x), *dropout(x, 0.3, np.random.default_rng(0))]
    assert {array.dtype for array in results} == {np.dtype(dtype)}
