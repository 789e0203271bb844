"""Initial weights, drawn from a generator that the caller owns.

Every scheme is a function `(fan_in, fan_out, rng, dtype) -> W`. The draws are made in float64 and
then rounded, so that one seed gives one network in every precision. The scaled schemes keep the
variance of a signal constant from layer to layer: forward (LeCun, He), or forward and backward at
once as nearly as two fans allow (Glorot).
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from nnref.arrays import Array, Params, require_count, require_generator, require_number

Scheme: TypeAlias = Callable[[int, int, np.random.Generator, DTypeLike], Array]


def zeros(
    fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> Array:
    """All zeros: the symmetry that no gradient breaks. The generator is not asked.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, section 8.4.
    """
    _require("zeros", fan_in, fan_out, rng, dtype)
    return np.zeros((fan_in, fan_out), dtype=dtype)


def constant(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    *,
    value: float = 1.0,
) -> Array:
    """Every weight the same. The generator is not asked.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1,
             or a value that is not finite.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, section 8.4.
    """
    _require("constant", fan_in, fan_out, rng, dtype)
    require_number("constant", "value", value)
    return np.full((fan_in, fan_out), value, dtype=dtype)


def normal(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    *,
    std: float = 0.01,
) -> Array:
    """Independent N(0, std^2), whatever the fans.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1,
             or a std that is negative or not finite.
    Source:  std 0.01 as in Krizhevsky, Sutskever and Hinton, NIPS 2012.
    """
    _require("normal", fan_in, fan_out, rng, dtype)
    require_number("normal", "std", std, 0)
    return (std * rng.standard_normal((fan_in, fan_out))).astype(dtype)


def lecun(
    fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> Array:
    """N(0, 1 / fan_in): keeps the variance of a linear or SELU layer's output.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1.
    Source:  LeCun, Bottou, Orr and Mueller, Efficient BackProp 1998, section 4.6.
    """
    _require("lecun", fan_in, fan_out, rng, dtype)
    return normal(fan_in, fan_out, rng, dtype, std=1 / math.sqrt(fan_in))


def glorot(
    fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> Array:
    """N(0, 2 / (fan_in + fan_out)), the normal form; the paper draws uniformly, same variance.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1.
    Source:  Glorot and Bengio, AISTATS 2010, eq. 12.
    """
    _require("glorot", fan_in, fan_out, rng, dtype)
    return normal(fan_in, fan_out, rng, dtype, std=math.sqrt(2 / (fan_in + fan_out)))


def he(fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> Array:
    """N(0, 2 / fan_in): the 2 makes good what ReLU halves.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1.
    Source:  He, Zhang, Ren and Sun, ICCV 2015, arXiv:1502.01852, eq. 10.
    """
    _require("he", fan_in, fan_out, rng, dtype)
    return normal(fan_in, fan_out, rng, dtype, std=math.sqrt(2 / fan_in))


def orthogonal(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    *,
    gain: float = 1.0,
) -> Array:
    """Orthonormal rows or columns (the fewer of the two), times the gain, uniformly distributed.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1,
             or a gain that is not finite.
    Source:  Saxe, McClelland and Ganguli, arXiv:1312.6120; uniform only with the signs of R:
             Mezzadri, Notices of the AMS 54 (2007) 592-604.
    """
    _require("orthogonal", fan_in, fan_out, rng, dtype)
    require_number("orthogonal", "gain", gain)
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    Q, R = np.linalg.qr(tall)  # (max, min), (min, min)
    Q = Q * np.sign(np.diag(R))
    return (gain * (Q if fan_in >= fan_out else Q.T)).astype(dtype)


def rai_sigma() -> float:
    """The standard deviation for which RAI's bound on the growth of the second moment is 1.

    The root of sigma^2 / 2 + sqrt(2 / pi) mu1 sigma + mu2 = 1, with the moments mu1 = 2/3 and
    mu2 = 1/2 of Beta(2, 1).

    Shapes:  ->  sigma
    Raises:  nothing.
    Source:  Lu, Shin, Su and Karniadakis, arXiv:1903.06733; their code has 0.6007.

    >>> round(rai_sigma(), 6)
    0.600747
    """
    half_slope = math.sqrt(2 / math.pi) * 2 / 3
    return math.sqrt(half_slope**2 + 1) - half_slope


def rai(
    fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> tuple[Array, Array]:
    """Randomised asymmetric: per unit, one of its weights and bias is positive.

    The vector (w, b) of a unit is N(0, sigma^2 / fan_in) but for one entry, chosen uniformly,
    which is drawn from Beta(2, 1). A unit is then less often off everywhere.

    Shapes:  fan_in, fan_out, rng  ->  W (fan_in, fan_out), b (fan_out,)
    Raises:  TypeError unless fans are integers and dtype a float; ValueError for a fan below 1.
    Source:  Lu, Shin, Su and Karniadakis, arXiv:1903.06733, section 4.
    """
    _require("rai", fan_in, fan_out, rng, dtype)
    V = rng.normal(0, rai_sigma() / math.sqrt(fan_in), (fan_in + 1, fan_out))  # W above b
    V[rng.integers(0, fan_in + 1, fan_out), np.arange(fan_out)] = rng.beta(2, 1, fan_out)
    V = V.astype(dtype)
    return V[:-1], V[-1]


SCHEMES: dict[str, Scheme] = {
    "zeros": zeros,
    "constant": constant,
    "normal": normal,
    "lecun": lecun,
    "glorot": glorot,
    "he": he,
    "orthogonal": orthogonal,
}
"""Every scheme by its name, but for `rai`, which draws biases too."""


def init_params(
    sizes: Sequence[int],
    scheme: Scheme | str,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float64,
    bias: float = 0.0,
) -> Params:
    """The parameters of a network with these layer sizes, input first.

    Shapes:  sizes, scheme, rng  ->  params
    Raises:  ValueError for fewer than two sizes, one that is not positive, an unknown scheme, a
             bias that is not finite, or one with "rai".
    Source:  `functools.partial(normal, std=1.0)` is a scheme too.

    >>> params = init_params((2, 3, 1), "he", np.random.default_rng(0))
    >>> [(W.shape, b.shape) for W, b in params]
    [((2, 3), (3,)), ((3, 1), (1,))]
    """
    if len(sizes) < 2:
        raise ValueError(f"init_params: sizes {tuple(sizes)} need an input and an output")
    require_number("init_params", "bias", bias)
    fans = list(itertools.pairwise(sizes))
    if scheme == "rai":
        if bias:
            raise ValueError(f"init_params: rai draws its biases, but bias is {bias}")
        return tuple(rai(fan_in, fan_out, rng, dtype) for fan_in, fan_out in fans)
    if isinstance(scheme, str):
        if scheme not in SCHEMES:
            raise ValueError(
                f"init_params: no scheme {scheme!r}; known: {', '.join([*SCHEMES, 'rai'])}"
            )
        scheme = SCHEMES[scheme]
    return tuple(
        (scheme(fan_in, fan_out, rng, dtype), np.full(fan_out, bias, dtype=dtype))
        for fan_in, fan_out in fans
    )


def _require(
    where: str, fan_in: int, fan_out: int, rng: np.random.Generator, dtype: DTypeLike
) -> None:
    require_count(where, "fan_in", fan_in, 1)
    require_count(where, "fan_out", fan_out, 1)
    require_generator(where, rng)
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"{where}: dtype {np.dtype(dtype)} cannot hold weights, expected floats")
