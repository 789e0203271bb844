"""Which units are off, and what that means for their gradient."""

import numpy as np
import pytest

from nnref.arrays import Params
from nnref.dying import activity, dead_units
from nnref.mlp import backward, forward

X = np.array([[1.0], [2.0], [-1.0], [0.0]])


def _one_layer(W: list[float], b: list[float]) -> Params:
    return ((np.array([W]), np.array(b)), (np.ones((len(W), 1)), np.zeros(1)))


def test_activity_is_the_share_of_examples_above_zero() -> None:
    shares = activity(_one_layer([1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]), X)
    assert [s.tolist() for s in shares] == [[0.5, 0.25, 1.0, 0.0]]


def test_a_unit_that_is_never_above_zero_is_dead() -> None:
    """Exactly zero on an example counts as off: relu'(0) = 0."""
    masks = dead_units(_one_layer([1.0, 1.0, 0.0], [-1.9, -2.0, 0.0]), X)
    assert [m.tolist() for m in masks] == [[False, True, True]]


def test_every_hidden_layer_is_reported_and_the_output_is_not() -> None:
    params = (
        (np.array([[1.0, -1.0]]), np.zeros(2)),
        (-np.ones((2, 3)), np.array([0.0, 1.5, 9.0])),
        (np.ones((3, 1)), np.zeros(1)),
    )
    assert [m.tolist() for m in dead_units(params, X)] == [[False, False], [True, False, False]]
    assert [s.tolist() for s in activity(params, X)] == [[0.5, 0.25], [0.0, 0.75, 1.0]]


def test_the_activation_decides_what_the_next_layer_sees() -> None:
    params = (
        (np.ones((1, 1)), np.array([-5.0])),
        (-np.ones((1, 1)), np.zeros(1)),
        (np.ones((1, 1)), np.zeros(1)),
    )
    assert dead_units(params, X, "relu")[1].tolist() == [True]
    assert dead_units(params, X, "leaky_relu")[1].tolist() == [False]


@pytest.mark.parametrize(("act", "revives"), [("relu", False), ("leaky_relu", True), ("elu", True)])
def test_no_gradient_reaches_a_dead_relu(act: str, revives: bool) -> None:
    params = _one_layer([1.0, 1.0], [0.0, -5.0])
    assert dead_units(params, X, act)[0].tolist() == [False, True]
    out, cache = forward(params, X, act)
    (dW, db), _ = backward(params, cache, np.ones_like(out))[0]
    assert bool(db[1] != 0) is revives
    assert bool(dW[0, 1] != 0) is revives
