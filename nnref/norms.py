"""Normalisation and dropout: the forward map, and below it the map that carries a gradient back.

Both norms are one formula, y = gamma (x - mean) / sqrt(var + eps) + beta; batch norm takes mean and
variance over the examples of a unit, layer norm over the units of an example.
"""

import numpy as np

from nnref.arrays import Array, floats, matrix, require_generator, require_same_shape

EPS = 1e-5
"""Added to the variance, as in PyTorch: a constant unit is divided by sqrt(EPS), not by 0."""


def batch_norm(X: Array, gamma: Array, beta: Array) -> Array:
    """Each unit to mean beta and deviation gamma over the batch: the mode for training.

    Shapes:   X (m, n), gamma (n,), beta (n,)  ->  Y (m, n)
    Numerics: the variance is divided by m, not m - 1.
    Raises:   TypeError unless floats; ValueError for a batch of one, or if sizes differ.
    Source:   Ioffe and Szegedy, ICML 2015, arXiv:1502.03167, algorithm 1.
    """
    X = _batch("batch_norm", X, gamma=gamma, beta=beta)
    hat, _ = _standardised(X, axis=0)  # (m, n)
    return hat * gamma + beta


def batch_norm_vjp(X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
    """The gradients of a loss by X, gamma and beta from its gradient by Y.

    Shapes:  X (m, n), gamma (n,), dY (m, n)  ->  dX (m, n), dgamma (n,), dbeta (n,)
    Raises:  TypeError unless floats; ValueError for a batch of one, or if sizes differ.
    Source:  Ioffe and Szegedy, ICML 2015, section 3, its seven equations joined into one.
    """
    X = _batch("batch_norm_vjp", X, gamma=gamma)
    require_same_shape("batch_norm_vjp", "dY", floats("batch_norm_vjp", "dY", dY), "X", X)
    hat, deviation = _standardised(X, axis=0)
    dX = _standardised_vjp(hat, deviation, dY * gamma, axis=0)
    return dX, (dY * hat).sum(axis=0), dY.sum(axis=0)


def batch_norm_fixed(X: Array, gamma: Array, beta: Array, mean: Array, var: Array) -> Array:
    """The mode for use: mean and variance are given, so examples do not see each other.

    Shapes:  X (m, n), gamma (n,), beta (n,), mean (n,), var (n,)  ->  Y (m, n)
    Raises:  TypeError unless floats; ValueError if sizes differ.
    Source:  Ioffe and Szegedy, ICML 2015, algorithm 2.
    """
    X = _scaled("batch_norm_fixed", X, gamma=gamma, beta=beta, mean=mean, var=var)
    return (X - mean) / np.sqrt(var + EPS) * gamma + beta


def layer_norm(X: Array, gamma: Array, beta: Array) -> Array:
    """Each example to mean 0 and deviation 1 over its units, then scaled and moved per unit.

    Shapes:  X (m, n), gamma (n,), beta (n,)  ->  Y (m, n)
    Raises:  TypeError unless floats; ValueError if sizes differ.
    Source:  Ba, Kiros and Hinton, arXiv:1607.06450, eq. 3-4.
    """
    X = _scaled("layer_norm", X, gamma=gamma, beta=beta)
    hat, _ = _standardised(X, axis=1)  # (m, n)
    return hat * gamma + beta


def layer_norm_vjp(X: Array, gamma: Array, dY: Array) -> tuple[Array, Array, Array]:
    """The gradients of a loss by X, gamma and beta from its gradient by Y.

    Shapes:  X (m, n), gamma (n,), dY (m, n)  ->  dX (m, n), dgamma (n,), dbeta (n,)
    Raises:  TypeError unless floats; ValueError if sizes differ.
    Source:  as `batch_norm_vjp`, with the roles of examples and units exchanged.
    """
    X = _scaled("layer_norm_vjp", X, gamma=gamma)
    require_same_shape("layer_norm_vjp", "dY", floats("layer_norm_vjp", "dY", dY), "X", X)
    hat, deviation = _standardised(X, axis=1)
    dX = _standardised_vjp(hat, deviation, dY * gamma, axis=1)
    return dX, (dY * hat).sum(axis=0), dY.sum(axis=0)


def dropout(X: Array, rate: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Each element off with probability rate, the others over 1 - rate: the mean is kept.

    The gradient goes back through the same mask: dX = dY * mask.

    Shapes:  X (...), rate, rng  ->  Y (...), mask (...)
    Raises:  TypeError unless floats and rng a generator; ValueError unless 0 <= rate < 1.
    Source:  Srivastava et al., JMLR 15 (2014) 1929-1958, section 10, the inverted form.
    """
    X = floats("dropout", "X", X)
    require_generator("dropout", rng)
    if not 0 <= rate < 1:
        raise ValueError(f"dropout: rate must be in [0, 1), got {rate}")
    mask = ((rng.random(X.shape) >= rate) / (1 - rate)).astype(X.dtype)
    return X * mask, mask


def _standardised(X: Array, axis: int) -> tuple[Array, Array]:
    """X with mean 0 and variance 1 along the axis, and the deviation it was divided by."""
    centred = X - X.mean(axis=axis, keepdims=True)
    variance = (centred**2).mean(axis=axis, keepdims=True)  # analytic: `var` takes abs
    deviation: Array = np.sqrt(variance + EPS)
    return centred / deviation, deviation


def _standardised_vjp(hat: Array, deviation: Array, dhat: Array, axis: int) -> Array:
    """What is left of dhat without its parts along 1 and along hat: both are fixed by the norm."""
    along_one = dhat.mean(axis=axis, keepdims=True)
    along_hat = (dhat * hat).mean(axis=axis, keepdims=True) * hat
    dX: Array = (dhat - along_one - along_hat) / deviation
    return dX


def _scaled(where: str, X: Array, **vectors: Array) -> Array:
    """X as a batch whose units have one number each in every vector."""
    X = matrix(where, "X", X)
    for name, vector in vectors.items():
        if floats(where, name, vector).shape != X.shape[1:]:
            raise ValueError(
                f"{where}: {name} {vector.shape} must be {X.shape[1:]}, one per unit of X {X.shape}"
            )
    return X


def _batch(where: str, X: Array, **vectors: Array) -> Array:
    """As `_scaled`, with at least two examples."""
    X = _scaled(where, X, **vectors)
    if X.shape[0] == 1:
        raise ValueError(f"{where}: X {X.shape} is a batch of one, which has no variance")
    return X
