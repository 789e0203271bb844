"""A residual block adds its input, forward and back; a deep stack keeps its gradient."""

from collections.abc import Callable

import numpy as np
import pytest

from nnref.arrays import Array, Params, Scalar
from nnref.differences import complex_step, relative_error
from nnref.gradcheck import check_gradients, kink_pattern
from nnref.init import init_params
from nnref.mlp import predict
from nnref.residual import residual, residual_vjp

RNG = np.random.default_rng(0)
PARAMS = init_params((4, 6, 4), "he", RNG, bias=0.1)
X, DY = RNG.standard_normal((5, 4)), RNG.standard_normal((5, 4))


def test_with_a_network_of_zeros_it_is_the_identity() -> None:
    nothing = tuple((0 * W, 0 * b) for W, b in PARAMS)
    Y, cache = residual(nothing, X)
    np.testing.assert_array_equal(Y, X)
    np.testing.assert_array_equal(residual_vjp(nothing, cache, DY)[1], DY)


def test_it_adds_the_network() -> None:
    np.testing.assert_array_equal(residual(PARAMS, X, "gelu")[0], X + predict(PARAMS, X, "gelu"))


@pytest.mark.parametrize("act", ["relu", "tanh"])
def test_gradients_by_two_methods(act: str) -> None:
    def loss(params: Params) -> Scalar:
        total: Scalar = (DY * residual(params, X, act)[0]).sum()
        return total

    grads, dX = residual_vjp(PARAMS, residual(PARAMS, X, act)[1], DY)
    assert check_gradients(loss, PARAMS, grads).passed
    pattern: Callable[[Params], Array] = lambda p: kink_pattern(p, X, act)  # noqa: E731
    assert check_gradients(loss, PARAMS, grads, method="central", pattern=pattern).passed
    numeric = complex_step(lambda v: (DY * residual(PARAMS, v, act)[0]).sum(), X)
    assert relative_error(dX, numeric) <= 1e-13


def _gradient_through(blocks: list[Params], skip: bool) -> float:
    """The size of the gradient by X of a stack of blocks, over that by its output."""
    A, caches = X, []
    for params in blocks:
        Y, cache = residual(params, A, "tanh")
        caches.append(cache)
        A = Y if skip else Y - A
    dA = DY
    for params, cache in zip(reversed(blocks), reversed(caches), strict=True):
        dX = residual_vjp(params, cache, dA)[1]
        dA = dX if skip else dX - dA
    return float(np.linalg.norm(dA) / np.linalg.norm(DY))


def test_small_weights_lose_the_gradient_only_without_the_skip() -> None:
    blocks = [init_params((4, 6, 4), "normal", np.random.default_rng(s)) for s in range(50)]
    assert _gradient_through(blocks, skip=False) < 1e-100
    assert _gradient_through(blocks, skip=True) == pytest.approx(1, abs=0.2)
