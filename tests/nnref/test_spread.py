"""Sizes by depth: by hand, and as the theory of initialisation predicts."""

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.init import init_params
from nnref.mlp import backward, forward
from nnref.spread import Spread, spread


def test_by_hand() -> None:
    params = (
        (np.array([[3.0, 4.0]]), np.zeros(2)),
        (np.array([[1.0], [1.0]]), np.zeros(1)),
    )
    found = spread(params, np.array([[1.0], [-1.0]]), np.ones((2, 1)))
    assert found.signal == pytest.approx([np.sqrt(12.5), np.sqrt(24.5)])
    assert found.gradient == pytest.approx([np.sqrt(49 / 2), 1.0])
    assert found.saturated.tolist() == [0.5, 0.0]


def test_the_first_gradient_is_that_by_the_input() -> None:
    rng = np.random.default_rng(0)
    params, X = init_params((3, 5, 4, 2), "he", rng, bias=0.1), rng.standard_normal((8, 3))
    dout = rng.standard_normal((8, 2))
    _, dX = backward(params, forward(params, X, "tanh")[1], dout)
    assert spread(params, X, dout, "tanh").gradient[0] == np.sqrt(np.mean(dX**2))


def _deep(scheme: str, act: str) -> Spread:
    """Thirty hidden layers of 100 units."""
    rng = np.random.default_rng(1)
    params = init_params((100,) * 32, scheme, rng)
    return spread(params, rng.standard_normal((64, 100)), rng.standard_normal((64, 100)), act)


def _ratio(sizes: Array) -> float:
    return float(sizes[-1] / sizes[0])


def test_he_keeps_relu_alive_through_thirty_layers() -> None:
    found = _deep("he", "relu")
    assert 0.2 < _ratio(found.signal) < 5
    assert 0.2 < _ratio(found.gradient) < 5


def test_small_weights_vanish_both_ways_and_sigmoids_backwards() -> None:
    small = _deep("normal", "relu")
    assert _ratio(small.signal) < 1e-20
    assert _ratio(small.gradient) > 1e20
    assert _ratio(_deep("glorot", "sigmoid").gradient) > 1e15


def test_a_leak_is_no_saturation() -> None:
    """Its slope is `FLAT` itself, and passes a signal on."""
    params = init_params((3, 5, 2), "he", np.random.default_rng(0))
    X, dout = np.random.default_rng(1).standard_normal((8, 3)), np.ones((8, 2))
    assert spread(params, X, dout, "relu").saturated[0] > 0.2
    assert spread(params, X, dout, "leaky_relu").saturated[0] == 0


def test_large_weights_saturate_tanh() -> None:
    rng = np.random.default_rng(2)
    params = tuple((20 * W, b) for W, b in init_params((50,) * 5, "lecun", rng))
    found = spread(params, rng.standard_normal((30, 50)), np.ones((30, 50)), "tanh")
    assert found.saturated[0] > 0.8
    assert found.saturated[-1] == 0  # the output is linear
