"""The proofs of training: optimisers against closed forms, the fast form against the readable."""

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nnref import fast, init, inplace, losses, mlp, optim
from nnref.arrays import Array, Params
from nnref.differences import relative_error
from nnref.proof import Proof

BOUND = 1e-12
"""Some roundings in each of thirty steps."""
LR, G = 0.125, 1e6
"""So large a gradient that no epsilon beside it is seen."""


def training_proofs() -> Iterator[Proof]:
    """The proofs for `nnref.optim`, `nnref.inplace` and `nnref.fast`, still to be measured.

    Shapes:  ->  proofs
    Raises:  nothing; measuring raises what the code under proof raises.
    Source:  the recurrences in `nnref.optim`, solved for a gradient that never changes.
    """
    for name in STEPS:
        claim = f"{name}: steps under a constant gradient = their closed form"
        yield Proof(claim, partial(_step_error, name), BOUND)
    for name in inplace.OPTIMISERS:
        claim = f"{name} in place: thirty steps = the readable form, gradients untouched"
        yield Proof(claim, partial(_inplace_error, name), BOUND)
    for act in ("relu", "leaky_relu", "tanh", "sigmoid", "identity", "gelu"):
        claim = f"fast, {act}: loss and gradient = the readable form, batch after batch"
        yield Proof(claim, partial(_fast_error, act), BOUND)


# how far step k goes, in units of the learning rate; momentum's in units of the gradient, too
STEPS: dict[str, Callable[[int], float]] = {
    "momentum": lambda k: G * (1 - 0.9**k) / (1 - 0.9),
    "nesterov": lambda k: G * (1 - 0.9 ** (k + 1)) / (1 - 0.9),
    "adagrad": lambda k: 1 / math.sqrt(k),
    "rmsprop": lambda k: 1 / math.sqrt(1 - 0.99**k),
    "adam": lambda k: 1.0,
    "adamw": lambda k: 1.0,
}


def _step_error(name: str) -> float:
    """Thirty steps from 2; AdamW's weight shrinks first, by a hundredth of the learning rate."""
    shrink = 1 - 0.01 * LR if name == "adamw" else 1.0
    w, path = 2.0, []
    params, grads, state, found = _one(w), _one(G), None, []
    for k in range(1, 31):
        w = shrink * w - LR * STEPS[name](k)
        params, state = optim.OPTIMISERS[name](params, grads, state, LR)
        path.append(w)
        found.append(float(params[0][1][0]))
    return relative_error(np.array(found), np.array(path))


def _one(value: float) -> Params:
    return ((np.array([[value]]), np.array([value])),)


def _inplace_error(name: str) -> float:
    rng = np.random.default_rng(21)
    start, gradients = rng.standard_normal(6), rng.standard_normal((30, 6))
    w, params, state = start.copy(), _layer(start), None
    memory = inplace.remember(w, name)
    for g in gradients:
        given = g.copy()
        inplace.OPTIMISERS[name](w, given, memory, LR)
        if not np.array_equal(g, given):
            return math.inf
        if name == "sgd":
            params = optim.sgd(params, _layer(g), LR)
        else:
            params, state = optim.OPTIMISERS[name](params, _layer(g), state, LR)
    return relative_error(w, mlp.flatten(params))


def _layer(vector: Array) -> Params:
    return ((vector[:-1].reshape(-1, 1), vector[-1:]),)


def _fast_error(act: str) -> float:
    """Two batches, one after the other: nothing of the first may be left."""
    rng = np.random.default_rng(22)
    params = init.init_params((3, 5, 4, 2), "he", rng, bias=0.1)
    net = fast.network(params, 8, act)
    errors: list[float] = []
    for _ in range(2):
        X, labels = rng.standard_normal((8, 3)), rng.integers(0, 2, 8)
        value = fast.gradient(net, X, labels)
        out, cache = mlp.forward(params, X, act)
        expected, dout = losses.softmax_ce(out, labels)
        grads, _ = mlp.backward(params, cache, dout)
        errors += [abs(value - float(expected)), relative_error(net.gradient, mlp.flatten(grads))]
    return max(errors)
