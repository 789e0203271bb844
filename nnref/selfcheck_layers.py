"""The proofs of the layers: each one's gradients against the complex step of its forward map."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nnref import convolution, embedding, gradcheck, init, layers, norms, recurrent, residual
from nnref.arrays import Array
from nnref.differences import complex_step, relative_error
from nnref.proof import Proof, vjp_error


def layer_proofs() -> Iterator[Proof]:
    """Every layer's proof, still to be measured.

    Shapes:  ->  proofs
    Raises:  nothing; measuring raises what the code under proof raises.
    Source:  `nnref.proof.vjp_error`.
    """
    errors: dict[str, Callable[[], float]] = {
        "dense": _dense_error,
        "batch_norm": partial(_norm_error, "batch_norm"),
        "layer_norm": partial(_norm_error, "layer_norm"),
        "conv": partial(_conv_error, (2, 5, 4, 2), (3, 2, 2, 3)),
        "conv 1-D": partial(_conv_error, (2, 7, 2), (3, 2, 3)),
        "conv with stride and padding": partial(
            _conv_error, (2, 6, 5, 2), (3, 3, 2, 2), stride=2, padding=1
        ),
        "max_pool": partial(_pool_error, stride=2),
        "max_pool with overlap": partial(_pool_error, stride=1),
        "rnn_cell": _rnn_cell_error,
        "rnn": _rnn_error,
        "embedding": _embedding_error,
        "residual": _residual_error,
    }
    for name, measure in errors.items():
        claim = f"{name}: vector-Jacobian product = complex step"
        yield Proof(claim, measure, gradcheck.THRESHOLDS["complex"])


def _draw(seed: int, *shapes: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def _dense_error() -> float:
    X, W, b, dZ = _draw(2, (5, 3), (3, 2), (2,), (5, 2))
    return vjp_error(layers.dense, (X, W, b), dZ, layers.dense_vjp(X, W, dZ))


def _norm_error(name: str) -> float:
    X, gamma, beta, dY = _draw(10, (5, 3), (3,), (3,), (5, 3))
    gradients = getattr(norms, f"{name}_vjp")(X, gamma, dY)
    return vjp_error(getattr(norms, name), (X, gamma, beta), dY, gradients)


def _conv_error(
    x: tuple[int, ...], w: tuple[int, ...], *, stride: int = 1, padding: int = 0
) -> float:
    X, W, b = _draw(11, x, w, w[-1:])
    layer = partial(convolution.conv, stride=stride, padding=padding)
    (dZ,) = _draw(12, layer(X, W, b).shape)
    gradients = convolution.conv_vjp(X, W, dZ, stride=stride, padding=padding)
    return vjp_error(layer, (X, W, b), dZ, gradients)


def _pool_error(stride: int) -> float:
    (X,) = _draw(13, (2, 5, 4, 3))
    layer = partial(convolution.max_pool, size=2, stride=stride)
    (dZ,) = _draw(14, layer(X).shape)
    return vjp_error(layer, (X,), dZ, (convolution.max_pool_vjp(X, 2, dZ, stride=stride),))


def _rnn_cell_error() -> float:
    x, h, W, U, b, d = _draw(15, (4, 3), (4, 2), (3, 2), (2, 2), (2,), (4, 2))
    h_next = recurrent.rnn_cell(x, h, W, U, b)
    gradients = recurrent.rnn_cell_vjp(x, h, W, U, h_next, d)
    return vjp_error(recurrent.rnn_cell, (x, h, W, U, b), d, gradients)


def _rnn_error() -> float:
    X, h, W, U, b, dH = _draw(16, (3, 5, 2), (3, 4), (2, 4), (4, 4), (4,), (3, 5, 4))
    H = recurrent.rnn(X, h, W, U, b)
    gradients = recurrent.rnn_vjp(X, h, W, U, H, dH)
    return vjp_error(recurrent.rnn, (X, h, W, U, b), dH, gradients)


def _embedding_error() -> float:
    table, dE = _draw(17, (5, 3), (2, 4, 3))
    tokens = np.array([[0, 1, 1, 4], [1, 0, 3, 3]])  # 1 three times, 2 never
    gradient = embedding.embedding_vjp(table, tokens, dE)
    return vjp_error(lambda t: embedding.embedding(t, tokens), (table,), dE, (gradient,))


def _residual_error() -> float:
    """By the parameters and by X."""
    X, dY = _draw(18, (5, 3), (5, 3))
    params = init.init_params((3, 4, 3), "he", np.random.default_rng(19), bias=0.1)
    _, cache = residual.residual(params, X, "tanh")
    grads, dX = residual.residual_vjp(params, cache, dY)
    report = gradcheck.check_gradients(
        lambda p: (dY * residual.residual(p, X, "tanh")[0]).sum(), params, grads
    )
    numeric = complex_step(lambda v: (dY * residual.residual(params, v, "tanh")[0]).sum(), X)
    return max(report.max_error, relative_error(dX, numeric))
