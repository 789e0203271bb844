"""Bugs planted in layers, in backpropagation and in the step, each killed by the proofs named."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref import layers, mlp, optim
from nnref.activations import ACTIVATIONS
from nnref.arrays import Array, Params
from nnref.mlp import Cache

DENSE = "dense: vector-Jacobian product = complex step"
TANH = "tanh network, every loss: backward = complex"
RELU = "relu network, every loss: backward = complex"
TANH_CENTRAL = "tanh network, every loss: backward = central"
EVERY = (DENSE, TANH, RELU, TANH_CENTRAL)
SGD = ("sgd: w - lr g, arguments untouched",)

_dense_vjp, _forward, _sgd = layers.dense_vjp, mlp.forward, optim.sgd

# change(X, W, dZ, dX, dW, db): the right gradients made wrong
VJP: dict[str, Callable[..., tuple[Array, Array, Array]]] = {
    "sign of dW flipped": lambda X, W, dZ, dX, dW, db: (dX, -dW, db),
    "dW twice": lambda X, W, dZ, dX, dW, db: (dX, 2 * dW, db),
    "dW times m": lambda X, W, dZ, dX, dW, db: (dX, len(X) * dW, db),
    "dW divided by m again": lambda X, W, dZ, dX, dW, db: (dX, dW / len(X), db),
    "dW of the first example alone": lambda X, W, dZ, dX, dW, db: (dX, X[:1].T @ dZ[:1], db),
    "dW with X and dZ exchanged": lambda X, W, dZ, dX, dW, db: (
        dX,
        (dZ.T @ X).reshape(W.shape),
        db,
    ),
    "db missing": lambda X, W, dZ, dX, dW, db: (dX, dW, 0 * db),
    "db a mean": lambda X, W, dZ, dX, dW, db: (dX, dW, dZ.mean(axis=0)),
    "db too large by 0.1 %": lambda X, W, dZ, dX, dW, db: (dX, dW, 1.001 * db),
    "dX by W untransposed": lambda X, W, dZ, dX, dW, db: (dZ @ W.reshape(W.T.shape), dW, db),
    "dX of the last unit lost": lambda X, W, dZ, dX, dW, db: (dX * (dX != dX[:, -1:]), dW, db),
}


@pytest.mark.parametrize("bug", VJP)
def test_a_wrong_dense_vjp_is_killed(bug: str, kill: Callable[..., None]) -> None:
    kill(_dense_vjp, lambda X, W, dZ: VJP[bug](X, W, dZ, *_dense_vjp(X, W, dZ)), EVERY)


def test_a_part_per_million_is_killed_by_the_complex_step(kill: Callable[..., None]) -> None:
    """The central difference cannot: 5e-7 in one tensor of many passes for its own error."""

    def mutant(X: Array, W: Array, dZ: Array) -> tuple[Array, Array, Array]:
        dX, dW, db = _dense_vjp(X, W, dZ)
        return dX, dW, (1 + 1e-6) * db

    kill(_dense_vjp, mutant, (DENSE, TANH, RELU))


# visit(l, dA, Z, A, f): how layer l gets its dZ
BACKWARD: dict[str, tuple[Callable[..., Array], tuple[str, ...]]] = {
    "slope skipped in layer 1": (
        lambda l, dA, Z, A, f: dA * f.df(Z) if l else dA,
        (TANH, RELU, TANH_CENTRAL),
    ),
    "slope skipped everywhere": (lambda l, dA, Z, A, f: dA, (TANH, RELU, TANH_CENTRAL)),
    "value for slope": (lambda l, dA, Z, A, f: dA * f(Z), (TANH, RELU, TANH_CENTRAL)),
    "slope at the activation": (lambda l, dA, Z, A, f: dA * f.df(f(Z)), (TANH, TANH_CENTRAL)),
    "sign lost at the output": (
        lambda l, dA, Z, A, f: dA * f.df(Z) * (-1 if l == 2 else 1),
        (TANH, RELU, TANH_CENTRAL),
    ),
    "averaged again in every layer": (
        lambda l, dA, Z, A, f: dA * f.df(Z) / len(Z),
        (TANH, RELU, TANH_CENTRAL),
    ),
}


@pytest.mark.parametrize("bug", BACKWARD)
def test_a_wrong_backward_pass_is_killed(bug: str, kill: Callable[..., None]) -> None:
    visit, claims = BACKWARD[bug]

    def mutant(params: Params, cache: Cache, dout: Array) -> tuple[Params, Array]:
        grads: list[tuple[Array, Array]] = []
        dA = dout
        for l in reversed(range(len(params))):
            Z, A, f = cache.pre_activations[l], cache.inputs[l], cache.activations[l]
            dA, dW, db = layers.dense_vjp(A, params[l][0], visit(l, dA, Z, A, f))
            grads.insert(0, (dW, db))
        return tuple(grads), dA

    kill(mlp.backward, mutant, claims)


def test_a_step_taken_before_the_gradient_has_passed_is_killed(kill: Callable[..., None]) -> None:
    """W2 updated before delta1: the gradient goes back through weights that it has changed."""

    def mutant(params: Params, cache: Cache, dout: Array) -> tuple[Params, Array]:
        grads: list[tuple[Array, Array]] = []
        dA = dout
        for l in reversed(range(len(params))):
            dZ = dA * cache.activations[l].df(cache.pre_activations[l])
            _, dW, db = layers.dense_vjp(cache.inputs[l], params[l][0], dZ)
            dA = dZ @ (params[l][0] - 0.01 * dW).T
            grads.insert(0, (dW, db))
        return tuple(grads), dA

    kill(mlp.backward, mutant, (TANH, RELU, TANH_CENTRAL))


def test_a_cache_that_keeps_the_wrong_value_is_killed(kill: Callable[..., None]) -> None:
    def mutant(*args: Any, **options: Any) -> tuple[Array, Cache]:
        out, cache = _forward(*args, **options)
        kept = tuple(f(Z) for f, Z in zip(cache.activations, cache.pre_activations, strict=True))
        return out, dataclasses.replace(cache, pre_activations=kept)

    kill(_forward, mutant, (TANH, TANH_CENTRAL))


def test_a_bias_forgotten_forward_is_killed(kill: Callable[..., None]) -> None:
    kill(layers.dense, lambda X, W, b: X @ W + 0 * b, EVERY)


def test_f_prime_of_a_is_right_where_pieces_are_linear_through_their_kinks() -> None:
    """Why a gradient check with ReLU alone lets f'(a) for f'(z) pass: a > 0 where z > 0."""
    z = np.random.default_rng(0).standard_normal(100)
    right = {n for n, act in ACTIVATIONS.items() if np.array_equal(act.df(act(z)), act.df(z))}
    assert right == {"identity", "relu", "leaky_relu", "hard_tanh"}


def test_ascent_is_killed(kill: Callable[..., None]) -> None:
    def mutant(params: Params, grads: Params, lr: float) -> Params:
        return _sgd(params, tuple((-dW, -db) for dW, db in grads), lr)

    kill(_sgd, mutant, SGD)


def test_a_step_in_place_is_killed(kill: Callable[..., None]) -> None:
    def mutant(params: Params, grads: Params, lr: float) -> Params:
        for (W, b), (dW, db) in zip(params, grads, strict=True):
            np.subtract(W, lr * dW, out=W)
            np.subtract(b, lr * db, out=b)
        return params

    kill(_sgd, mutant, SGD)
