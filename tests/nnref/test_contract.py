"""What a wrong argument is told, word for word: which function, which argument, which shapes."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from nnref.activations import ACTIVATIONS, relu, softmax
from nnref.dying import activity, dead_units
from nnref.erf import erf
from nnref.gradcheck import central, check_gradients, complex_step, optimal_step, relative_error
from nnref.init import he, init_params, orthogonal
from nnref.layers import dense, dense_vjp
from nnref.losses import bce_logits, hinge, huber, mae, mse, softmax_ce
from nnref.mlp import backward, flatten, forward, unflatten
from nnref.optim import adam, clip_by_norm, momentum, sgd

RNG = np.random.default_rng(0)
PARAMS = init_params((3, 4, 2), "he", RNG)
X = np.ones((5, 3))
INT = np.arange(6).reshape(2, 3)


class Case(NamedTuple):
    """A wrong call and what it says."""

    call: Callable[[], Any]
    error: type[Exception]
    message: str


SHAPES = [
    Case(
        lambda: dense(np.ones((32, 10)), np.ones((12, 4)), np.ones(4)),
        ValueError,
        "dense: X (32, 10) @ W (12, 4): inner sizes 10 and 12 differ",
    ),
    Case(
        lambda: dense(X, np.ones((3, 4)), np.ones((1, 4))),
        ValueError,
        "dense: b (1, 4) must be (4,), one per column of W (3, 4)",
    ),
    Case(
        lambda: dense(np.ones(3), np.ones((3, 4)), np.ones(4)),
        ValueError,
        "dense: X (3,) must have 2 dimensions (examples, units)",
    ),
    Case(
        lambda: dense_vjp(X, np.ones((3, 4)), np.ones((1, 4))),
        ValueError,
        "dense_vjp: dZ (1, 4) must be (5, 4), the shape of X (5, 3) @ W (3, 4)",
    ),
    Case(
        lambda: mse(np.ones((5, 1)), np.ones(5)),
        ValueError,
        "mse: pred (5, 1) and y (5,) must have one shape",
    ),
    Case(
        lambda: bce_logits(np.ones((5, 1)), np.ones(5)),
        ValueError,
        "bce_logits: z (5, 1) and y (5,) must have one shape",
    ),
    Case(
        lambda: mae(np.ones((5, 1)), np.ones(5)),
        ValueError,
        "mae: pred (5, 1) and y (5,) must have one shape",
    ),
    Case(
        lambda: huber(np.ones((5, 1)), np.ones(5)),
        ValueError,
        "huber: pred (5, 1) and y (5,) must have one shape",
    ),
    Case(
        lambda: hinge(np.ones((5, 1)), np.ones(5)),
        ValueError,
        "hinge: z (5, 1) and y (5,) must have one shape",
    ),
    Case(
        lambda: adam(PARAMS, PARAMS, momentum(PARAMS, PARAMS, None, 0.1)[1], 0.1),
        ValueError,
        "adam: state holds vectors [(26,)], expected [(26,), (26,)]",
    ),
    Case(
        lambda: softmax_ce(np.ones((5, 2)), np.zeros((5, 1), dtype=int)),
        ValueError,
        "softmax_ce: labels (5, 1) must be (5,), one per row of z (5, 2)",
    ),
    Case(
        lambda: forward(PARAMS, np.ones((5, 7))),
        ValueError,
        "forward: X (5, 7) @ W1 (3, 4): inner sizes 7 and 3 differ",
    ),
    Case(
        lambda: forward((PARAMS[0], PARAMS[0]), X),
        ValueError,
        "forward: W1 (3, 4) @ W2 (3, 4): inner sizes 4 and 3 differ",
    ),
    Case(
        lambda: forward(((np.ones((3, 4)), np.ones(3)),), X),
        ValueError,
        "forward: b1 (3,) must be (4,), as W1 (3, 4)",
    ),
    Case(
        lambda: backward(PARAMS, forward(PARAMS, X)[1], np.ones((5, 1))),
        ValueError,
        "backward: dout (5, 1) must have the output's shape (5, 2)",
    ),
    Case(
        lambda: backward(PARAMS[:1], forward(PARAMS, X)[1], np.ones((5, 2))),
        ValueError,
        "backward: params have 1 layers, the cache has 2",
    ),
    Case(
        lambda: unflatten(np.ones(5), PARAMS),
        ValueError,
        "unflatten: vector (5,) must be (26,), as like",
    ),
    Case(lambda: sgd(PARAMS, PARAMS[:1], 0.1), ValueError, "sgd: 2 layers of params, 1 of grads"),
    Case(
        lambda: sgd(PARAMS[:1], ((np.ones((3, 4)), np.ones((1, 4))),), 0.1),
        ValueError,
        "sgd: b1 (4,) and db1 (1, 4) must have one shape",
    ),
    Case(
        lambda: check_gradients(lambda p: 0, PARAMS[:1], PARAMS[1:]),
        ValueError,
        "check_gradients: W1 (3, 4) and dW1 (4, 2) must have one shape",
    ),
    Case(
        lambda: relative_error(np.ones((2, 1)), np.ones(2)),
        ValueError,
        "relative_error: g (2, 1) and n (2,) must have one shape",
    ),
    Case(
        lambda: complex_step(lambda x: 2 * x, np.ones(3)),
        ValueError,
        "complex_step: f must give one number, not an array (3,)",
    ),
]

TYPES = [
    Case(lambda: relu([1.0, 2.0]), TypeError, "relu: z must be a NumPy array of floats, not list"),  # type: ignore[arg-type]
    Case(
        lambda: relu.df(INT),
        TypeError,
        "relu.df: z has dtype int64, expected floats: z.astype(np.float64)",
    ),
    Case(lambda: relu(True), TypeError, "relu: z must be a NumPy array of floats, not bool"),
    Case(
        lambda: dense(INT, np.ones((3, 4)), np.ones(4)),
        TypeError,
        "dense: X has dtype int64, expected floats: X.astype(np.float64)",
    ),
    Case(
        lambda: dense(X.astype(object), np.ones((3, 4)), np.ones(4)),
        TypeError,
        "dense: X has dtype object, expected floats: X.astype(np.float64)",
    ),
    Case(
        lambda: forward(((np.ones((3, 4), dtype=int), np.ones(4)),), X),
        TypeError,
        "forward: W1 has dtype int64, expected floats: W1.astype(np.float64)",
    ),
    Case(
        lambda: mse(X, X > 0),
        TypeError,
        "mse: y has dtype bool, expected floats: y.astype(np.float64)",
    ),
    Case(
        lambda: softmax_ce(X, np.zeros(5)),
        TypeError,
        "softmax_ce: labels must be an integer array, not float64",
    ),
    Case(
        lambda: softmax_ce(X, [0, 1, 2, 0, 1]),  # type: ignore[arg-type]
        TypeError,
        "softmax_ce: labels must be an integer array, not list",
    ),
    Case(
        lambda: complex_step(np.sum, np.ones(2, dtype=complex)),
        TypeError,
        "complex_step: x has dtype complex128, expected real floats",
    ),
    Case(
        lambda: complex_step(lambda x: np.abs(x).sum(), np.ones(2)),
        TypeError,
        "complex_step: f lost the imaginary part: it gave a real number",
    ),
    Case(
        lambda: he(3, 4, 0),  # type: ignore[arg-type]
        TypeError,
        "he: rng must be a numpy.random.Generator, not int: np.random.default_rng(seed)",
    ),
    Case(
        lambda: he(3, 4, RNG, int),
        TypeError,
        "he: dtype int64 cannot hold weights, expected floats",
    ),
    Case(lambda: optimal_step(int, 2), TypeError, "optimal_step: dtype int64 is not a float"),
]

VALUES = [
    Case(
        lambda: softmax_ce(X, np.array([0, 1, 3, -1, 2])),
        ValueError,
        "softmax_ce: label 3 at 2 is outside 0..2",
    ),
    Case(
        lambda: softmax_ce(X, np.array([0, 1, 2, -1, 2])),
        ValueError,
        "softmax_ce: label -1 at 3 is outside 0..2",
    ),
    Case(
        lambda: bce_logits(np.ones(2), np.array([0.0, 1.5])),
        ValueError,
        "bce_logits: y must lie in [0, 1], found 1.5",
    ),
    Case(
        lambda: bce_logits(np.ones(2), np.array([0.0, np.nan])),
        ValueError,
        "bce_logits: y must lie in [0, 1], found nan",
    ),
    Case(
        lambda: hinge(np.ones(2), np.array([1.0, 0.0])),
        ValueError,
        "hinge: y must be -1 or +1, found 0.0",
    ),
    Case(
        lambda: huber(np.ones(2), np.ones(2), delta=0.0),
        ValueError,
        "huber: delta must be positive, got 0.0",
    ),
    Case(lambda: adam(PARAMS, PARAMS, None, 0.0), ValueError, "adam: lr must be positive, got 0.0"),
    Case(
        lambda: clip_by_norm(PARAMS, -1.0),
        ValueError,
        "clip_by_norm: largest must be positive, got -1.0",
    ),
    Case(lambda: sgd(PARAMS, PARAMS, 0.0), ValueError, "sgd: lr must be positive, got 0.0"),
    Case(lambda: sgd(PARAMS, PARAMS, -0.1), ValueError, "sgd: lr must be positive, got -0.1"),
    Case(lambda: central(np.sum, X, 0.0), ValueError, "central: h must be positive, got 0.0"),
    Case(
        lambda: check_gradients(lambda p: 0, PARAMS, PARAMS, h=0),
        ValueError,
        "complex_step: h must be positive, got 0",
    ),
    Case(
        lambda: optimal_step(float, 0), ValueError, "optimal_step: order must be at least 1, got 0"
    ),
    Case(
        lambda: forward(PARAMS, X, "rulu"),
        ValueError,
        f"forward: no activation 'rulu'; known: {', '.join(ACTIVATIONS)}",
    ),
    Case(
        lambda: check_gradients(lambda p: 0, PARAMS, PARAMS, method="exact"),  # type: ignore[arg-type]
        ValueError,
        "check_gradients: no method 'exact'; known: complex, central",
    ),
    Case(
        lambda: init_params((3,), "he", RNG),
        ValueError,
        "init_params: sizes (3,) need an input and an output",
    ),
    Case(lambda: init_params((3, 0, 2), "he", RNG), ValueError, "he: fans (3, 0) must be positive"),
    Case(lambda: orthogonal(0, 2, RNG), ValueError, "orthogonal: fans (0, 2) must be positive"),
    Case(
        lambda: init_params((3, 2), "xavier", RNG),
        ValueError,
        "init_params: no scheme 'xavier'; "
        "known: zeros, constant, normal, lecun, glorot, he, orthogonal",
    ),
]

EMPTY = [
    Case(
        lambda: dense(np.ones((0, 3)), np.ones((3, 4)), np.ones(4)),
        ValueError,
        "dense: X (0, 3) is empty",
    ),
    Case(lambda: forward(PARAMS, np.ones((0, 3))), ValueError, "forward: X (0, 3) is empty"),
    Case(
        lambda: mse(np.ones((0, 3)), np.ones((0, 3))),
        ValueError,
        "mse: pred (0, 3) is empty: the mean has no value",
    ),
    Case(
        lambda: bce_logits(np.ones(0), np.ones(0)),
        ValueError,
        "bce_logits: z (0,) is empty: the mean has no value",
    ),
    Case(
        lambda: softmax_ce(np.ones((0, 3)), np.ones(0, dtype=int)),
        ValueError,
        "softmax_ce: z (0, 3) is empty",
    ),
    Case(
        lambda: softmax(np.ones((2, 0))),
        ValueError,
        "softmax: z (2, 0) needs at least one class on its last axis",
    ),
    Case(
        lambda: softmax(np.array(1.0)),
        ValueError,
        "softmax: z () needs at least one class on its last axis",
    ),
    Case(
        lambda: forward((), X),
        ValueError,
        "forward: params is empty, expected one (W, b) per layer",
    ),
    Case(
        lambda: flatten(()), ValueError, "flatten: params is empty, expected one (W, b) per layer"
    ),
    Case(lambda: activity(PARAMS, np.ones((0, 3))), ValueError, "forward: X (0, 3) is empty"),
    Case(
        lambda: dead_units(PARAMS, np.ones((2, 4))),
        ValueError,
        "forward: X (2, 4) @ W1 (3, 4): inner sizes 4 and 3 differ",
    ),
    Case(lambda: erf([0.5]), TypeError, "erf: x must be a NumPy array of floats, not list"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(
    "case", SHAPES + TYPES + VALUES + EMPTY, ids=lambda case: case.message.partition(" ")[0]
)
def test_a_wrong_argument_is_named(case: Case) -> None:
    with pytest.raises(case.error, match=f"^{re.escape(case.message)}$"):
        case.call()
