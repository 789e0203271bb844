"""Activation functions, each with its slope below it, so that the eye can check one by the other.

Three rules make them exact. Branches ask for `z.real`: a complex step then never crosses a kink,
and at a kink the slope is that of PyTorch. Exponentials are taken of numbers <= 0 only, so nothing
overflows; where `exp` underflows, the 0 it returns is the value. And a slope is written in a form
without cancellation: `4 s'(2z)` instead of `1 - tanh(z)^2`, which is 0 from z = 19 on. Infinity
gives the limit, NaN gives NaN.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

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

Elementwise: TypeAlias = Callable[[Any], Array]
"""From an array of floats, or one float, to an array of its shape."""
INF = math.inf
_FAR = 1000.0
"""From here on sigmoids are 0 or 1 exactly, in every precision."""


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

    def __post_init__(self) -> None:
        """Guard both formulas, so that they are only ever given arrays of floats."""
        object.__setattr__(self, "f", _guarded(self.name, self.f))
        object.__setattr__(self, "df", _guarded(f"{self.name}.df", self.df))

    def __call__(self, z: Floats) -> Array:
        """The value at z, elementwise: `relu(z)` is `relu.f(z)`."""
        return self.f(z)


def _guarded(where: str, formula: Elementwise) -> Elementwise:
    @np.errstate(under="ignore")  # the 0 is meant, even to a caller who has underflow raise
    def guarded(z: Any) -> Array:
        return formula(floats(where, "z", z))[()]  # [()]: a 0-d array becomes a number

    return guarded


def _size(z: Array) -> Array:
    """|z| as an analytic function: `abs` would lose the imaginary part of a complex step."""
    return np.where(z.real < 0, -z, z)


def _positive_part(z: Array) -> Array:
    """max(z, 0), which takes z at 0 as `_size` does, so that their slopes there agree."""
    return np.where(z.real < 0, 0, z)


def _negative_part(z: Array) -> Array:
    """min(z, 0): keeps the branch that `where` will not take from overflowing."""
    return np.where(z.real > 0, 0, z)


def _near(z: Array) -> Array:
    """z, but never beyond `_FAR`, where powers of it overflow and infinity times 0 is NaN."""
    return np.where(z.real < -_FAR, -_FAR, np.where(z.real > _FAR, _FAR, z))


identity = Activation(
    "identity",
    f=lambda z: z.copy(),
    df=np.ones_like,
    range=(-INF, INF),
    kinks=(),
    source="no activation: a linear layer",
)


def _sigmoid(z: Array) -> Array:
    e = np.exp(-_size(z))  # 1 / (1 + e^-z), for z < 0 extended by e^z
    s: Array = np.where(z.real < 0, e, 1) / (1 + e)
    return s


def _sigmoid_slope(z: Array) -> Array:
    e = np.exp(-_size(z))  # s (1 - s), which is even in z
    ds: Array = e / (1 + e) ** 2
    return ds


sigmoid = Activation(
    "sigmoid",
    f=_sigmoid,
    df=_sigmoid_slope,
    range=(0, 1),
    kinks=(),
    source="Verhulst 1845; Rumelhart, Hinton and Williams, Nature 323 (1986) 533-536",
)

tanh = Activation(
    "tanh",
    f=np.tanh,
    df=lambda z: 4 * _sigmoid_slope(2 * _near(z)),  # tanh z = 2 s(2z) - 1
    range=(-1, 1),
    kinks=(),
    source="LeCun, Bottou, Orr and Mueller, Efficient BackProp 1998, section 4.4",
)

relu = Activation(
    "relu",
    f=lambda z: np.where(z.real <= 0, 0, z),  # asked this way round, NaN stays NaN
    df=lambda z: (z.real > 0).astype(z.dtype),
    range=(0, INF),
    kinks=(0.0,),
    source="Fukushima, IEEE Trans. SSC 5 (1969) 322-333; Nair and Hinton, ICML 2010",
)

_LEAK = 0.01
leaky_relu = Activation(
    "leaky_relu",
    f=lambda z: np.where(z.real > 0, z, _LEAK * z),
    df=lambda z: np.where(z.real > 0, np.ones_like(z), _LEAK),
    range=(-INF, INF),
    kinks=(0.0,),
    source="Maas, Hannun and Ng, ICML 2013",
)

elu = Activation(
    "elu",
    f=lambda z: np.where(z.real > 0, z, np.expm1(_negative_part(z))),
    df=lambda z: np.exp(_negative_part(z)),
    range=(-1, INF),
    kinks=(),
    source="Clevert, Unterthiner and Hochreiter, arXiv:1511.07289, with alpha = 1",
)

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805
selu = Activation(
    "selu",
    f=lambda z: _SELU_SCALE * np.where(z.real > 0, z, _SELU_ALPHA * np.expm1(_negative_part(z))),
    df=lambda z: _SELU_SCALE * np.where(z.real > 0, 1, _SELU_ALPHA * np.exp(_negative_part(z))),
    range=(-_SELU_SCALE * _SELU_ALPHA, INF),
    kinks=(0.0,),
    source="Klambauer, Unterthiner, Mayr and Hochreiter, arXiv:1706.02515, eq. 14",
)

softplus = Activation(
    "softplus",
    f=lambda z: _positive_part(z) + np.log1p(np.exp(-_size(z))),
    df=_sigmoid,
    range=(0, INF),
    kinks=(),
    source="Dugas, Bengio, Belisle, Nadeau and Garcia, NIPS 2000",
)


def _gated(gate: Elementwise) -> Elementwise:
    """Multiply z by a gate that opens from 0 to 1."""
    return lambda z: np.where(z.real > _FAR, z, _near(z) * gate(_near(z)))


def _gated_slope(gate: Elementwise, gate_slope: Elementwise) -> Elementwise:
    """The product rule."""
    return lambda z: gate(_near(z)) + _near(z) * gate_slope(_near(z))


swish = Activation(
    "swish",
    f=_gated(_sigmoid),
    df=_gated_slope(_sigmoid, _sigmoid_slope),
    range=(-0.27846454276107374, INF),
    kinks=(),
    source="SiLU: Hendrycks and Gimpel, arXiv:1606.08415; Ramachandran et al., arXiv:1710.05941",
)


def _normal_cdf(z: Array) -> Array:
    """P(N(0, 1) <= z) by erfc, which keeps its digits in the left tail where 1 + erf has none."""
    return 0.5 * erfc(-z / math.sqrt(2))


def _normal_density(z: Array) -> Array:
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


gelu = Activation(
    "gelu",
    f=_gated(_normal_cdf),
    df=_gated_slope(_normal_cdf, _normal_density),
    range=(-0.16997120747990369, INF),
    kinks=(),
    source="Hendrycks and Gimpel, arXiv:1606.08415",
)


def _gelu_logit(z: Array) -> Array:
    """The u whose sigmoid stands in for the normal distribution function at z."""
    return math.sqrt(8 / math.pi) * z * (1 + 0.044715 * z**2)


def _gelu_logit_slope(z: Array) -> Array:
    return math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * z**2)


gelu_tanh = Activation(
    "gelu_tanh",
    f=_gated(lambda z: _sigmoid(_gelu_logit(z))),  # (1 + tanh(u / 2)) / 2 = s(u)
    df=_gated_slope(
        lambda z: _sigmoid(_gelu_logit(z)),
        lambda z: _sigmoid_slope(_gelu_logit(z)) * _gelu_logit_slope(z),
    ),
    range=(-0.17004075057125412, INF),
    kinks=(),
    source="Hendrycks and Gimpel, arXiv:1606.08415, section 2",
)

hard_tanh = Activation(
    "hard_tanh",
    f=lambda z: np.where(z.real <= -1, -1, np.where(z.real >= 1, 1, z)),
    df=lambda z: (np.abs(z.real) < 1).astype(z.dtype),
    range=(-1, 1),
    kinks=(-1.0, 1.0),
    source="Collobert, PhD thesis, Paris 2004",
)

_ALL = (identity, sigmoid, tanh, relu, leaky_relu, elu, selu, softplus, swish, gelu, gelu_tanh)
ACTIVATIONS = {act.name: act for act in (*_ALL, hard_tanh)}
"""Every activation by its name."""
