"""Activation functions, each with its slope below it, so that the eye can check one by the other.

Three rules make them exact. Branches ask for `z.real`: a complex step then never crosses a kink,
and at a kink the slope is that of PyTorch. Exponentials are taken of numbers <= 0 only, so nothing
overflows; where `exp` underflows, the 0 it returns is the value. And a slope is written in a form
without cancellation: `4 s'(2z)` instead of `1 - tanh(z)^2`, which is 0 from z = 19 on.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnref.arrays import Array, Floats, floats
from nnref.erf import erfc
from nnref.softmax import log_softmax, logsumexp, softmax, softmax_jacobian

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "elu",
    "gelu",
    "gelu_tanh",
    "hard_tanh",
    "identity",
    "leaky_relu",
    "log_softmax",
    "logsumexp",
    "relu",
    "selu",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "softplus",
    "swish",
    "tanh",
]

Elementwise: TypeAlias = Callable[[Floats], Array]
INF = math.inf


@dataclass(frozen=True)
class Activation:
    """A function applied to each pre-activation, and its derivative."""

    name: str
    """Its key in `ACTIVATIONS`."""
    f: Elementwise
    """The value; calling the activation calls this."""
    df: Elementwise
    """The slope at z (not at f(z))."""
    range: tuple[float, float]
    """Infimum and supremum of the values."""
    kinks: tuple[float, ...]
    """Where the slope jumps; `df` there is the choice of PyTorch."""
    source: str
    """Who proposed it, and where."""

    def __call__(self, z: Floats) -> Array:
        """The value at z, elementwise: `relu(z)` is `relu.f(z)`."""
        return self.f(z)


def _elementwise(formula: Callable[[Array], Array]) -> Elementwise:
    """The formula for arrays of floats, refusing all else in the activation's name."""
    where = formula.__name__.strip("_").replace("_slope", ".df")

    @functools.wraps(formula)
    def checked(z: Floats) -> Array:
        return formula(floats(where, "z", z))[()]  # [()]: a 0-d array becomes a number

    return checked


def _size(z: Array) -> Array:
    """|z| as an analytic function: `abs` would lose the imaginary part of a complex step."""
    return np.where(z.real < 0, -z, z)


def _positive_part(z: Array) -> Array:
    """max(z, 0), which takes z at 0 as `_size` does, so that their slopes there agree."""
    return np.where(z.real < 0, 0, z)


def _negative_part(z: Array) -> Array:
    """min(z, 0): keeps the branch that `where` will not take from overflowing."""
    return np.where(z.real > 0, 0, z)


@_elementwise
def _identity(z: Array) -> Array:
    return z.copy()


@_elementwise
def _identity_slope(z: Array) -> Array:
    return np.ones_like(z)


@_elementwise
def _sigmoid(z: Array) -> Array:
    e: Array = np.exp(-_size(z))
    s: Array = np.where(z.real < 0, e, 1) / (1 + e)
    return s


@_elementwise
def _sigmoid_slope(z: Array) -> Array:
    e: Array = np.exp(-_size(z))
    ds: Array = e / (1 + e) ** 2  # = s (1 - s), even in z
    return ds


@_elementwise
def _tanh(z: Array) -> Array:
    return np.tanh(z)


@_elementwise
def _tanh_slope(z: Array) -> Array:
    return 4 * _sigmoid_slope(2 * z)  # tanh z = 2 s(2z) - 1


@_elementwise
def _relu(z: Array) -> Array:
    return np.where(z.real <= 0, 0, z)  # asked this way round, NaN stays NaN


@_elementwise
def _relu_slope(z: Array) -> Array:
    return (z.real > 0).astype(z.dtype)


_LEAK = 0.01


@_elementwise
def _leaky_relu(z: Array) -> Array:
    return np.where(z.real > 0, z, _LEAK * z)


@_elementwise
def _leaky_relu_slope(z: Array) -> Array:
    return np.where(z.real > 0, np.ones_like(z), _LEAK)


@_elementwise
def _elu(z: Array) -> Array:
    return np.where(z.real > 0, z, np.expm1(_negative_part(z)))


@_elementwise
def _elu_slope(z: Array) -> Array:
    return np.exp(_negative_part(z))


_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805
"""The pair for which mean 0 and variance 1 are a fixed point of a layer."""


@_elementwise
def _selu(z: Array) -> Array:
    return _SELU_SCALE * np.where(z.real > 0, z, _SELU_ALPHA * np.expm1(_negative_part(z)))


@_elementwise
def _selu_slope(z: Array) -> Array:
    return _SELU_SCALE * np.where(z.real > 0, 1, _SELU_ALPHA * np.exp(_negative_part(z)))


@_elementwise
def _softplus(z: Array) -> Array:
    return _positive_part(z) + np.log1p(np.exp(-_size(z)))


@_elementwise
def _softplus_slope(z: Array) -> Array:
    return _sigmoid(z)


@_elementwise
def _swish(z: Array) -> Array:
    return z * _sigmoid(z)


@_elementwise
def _swish_slope(z: Array) -> Array:
    slope: Array = _sigmoid(z) + z * _sigmoid_slope(z)
    return slope


def _normal_cdf(z: Array) -> Array:
    """P(N(0, 1) <= z) by erfc, which keeps its digits in the left tail where 1 + erf has none."""
    cdf: Array = erfc(-z / math.sqrt(2)) / 2
    return cdf


def _normal_density(z: Array) -> Array:
    density: Array = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return density


@_elementwise
def _gelu(z: Array) -> Array:
    return z * _normal_cdf(z)


@_elementwise
def _gelu_slope(z: Array) -> Array:
    return _normal_cdf(z) + z * _normal_density(z)


def _gelu_logit(z: Array) -> Array:
    """The u for which s(u) stands in for the normal distribution function at z."""
    u: Array = math.sqrt(8 / math.pi) * (z + 0.044715 * z**3)
    return u


@_elementwise
def _gelu_tanh(z: Array) -> Array:
    value: Array = z * _sigmoid(_gelu_logit(z))  # (1 + tanh(u / 2)) / 2 = s(u)
    return value


@_elementwise
def _gelu_tanh_slope(z: Array) -> Array:
    u = _gelu_logit(z)
    du = math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * z**2)
    slope: Array = _sigmoid(u) + z * _sigmoid_slope(u) * du
    return slope


@_elementwise
def _hard_tanh(z: Array) -> Array:
    return np.where(z.real <= -1, -1, np.where(z.real >= 1, 1, z))


@_elementwise
def _hard_tanh_slope(z: Array) -> Array:
    inside: Array = np.abs(z.real) < 1
    return inside.astype(z.dtype)


identity = Activation("identity", _identity, _identity_slope, (-INF, INF), (), "no activation")
sigmoid = Activation(
    "sigmoid", _sigmoid, _sigmoid_slope, (0, 1), (), "Verhulst 1845; Rumelhart et al., Nature 1986"
)
tanh = Activation("tanh", _tanh, _tanh_slope, (-1, 1), (), "LeCun et al., Efficient BackProp 1998")
relu = Activation(
    "relu", _relu, _relu_slope, (0, INF), (0,), "Fukushima 1969; Nair and Hinton, ICML 2010"
)
leaky_relu = Activation(
    "leaky_relu", _leaky_relu, _leaky_relu_slope, (-INF, INF), (0,), "Maas et al., ICML 2013"
)
elu = Activation("elu", _elu, _elu_slope, (-1, INF), (), "Clevert et al., arXiv:1511.07289")
selu = Activation(
    "selu",
    _selu,
    _selu_slope,
    (-_SELU_SCALE * _SELU_ALPHA, INF),
    (0,),
    "Klambauer et al., arXiv:1706.02515",
)
softplus = Activation(
    "softplus", _softplus, _softplus_slope, (0, INF), (), "Dugas et al., NIPS 2000"
)
swish = Activation(
    "swish",
    _swish,
    _swish_slope,
    (-0.27846454276107374, INF),
    (),
    "Elfwing et al., arXiv:1702.03118 (SiLU); Ramachandran et al., arXiv:1710.05941",
)
gelu = Activation(
    "gelu",
    _gelu,
    _gelu_slope,
    (-0.16997120747990369, INF),
    (),
    "Hendrycks and Gimpel, arXiv:1606.08415",
)
gelu_tanh = Activation(
    "gelu_tanh",
    _gelu_tanh,
    _gelu_tanh_slope,
    (-0.17004075057125412, INF),
    (),
    "Hendrycks and Gimpel, arXiv:1606.08415, section 2",
)
hard_tanh = Activation(
    "hard_tanh", _hard_tanh, _hard_tanh_slope, (-1, 1), (-1, 1), "Collobert 2004, PhD thesis"
)

_ALL = (identity, sigmoid, tanh, relu, leaky_relu, elu, selu, softplus, swish, gelu, gelu_tanh)
ACTIVATIONS = {act.name: act for act in (*_ALL, hard_tanh)}
"""Every activation by its name."""
