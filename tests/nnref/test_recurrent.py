"""The recurrent cell and its sequence: gradients by two methods, and what each state depends on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.differences import central, complex_step, relative_error
from nnref.recurrent import rnn, rnn_cell, rnn_cell_vjp, rnn_vjp

RNG = np.random.default_rng(0)
X, H0, W, U, B, DH = (
    RNG.standard_normal(shape) for shape in ((3, 5, 2), (3, 4), (2, 4), (4, 4), (4,), (3, 5, 4))
)


def _moved(layer: Callable[..., Array], arguments: tuple[Array, ...], i: int, d: Array) -> Any:
    return lambda v: (d * layer(*arguments[:i], v, *arguments[i + 1 :])).sum()


def test_gradients_through_time_by_two_methods() -> None:
    arguments = (X, H0, W, U, B)
    gradients = rnn_vjp(X, H0, W, U, rnn(*arguments), DH)
    for i, (gradient, argument) in enumerate(zip(gradients, arguments, strict=True)):
        f = _moved(rnn, arguments, i, DH)
        assert relative_error(gradient, complex_step(f, argument)) <= 1e-13
        assert relative_error(gradient, central(f, argument)) <= 1e-8


def test_gradients_of_one_step_by_two_methods() -> None:
    arguments = (X[:, 0], H0, W, U, B)
    gradients = rnn_cell_vjp(*arguments[:4], rnn_cell(*arguments), DH[:, 0])
    for i, (gradient, argument) in enumerate(zip(gradients, arguments, strict=True)):
        f = _moved(rnn_cell, arguments, i, DH[:, 0])
        assert relative_error(gradient, complex_step(f, argument)) <= 1e-13
        assert relative_error(gradient, central(f, argument)) <= 1e-8


def test_a_sequence_is_its_steps_and_can_be_cut_anywhere() -> None:
    H = rnn(X, H0, W, U, B)
    np.testing.assert_array_equal(H[:, :1], rnn_cell(X[:, 0], H0, W, U, B)[:, None])
    for t in range(1, 5):
        later = rnn(X[:, t:], H[:, t - 1], W, U, B)
        np.testing.assert_array_equal(H[:, t:], later)


def test_no_state_knows_the_future() -> None:
    early = np.where(np.arange(5)[:, None] < 2, DH, 0.0)  # a loss of the first two states
    dX = rnn_vjp(X, H0, W, U, rnn(X, H0, W, U, B), early)[0]
    assert not dX[:, 2:].any()
    assert dX[:, :2].all()


def test_without_recurrence_it_is_a_dense_layer_at_every_step() -> None:
    H = rnn(X, H0, W, np.zeros((4, 4)), B)
    assert pytest.approx(np.tanh(X @ W + B)) == H


@pytest.mark.parametrize("size", [0.5, 1.0, 1.2])
def test_the_gradient_by_a_far_state_is_a_power_of_the_recurrent_weights(size: float) -> None:
    """A rotation of size s in the linear range: s to the power of the number of steps."""
    U = size * np.array([[0.6, 0.8], [-0.8, 0.6]])
    X, h, W = np.full((1, 30, 1), 1e-9), np.full((1, 2), 1e-9), np.ones((1, 2))
    dH = np.zeros((1, 30, 2))
    dH[0, -1] = 1.0
    dh = rnn_vjp(X, h, W, U, rnn(X, h, W, U, np.zeros(2)), dH)[1]
    assert np.hypot(*dh[0]) == pytest.approx(np.sqrt(2) * size**30, rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arguments_are_left_alone_and_precision_is_kept(dtype: type[np.floating]) -> None:
    arrays = [array.astype(dtype) for array in (X, H0, W, U, B, DH)]
    for array in arrays:
        array.setflags(write=False)
    H = rnn(*arrays[:5])
    x, h, W_, U_, _, dH = arrays
    results = [H, *rnn_vjp(x, h, W_, U_, H, dH)]
    assert {array.dtype for array in results} == {np.dtype(dtype)}
