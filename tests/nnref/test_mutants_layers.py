"""Bugs planted in convolution, pooling, recurrence, lookup and regularisation, each killed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref import convolution, embedding, losses, mlp, recurrent, residual
from nnref.arrays import Array, Params
from nnref.mlp import Cache


def _claims(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}: vector-Jacobian product = complex step" for name in names)


CONV = _claims("conv", "conv 1-D", "conv with stride and padding")
RNN = _claims("rnn", "rnn_cell")

_conv_vjp, _col2im, _max_pool_vjp = (
    convolution.conv_vjp,
    convolution.col2im,
    convolution.max_pool_vjp,
)
_windows, _cell_vjp, _rnn_vjp = convolution._windows, recurrent.rnn_cell_vjp, recurrent.rnn_vjp
_l2 = losses.l2

CONVOLUTION: dict[str, Callable[..., tuple[Array, Array, Array]]] = {
    "kernel gradient mirrored": lambda dX, dW, db: (dX, dW[::-1], db),
    "input gradient mirrored": lambda dX, dW, db: (dX[:, ::-1], dW, db),
    "bias gradient a mean over places": lambda dX, dW, db: (dX, dW, db / dX[..., 0].size),
    "channels exchanged": lambda dX, dW, db: (dX[..., ::-1], dW, db),
}


@pytest.mark.parametrize("bug", CONVOLUTION)
def test_a_wrong_convolution_vjp_is_killed(bug: str, kill: Callable[..., None]) -> None:
    def mutant(*args: Any, **options: Any) -> tuple[Array, Array, Array]:
        return CONVOLUTION[bug](*_conv_vjp(*args, **options))

    kill(_conv_vjp, mutant, CONV)


def test_patches_laid_side_by_side_not_added_are_killed(kill: Callable[..., None]) -> None:
    """= for += where patches overlap."""

    def mutant(patches: Array, shape: Any, *, stride: int = 1, padding: int = 0) -> Array:
        ones = np.ones_like(patches)
        covered = _col2im(ones, shape, stride=stride, padding=padding)
        added = _col2im(patches, shape, stride=stride, padding=padding)
        meant: Array = added / np.maximum(covered.real, 1)
        return meant

    kill(_col2im, mutant, (*CONV, *_claims("max_pool with overlap")))


def test_padding_cropped_from_one_side_only_is_killed(kill: Callable[..., None]) -> None:
    def mutant(patches: Array, shape: Any, *, stride: int = 1, padding: int = 0) -> Array:
        whole = [n + 2 * padding for n in shape[1:-1]]
        X = _col2im(patches, (shape[0], *whole, shape[-1]), stride=stride)
        return X[:, *(slice(0, n) for n in shape[1:-1])]

    kill(_col2im, mutant, _claims("conv with stride and padding"))


POOL = _claims("max_pool", "max_pool with overlap")


def test_a_pool_that_shares_its_gradient_is_killed(kill: Callable[..., None]) -> None:
    """As an average pool does."""

    def mutant(X: Array, size: int, dZ: Array, *, stride: int | None = None) -> Array:
        flat, _, shape = _windows("max_pool_vjp", X, size, stride)
        dflat = np.broadcast_to(dZ[..., None, :], flat.shape) / flat.shape[-2]
        return _col2im(dflat.reshape(shape), X.shape, stride=stride or size)

    kill(_max_pool_vjp, mutant, POOL)


def test_a_pool_of_the_smallest_is_killed_in_its_backward_pass(kill: Callable[..., None]) -> None:
    def mutant(X: Array, size: int, dZ: Array, *, stride: int | None = None) -> Array:
        return _max_pool_vjp(-X, size, dZ, stride=stride)

    kill(_max_pool_vjp, mutant, POOL)


# change(x, h, W, U, h_next, dh_next): what the cell's backward pass makes of it
CELL: dict[str, Callable[..., tuple[Array, ...]]] = {
    "slope of tanh forgotten": lambda x, h, W, U, n, d: _cell_vjp(x, h, W, U, 0 * n, d),
    "slope 1 - h for 1 - h^2": lambda x, h, W, U, n, d: _cell_vjp(x, h, W, U, 0 * n, d * (1 - n)),
    "slope at the state before": lambda x, h, W, U, n, d: _cell_vjp(x, h, W, U, h, d),
    "U not transposed": lambda x, h, W, U, n, d: (
        *_cell_vjp(x, h, W, U, n, d)[:1],
        (d * (1 - n**2)) @ U,
        *_cell_vjp(x, h, W, U, n, d)[2:],
    ),
    "dU from the state after": lambda x, h, W, U, n, d: (
        *_cell_vjp(x, h, W, U, n, d)[:3],
        n.T @ (d * (1 - n**2)),
        _cell_vjp(x, h, W, U, n, d)[4],
    ),
}


@pytest.mark.parametrize("bug", CELL)
def test_a_wrong_recurrent_cell_is_killed(bug: str, kill: Callable[..., None]) -> None:
    kill(_cell_vjp, CELL[bug], RNN)


def test_time_cut_after_one_step_is_killed(kill: Callable[..., None]) -> None:
    """Truncated backpropagation: the state's own gradient from later is dropped."""

    def mutant(X: Array, h: Array, W: Array, U: Array, H: Array, dH: Array) -> tuple[Array, ...]:
        before = np.concatenate([h[:, None], H[:, :-1]], axis=1)
        steps = [
            _cell_vjp(X[:, t], before[:, t], W, U, H[:, t], dH[:, t]) for t in range(X.shape[1])
        ]
        dX = np.stack([step[0] for step in steps], axis=1)
        sums = (sum(step[i] for step in steps) for i in (2, 3, 4))
        return dX, steps[0][1], *(np.asarray(total) for total in sums)

    kill(_rnn_vjp, mutant, _claims("rnn"))


def test_the_weights_of_the_last_step_alone_are_killed(kill: Callable[..., None]) -> None:
    """dW = for dW +=: only the first step in time, the last of the walk back, is left."""

    def mutant(X: Array, h: Array, W: Array, U: Array, H: Array, dH: Array) -> tuple[Array, ...]:
        dX, dh, *_ = _rnn_vjp(X, h, W, U, H, dH)
        rest = np.zeros_like(dH[:, 0])
        for t in reversed(range(1, X.shape[1])):
            rest = _cell_vjp(X[:, t], H[:, t - 1], W, U, H[:, t], dH[:, t] + rest)[1]
        return dX, dh, *_cell_vjp(X[:, 0], h, W, U, H[:, 0], dH[:, 0] + rest)[2:]

    kill(_rnn_vjp, mutant, _claims("rnn"))


def test_equal_tokens_that_overwrite_each_other_are_killed(kill: Callable[..., None]) -> None:
    def mutant(table: Array, tokens: Array, dE: Array) -> Array:
        dtable = np.zeros_like(table)
        dtable[tokens] += dE
        return dtable

    kill(embedding.embedding_vjp, mutant, _claims("embedding"))


def test_a_skip_forgotten_on_the_way_back_is_killed(kill: Callable[..., None]) -> None:
    def mutant(params: Params, cache: Cache, dY: Array) -> tuple[Params, Array]:
        return mlp.backward(params, cache, dY)

    kill(residual.residual_vjp, mutant, _claims("residual"))


L2: dict[str, Callable[..., tuple[Array, Params]]] = {
    "the half forgotten": lambda value, grads: (2 * value, grads),
    "the strength forgotten in the gradient": lambda value, grads: (
        value,
        tuple((dW / 0.3, db) for dW, db in grads),
    ),
    "biases decay too, in the gradient alone": lambda value, grads: (
        value,
        tuple((dW, db + 0.3) for dW, db in grads),
    ),
}


@pytest.mark.parametrize("bug", L2)
def test_a_wrong_l2_is_killed(bug: str, kill: Callable[..., None]) -> None:
    kill(_l2, lambda params, lam: L2[bug](*_l2(params, lam)), ("l2: gradient = complex step",))
