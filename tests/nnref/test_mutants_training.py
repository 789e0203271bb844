"""Bugs planted in optimisers, in their form in place and in the fast form, each killed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref import fast, inplace, optim, overwrite
from nnref.arrays import Array, Params
from nnref.inplace import Memory
from nnref.mlp import flatten, unflatten
from nnref.optim import State

_adam, _momentum, _adagrad = optim.adam, optim.momentum, optim.adagrad
_adam_in_place, _backward, _begin = inplace.adam, fast._backward, inplace._begin
Stepped = tuple[Params, State]


def _closed(name: str) -> tuple[str, ...]:
    return (f"{name}: steps under a constant gradient = their closed form",)


def _in_place(*names: str) -> tuple[str, ...]:
    claim = "thirty steps = the readable form, gradients untouched"
    return tuple(f"{name} in place: {claim}" for name in names)


def _fast(*acts: str) -> tuple[str, ...]:
    claim = "loss and gradient = the readable form, batch after batch"
    return tuple(f"fast, {act}: {claim}" for act in acts)


def _without_correction(
    params: Params, grads: Params, state: State | None, lr: float, **_: Any
) -> Stepped:
    """Adam whose moments begin at 0 and are taken as they are."""
    w, g = flatten(params), flatten(grads)
    m, v = state.moments if state else (0 * w, 0 * w)
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    step = state.step + 1 if state else 1
    return unflatten(w - lr * m / (np.sqrt(v) + 1e-8), params), State(step, (m, v))


def _decay_in_the_gradient(
    params: Params, grads: Params, state: State | None, lr: float, *, decay: float = 0.01
) -> Stepped:
    """L2 for AdamW: the decay is divided by the gradient's size, too."""
    both = flatten(grads) + decay * flatten(params)
    return _adam(params, unflatten(both, grads), state, lr)


OPTIMISER: dict[str, tuple[Callable[..., Stepped], Callable[..., Stepped], str]] = {
    "no correction of the bias": (_adam, _without_correction, "adam"),
    "decay inside the gradient": (optim.adamw, _decay_in_the_gradient, "adamw"),
    "no look ahead": (optim.nesterov, _momentum, "nesterov"),
    "ahead by one more": (_momentum, optim.nesterov, "momentum"),
    "nothing forgotten": (optim.rmsprop, _adagrad, "rmsprop"),
    "all forgotten": (
        _adagrad,
        lambda params, grads, state, lr: _adagrad(params, grads, None, lr),
        "adagrad",
    ),
    "a momentum of means": (
        _momentum,
        lambda params, grads, state, lr: _momentum(
            params, unflatten(0.1 * flatten(grads), grads), state, lr
        ),
        "momentum",
    ),
}


@pytest.mark.parametrize("bug", OPTIMISER)
def test_a_wrong_optimiser_is_killed(bug: str, kill: Callable[..., None]) -> None:
    original, mutant, name = OPTIMISER[bug]
    kill(original, mutant, _closed(name))


def test_a_step_that_is_not_counted_is_killed(kill: Callable[..., None]) -> None:
    """The correction of the bias then stays that of the first step."""

    def mutant(where: str, w: Array, g: Array, memory: Memory, lr: float) -> int:
        _begin(where, w, g, memory, lr)
        memory.step[()] = 1
        return 1

    kill(_begin, mutant, _in_place("adam", "adamw"))


def test_moments_that_share_their_memory_are_killed(kill: Callable[..., None]) -> None:
    """Aliasing: both in one array."""

    def mutant(w: Array, g: Array, memory: Memory, lr: float, **options: Any) -> None:
        one = memory.moments[0]
        _adam_in_place(w, g, Memory(memory.step, (one, one), memory.scratch), lr, **options)

    kill(_adam_in_place, mutant, _in_place("adam"))


def test_a_gradient_that_is_used_up_is_killed(kill: Callable[..., None]) -> None:
    def mutant(w: Array, g: Array, memory: Memory, lr: float, **options: Any) -> None:
        _adam_in_place(w, g, memory, lr, **options)
        g *= 0

    kill(_adam_in_place, mutant, _in_place("adam"))


def test_a_slope_kept_from_the_batch_before_is_killed(kill: Callable[..., None]) -> None:
    def mutant(A: Array, slope: Array) -> None:
        if (slope == 1).all():  # as it was made
            np.greater(A, 0, slope)
        np.maximum(A, 0, out=A)

    kill(overwrite._relu, mutant, _fast("relu"))


def test_a_slope_of_z_for_one_of_f_is_killed(kill: Callable[..., None]) -> None:
    """1 - z^2 for 1 - tanh(z)^2: the square taken too early."""

    def mutant(A: Array, slope: Array) -> None:
        np.subtract(1, A * A, slope)
        np.tanh(A, A)

    kill(overwrite._tanh, mutant, _fast("tanh"))


def test_a_mean_for_a_sum_over_the_batch_is_killed(kill: Callable[..., None]) -> None:
    def mutant(net: fast.Network, X: Array) -> None:
        _backward(net, X)
        for layer in net.layers:
            np.divide(layer.db, len(X), layer.db)

    kill(_backward, mutant, _fast("relu", "tanh", "gelu"))


def test_weights_not_transposed_are_killed(kill: Callable[..., None]) -> None:
    def mutant(net: fast.Network, X: Array) -> None:
        right = [layer.W.copy() for layer in net.layers]
        for layer in net.layers:
            layer.W[...] = layer.W.T.reshape(layer.W.shape)
        _backward(net, X)
        for layer, W in zip(net.layers, right, strict=True):
            layer.W[...] = W

    kill(_backward, mutant, _fast("relu", "tanh", "gelu"))
