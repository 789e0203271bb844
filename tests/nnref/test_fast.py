"""The fast form computes what the readable form does, in the arrays that it has."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnref import losses, mlp
from nnref.activations import ACTIVATIONS
from nnref.aligned import LINE, zeros
from nnref.arrays import Array, Params
from nnref.fast import gradient, network, rebatched
from nnref.init import init_params
from nnref.inplace import adam, remember
from nnref.optim import adam as readable_adam
from tests.nnref.allocated import allocated

SIZES = st.lists(st.integers(1, 9), min_size=2, max_size=5).filter(lambda sizes: sizes[-1] > 1)
LOSSES = {"softmax_ce": losses.softmax_ce, "mse": losses.mse, "bce_logits": losses.bce_logits}
FLOATS = {np.float32: 2e-5, np.float64: 1e-12}
"""How far the gradients may differ, relative to the largest: roundings of a few layers."""


def _params(sizes: tuple[int, ...], dtype: type[np.floating] = np.float64) -> Params:
    return init_params(sizes, "he", np.random.default_rng(0), dtype, bias=0.1)


def _batch(sizes: tuple[int, ...], m: int, loss: str, dtype: Any = np.float64) -> tuple[Array, ...]:
    rng = np.random.default_rng(1)
    X = rng.standard_normal((m, sizes[0])).astype(dtype)
    if loss == "softmax_ce":
        return X, rng.integers(0, sizes[-1], m)
    return X, rng.random((m, sizes[-1])).astype(dtype)


def _readable(params: Params, X: Array, y: Array, act: str, loss: Any) -> tuple[float, Array]:
    out, cache = mlp.forward(params, X, act)
    value, dout = loss(out, y)
    return float(value), mlp.flatten(mlp.backward(params, cache, dout)[0])


@given(
    SIZES,
    st.integers(1, 12),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(sorted(LOSSES)),
    st.sampled_from(list(FLOATS)),
)
@settings(deadline=None)
def test_loss_and_gradient_are_those_of_the_readable_form(
    sizes: list[int], m: int, act: str, loss: str, dtype: type[np.floating]
) -> None:
    params = _params(tuple(sizes), dtype)
    X, y = _batch(tuple(sizes), m, loss, dtype)
    net = network(params, m, act, LOSSES[loss])
    value, expected = _readable(params, X, y, act, LOSSES[loss])
    for _ in range(2):  # nothing of the first time is left in the arrays
        assert gradient(net, X, y) == pytest.approx(value, rel=FLOATS[dtype])
        bound = FLOATS[dtype] * max(1.0, np.abs(expected).max())
        assert np.abs(net.gradient - expected).max() <= bound
    assert net.gradient.dtype == dtype


@given(SIZES, st.integers(1, 12), st.sampled_from(sorted(ACTIVATIONS)))
@settings(deadline=None, max_examples=30)
def test_fifty_steps_of_adam_end_where_the_readable_form_does(
    sizes: list[int], m: int, act: str
) -> None:
    params, state = _params(tuple(sizes)), None
    X, y = _batch(tuple(sizes), m, "softmax_ce")
    net = network(params, m, act)
    memory = remember(net.vector, "adam")
    for _ in range(50):
        gradient(net, X, y)
        adam(net.vector, net.gradient, memory, 1e-2)
        out, cache = mlp.forward(params, X, act)
        grads, _ = mlp.backward(params, cache, losses.softmax_ce(out, y)[1])
        params, state = readable_adam(params, grads, state, 1e-2)
    # Adam divides by the size of the gradient: where that is a rounding error, so is a step of it
    np.testing.assert_allclose(mlp.predict(net.params, X, act), mlp.predict(params, X, act), 1e-6)


def test_in_float32_fifty_steps_stay_within_a_thousandth() -> None:
    sizes = (20, 16, 16, 4)
    X, y = _batch(sizes, 64, "softmax_ce", np.float32)
    net = network(_params(sizes, np.float32), 64)
    memory = remember(net.vector, "adam")
    params, state = _params(sizes), None
    for _ in range(50):
        value = gradient(net, X, y)
        adam(net.vector, net.gradient, memory, 1e-2)
        out, cache = mlp.forward(params, X.astype(np.float64))
        expected, dout = losses.softmax_ce(out, y)
        assert value == pytest.approx(float(expected), rel=1e-3)
        params, state = readable_adam(params, mlp.backward(params, cache, dout)[0], state, 1e-2)
    assert value < 0.6 * np.log(4)  # it has learned


@pytest.mark.parametrize("act", ["identity", "relu", "leaky_relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("loss", ["softmax_ce", "mse"])
def test_a_step_allocates_no_array(act: str, loss: str) -> None:
    sizes, m = (30, 50, 20, 10), 2048
    X, y = _batch(sizes, m, loss, np.float32)
    net = network(_params(sizes, np.float32), m, act, LOSSES[loss])
    memory = remember(net.vector, "adam")

    def step() -> None:
        gradient(net, X, y)
        adam(net.vector, net.gradient, memory, 1e-3)

    step()
    assert allocated(step) < m * net.vector.itemsize  # not even one column of a batch


def test_what_an_allocation_is_can_be_seen() -> None:
    """The instrument itself: the readable form allocates."""
    params, (X, y) = _params((30, 200, 10)), _batch((30, 200, 10), 256, "softmax_ce")
    assert allocated(lambda: _readable(params, X, y, "relu", losses.softmax_ce)) > 256 * 200 * 8


def test_parameters_are_copied_once_and_views_afterwards() -> None:
    params = _params((3, 4, 2))
    net = network(params, 5)
    net.vector[:] += 1
    np.testing.assert_array_equal(mlp.flatten(net.params), net.vector)
    np.testing.assert_array_equal(mlp.flatten(params) + 1, net.vector)


def test_inputs_are_left_alone() -> None:
    for name, loss in LOSSES.items():
        X, y = _batch((3, 4, 2), 5, name)
        for array in (X, y):
            array.flags.writeable = False
        gradient(network(_params((3, 4, 2)), 5, "tanh", loss), X, y)


def test_a_batch_that_is_not_contiguous_gives_the_same() -> None:
    X, y = _batch((3, 4, 2), 5, "softmax_ce")
    net = network(_params((3, 4, 2)), 5)
    expected = gradient(net, X, y), net.gradient.copy()
    assert gradient(net, np.asfortranarray(X), y) == pytest.approx(expected[0], rel=1e-14)
    np.testing.assert_allclose(net.gradient, expected[1], rtol=1e-12, atol=1e-15)


def test_a_smaller_batch_trains_the_same_network() -> None:
    X, y = _batch((3, 4, 2), 5, "softmax_ce")
    net = network(_params((3, 4, 2)), 5)
    part = rebatched(net, 2)
    value, expected = _readable(net.params, X[:2], y[:2], "relu", losses.softmax_ce)
    assert gradient(part, X[:2], y[:2]) == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(net.gradient, expected, rtol=1e-12, atol=1e-15)
    part.vector[:] = 0
    assert not net.params[0][0].any()


@pytest.mark.parametrize("act", ["tanh", "sigmoid", "relu", "leaky_relu", "identity"])
def test_nothing_overflows_far_out(act: str) -> None:
    (W1, b1), (W2, b2) = _params((3, 4, 2), np.float32)
    X, y = _batch((3, 4, 2), 5, "softmax_ce", np.float32)
    net = network(((1000 * W1, b1), (W2, b2)), 5, act)
    with np.errstate(all="raise"):
        assert np.isfinite(gradient(net, X, y))
    assert np.isfinite(net.gradient).all()


def test_the_slope_at_zero_is_that_of_the_readable_form() -> None:
    for act in ("relu", "leaky_relu"):
        params = ((np.zeros((2, 3)), np.zeros(3)), (np.arange(6.0).reshape(3, 2) ** 2, np.zeros(2)))
        X, y = np.ones((4, 2)), np.array([0, 0, 0, 1])
        net = network(params, 4, act)
        gradient(net, X, y)
        _, expected = _readable(params, X, y, act, losses.softmax_ce)
        np.testing.assert_allclose(net.gradient, expected, atol=1e-15)


@pytest.mark.parametrize("labels", [[0, 1, 2, -1], [0, 1, 2, 3], [0, 1], [0.0, 1.0, 2.0, 0.0]])
def test_labels_are_refused_as_the_loss_refuses_them(labels: list[float]) -> None:
    y = np.array(labels)
    net = network(_params((2, 3)), 4)
    with pytest.raises((TypeError, ValueError)) as readable:
        losses.softmax_ce(np.zeros((4, 3)), y)
    with pytest.raises(readable.type) as fast:
        gradient(net, np.ones((4, 2)), y)
    assert str(fast.value) == str(readable.value)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (np.ones((3, 2)), ValueError, r"gradient: X \(3, 2\) must be \(4, 2\), as the network"),
        (np.ones((4, 3)), ValueError, r"gradient: X \(4, 3\) must be \(4, 2\), as the network"),
        (np.ones(4), ValueError, r"gradient: X \(4,\) must be \(4, 2\)"),
        (np.ones((4, 2), np.float32), TypeError, "X has dtype float32, the network float64"),
        (np.ones((4, 2), np.int64), TypeError, "gradient: X has dtype int64, expected floats"),
    ],
)
def test_a_batch_that_does_not_fit_is_named(X: Array, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        gradient(network(_params((2, 3)), 4), X, np.zeros(4, int))


def test_a_network_that_cannot_be_is_named() -> None:
    with pytest.raises(ValueError, match="network: batch must be at least 1, got 0"):
        network(_params((2, 3)), 0)
    with pytest.raises(ValueError, match="network: no activation 'rely'"):
        network(_params((2, 3)), 1, "rely")
    with pytest.raises(ValueError, match=r"mse: pred \(2, 3\) and y \(2, 1\) must have one shape"):
        gradient(network(_params((2, 3)), 2, loss=losses.mse), np.ones((2, 2)), np.ones((2, 1)))


@pytest.mark.parametrize("shape", [1, 17, (3, 5)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_begin_at_a_line(shape: int | tuple[int, ...], dtype: Any) -> None:
    array = zeros(shape, dtype)
    assert array.shape == np.zeros(shape).shape
    assert array.dtype == dtype
    assert array.ctypes.data % LINE == 0
    assert not array.any()
