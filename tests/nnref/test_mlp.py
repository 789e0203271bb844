"""Dense layers and networks: values by hand, every gradient by two methods."""

import numpy as np
import pytest

from nnref.activations import ACTIVATIONS, relu, sigmoid, tanh
from nnref.arrays import Params
from nnref.differences import central, complex_step, relative_error
from nnref.gradcheck import check_gradients, kink_pattern
from nnref.init import init_params
from nnref.layers import dense, dense_vjp
from nnref.mlp import backward, flatten, forward, n_params, predict, unflatten
from nnref.selfcheck import losses_of

LOSSES = losses_of(np.random.default_rng(0))
X = np.random.default_rng(2).standard_normal((8, 3))
X.setflags(write=False)


@pytest.fixture
def params() -> Params:
    """A network 3-5-4-2 at a random point, biases not zero."""
    rng = np.random.default_rng(1)
    he = init_params((3, 5, 4, 2), "he", rng)
    return tuple((W, 0.3 * rng.standard_normal(b.shape)) for W, b in he)


def test_dense_by_hand() -> None:
    X, W, b = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]]), np.ones(3)
    assert dense(X, W, b).tolist() == [[2.0, 3.0, 2.0]]
    dX, dW, db = dense_vjp(X, W, np.array([[1.0, 10.0, 100.0]]))
    assert dX.tolist() == [[-99.0, 110.0]]
    assert dW.tolist() == [[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]]
    assert db.tolist() == [1.0, 10.0, 100.0]


@pytest.mark.parametrize(("m", "n_in", "n_out"), [(1, 1, 1), (5, 3, 2), (2, 7, 3)])
def test_dense_vjp_by_two_methods(m: int, n_in: int, n_out: int) -> None:
    rng = np.random.default_rng(3)
    X, W = rng.standard_normal((m, n_in)), rng.standard_normal((n_in, n_out))
    b, dZ = rng.standard_normal(n_out), rng.standard_normal((m, n_out))
    functions = (
        (X, lambda v: (dZ * dense(v, W, b)).sum()),
        (W, lambda v: (dZ * dense(X, v, b)).sum()),
        (b, lambda v: (dZ * dense(X, W, v)).sum()),
    )
    for gradient, (x, f) in zip(dense_vjp(X, W, dZ), functions, strict=True):
        assert relative_error(gradient, complex_step(f, x)) <= 1e-13
        assert relative_error(gradient, central(f, x)) <= 1e-7


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("act", ACTIVATIONS)
def test_network_gradients_by_two_methods(params: Params, act: str, loss: str) -> None:
    f = LOSSES[loss]
    out, cache = forward(params, X, act)
    grads, _ = backward(params, cache, f(out)[1])
    exact = check_gradients(lambda p: f(predict(p, X, act))[0], params, grads)
    assert exact.max_error <= 1e-13, str(exact)
    quotient = check_gradients(
        lambda p: f(predict(p, X, act))[0],
        params,
        grads,
        method="central",
        pattern=lambda p: kink_pattern(p, X, act),
    )
    assert quotient.max_error <= 1e-7, str(quotient)
    assert quotient.kink_crossings == 0


@pytest.mark.parametrize("act", ACTIVATIONS)
def test_gradient_by_the_input(params: Params, act: str) -> None:
    f = LOSSES["mse"]
    out, cache = forward(params, X, act, out_act=sigmoid)
    _, dX = backward(params, cache, f(out)[1])
    numeric = complex_step(lambda v: f(predict(params, v, act, out_act=sigmoid))[0], X)
    assert relative_error(dX, numeric) <= 1e-13


def test_forward_by_hand() -> None:
    params = (
        (np.array([[1.0, -1.0]]), np.array([0.0, 0.5])),
        (np.array([[2.0], [3.0]]), np.array([-1.0])),
    )
    out, cache = forward(params, np.array([[2.0], [-2.0]]))
    assert out.tolist() == [[3.0], [6.5]]
    assert cache.pre_activations[0].tolist() == [[2.0, -1.5], [-2.0, 2.5]]
    assert cache.inputs[1].tolist() == [[2.0, 0.0], [0.0, 2.5]]
    assert cache.activations == (relu, ACTIVATIONS["identity"])


def test_an_activation_may_be_named(params: Params) -> None:
    np.testing.assert_array_equal(predict(params, X, "tanh"), predict(params, X, tanh))


def test_the_output_activation_is_the_last_layers_alone(params: Params) -> None:
    logits = predict(params, X)
    np.testing.assert_array_equal(predict(params, X, out_act="sigmoid"), sigmoid(logits))


def test_one_layer_is_an_affine_map() -> None:
    params = init_params((3, 2), "he", np.random.default_rng(4), bias=0.5)
    np.testing.assert_array_equal(predict(params, X), dense(X, *params[0]))


def test_flatten_and_unflatten_are_inverse(params: Params) -> None:
    vector = flatten(params)
    assert vector.shape == (n_params(params),) == (3 * 5 + 5 + 5 * 4 + 4 + 4 * 2 + 2,)
    again = unflatten(vector, params)
    np.testing.assert_array_equal(flatten(again), vector)
    for (W, b), (W2, b2) in zip(params, again, strict=True):
        np.testing.assert_array_equal(W, W2)
        np.testing.assert_array_equal(b, b2)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_precision_from_end_to_end(dtype: type[np.floating]) -> None:
    rng = np.random.default_rng(5)
    params = init_params((3, 4, 2), "he", rng, dtype=dtype, bias=0.1)
    out, cache = forward(params, rng.standard_normal((6, 3)).astype(dtype), "gelu")
    grads, dX = backward(params, cache, LOSSES["softmax_ce"](np.tile(out, (2, 1))[:8])[1][:6])
    assert {a.dtype for pair in grads for a in pair} | {out.dtype, dX.dtype} == {np.dtype(dtype)}


def test_neither_pass_writes_to_its_arguments(params: Params) -> None:
    dout = np.ones((8, 2))
    for array in (dout, *(a for pair in params for a in pair)):
        array.setflags(write=False)
    _, cache = forward(params, X)
    for array in cache.inputs + cache.pre_activations:
        array.setflags(write=False)
    backward(params, cache, dout)
