"""A step of gradient descent."""

import itertools

import numpy as np

from nnref.arrays import Params
from nnref.init import init_params
from nnref.losses import mse
from nnref.mlp import backward, flatten, forward, predict
from nnref.optim import sgd


def _params() -> Params:
    return init_params((2, 3, 1), "he", np.random.default_rng(0), bias=0.1)


def test_sgd_is_w_minus_lr_g() -> None:
    params, grads = _params(), _params()
    np.testing.assert_array_equal(flatten(sgd(params, grads, 0.25)), 0.75 * flatten(params))


def test_sgd_gives_new_arrays_and_leaves_the_old_alone() -> None:
    params = _params()
    before = flatten(params)
    after = sgd(params, _params(), 0.1)
    np.testing.assert_array_equal(flatten(params), before)
    for old, new in zip(params, after, strict=True):
        assert not np.shares_memory(old[0], new[0])
        assert not np.shares_memory(old[1], new[1])


def test_sgd_keeps_float32() -> None:
    params = init_params((2, 1), "he", np.random.default_rng(0), np.float32)
    assert flatten(sgd(params, params, 0.1)).dtype == np.float32


def test_small_steps_descend() -> None:
    rng = np.random.default_rng(1)
    X, params = rng.standard_normal((20, 2)), _params()
    y = X[:, :1] * X[:, 1:]
    losses = []
    for _ in range(50):
        out, cache = forward(params, X, "tanh")
        value, dout = mse(out, y)
        losses.append(float(value))
        params = sgd(params, backward(params, cache, dout)[0], 0.05)
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))
    assert mse(predict(params, X, "tanh"), y)[0] < 0.8 * losses[0]
