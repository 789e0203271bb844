"""Softmax and its logarithm over the last axis, stable for logits of any size.

Where `exp` underflows, the 0 it returns is the value: no caller's `errstate` makes it an error.
"""

import numpy as np

from nnref.arrays import Array, floats


@np.errstate(under="ignore")
def logsumexp(z: Array) -> Array:
    """Log of the sum of exp(z) over the last axis.

    Shapes:   z (..., K)  ->  log-sum (...)
    Numerics: max(z) is taken out first, so that no exponential exceeds 1.
    Raises:   TypeError unless floats; ValueError for K = 0.
    Source:   Blanchard, Higham and Higham, IMA J. Numer. Anal. 41 (2021) 2311-2330.

    >>> float(logsumexp(np.array([1000.0, 1000.0])).round(6))
    1000.693147
    """
    shift, shifted = _shifted("logsumexp", z)
    total: Array = shift[..., 0] + np.log(np.exp(shifted).sum(axis=-1))
    return total[()]


@np.errstate(under="ignore")
def softmax(z: Array) -> Array:
    """Probabilities proportional to exp(z) over the last axis.

    Shapes:   z (..., K)  ->  p (..., K)
    Raises:   TypeError unless floats; ValueError for K = 0.
    Source:   Bridle, NIPS 1989; Bishop, PRML 2006, eq. 4.104-4.105.

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    _, shifted = _shifted("softmax", z)
    e: Array = np.exp(shifted)
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


@np.errstate(under="ignore")
def log_softmax(z: Array) -> Array:
    """log(softmax(z)) without a logarithm of 0: z minus its log-sum-exp.

    Shapes:   z (..., K)  ->  log p (..., K)
    Raises:   TypeError unless floats; ValueError for K = 0.
    Source:   Blanchard, Higham and Higham, IMA J. Numer. Anal. 41 (2021) 2311-2330.

    >>> log_softmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    _, shifted = _shifted("log_softmax", z)
    log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_p


@np.errstate(under="ignore")
def softmax_jacobian(z: Array) -> Array:
    """The derivatives dp_i / dz_j = p_i (delta_ij - p_j), symmetric in i and j.

    Shapes:   z (..., K)  ->  J (..., K, K)
    Raises:   TypeError unless floats; ValueError for K = 0.
    Source:   Bishop, PRML 2006, eq. 4.106.

    >>> softmax_jacobian(np.zeros(2))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = softmax(z)
    delta = np.eye(p.shape[-1], dtype=p.dtype)
    J: Array = p[..., :, None] * (delta - p[..., None, :])  # (..., K, 1) * (..., K, K)
    return J


def _shifted(where: str, z: Array) -> tuple[Array, Array]:
    """The largest real part of the last axis, axis kept, and z less that: all real parts <= 0."""
    z = floats(where, "z", z)
    if z.ndim == 0 or z.shape[-1] == 0:
        raise ValueError(f"{where}: z {z.shape} needs at least one class on its last axis")
    shift = z.real.max(axis=-1, keepdims=True)
    return shift, z - shift
