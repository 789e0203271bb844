"""The error function, which NumPy does not have: two classical expansions, 2 ulp together.

Near 0 the Maclaurin series; from `|x| = 0.8` on the trapezoidal rule for an integral of `erfc`,
whose error falls like `exp(-(pi / h)^2)`: with `h = 1/2` 7e-18, below rounding, after 13 terms.
Both are analytic, so the complex step passes through them.

Measured in float64 against `math.erf` at 200,001 points of [-6, 6]: equal at 93% of them, never
further off than 2 units in the last place; in float32 never further than 3.
"""

import math

import numpy as np

from nnref.arrays import Array, Floats, floats

_SPLIT = 0.8
"""Where the expansions meet: later the series cancels, sooner the rule's residue does."""
_SERIES = [(-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(20)]
"""erf(x) = 2x/sqrt(pi) * sum of _SERIES[n] x^2n; the first term left out is below 1e-24."""
_STEP = 0.5
_NODES = [n * _STEP for n in range(1, 14)]
"""exp(-t^2) at the next node, 7.0, is 5e-22."""
_LARGEST = 30.0
"""erfc is 0 in double precision from 27.3 on; stopping here keeps x^2 from overflowing."""


@np.errstate(under="ignore")
def erf(x: Floats) -> Array:
    """The error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x.

    Shapes:   x (...)  ->  erf (...)
    Numerics: within 2 ulp of math.erf in float64; odd exactly; finite everywhere.
    Raises:   TypeError unless x is made of floats.
    Source:   Abramowitz and Stegun 1964, 7.1.5; Hunter and Regan, Math. Comp. 26 (1972) 539-541.

    >>> erf(np.array([0.0, 0.5, -0.5])).round(6)
    array([ 0.    ,  0.5205, -0.5205])
    """
    z = floats("erf", "x", x)
    size = np.where(z.real < 0, -z, z)  # |x|, analytic
    far = 1 - _erfc_far(size)
    return np.where(size.real < _SPLIT, _erf_near(z), np.where(z.real < 0, -far, far))[()]


@np.errstate(under="ignore")
def erfc(x: Floats) -> Array:
    """The complement 1 - erf(x), without the cancellation where erf(x) is close to 1.

    Shapes:   x (...)  ->  erfc (...)
    Numerics: relative error below 5e-16 (1 + x^2), the price of rounding x^2 in exp(-x^2).
    Raises:   TypeError unless x is made of floats.
    Source:   Hunter and Regan, Math. Comp. 26 (1972) 539-541.

    >>> f"{erfc(10.0):.9e}"  # erf(10.0) is 1.0
    '2.088487584e-45'
    """
    z = floats("erfc", "x", x)
    far = _erfc_far(np.where(z.real < 0, -z, z))
    return np.where(np.abs(z.real) < _SPLIT, 1 - _erf_near(z), np.where(z.real < 0, 2 - far, far))[
        ()
    ]


def _erf_near(x: Array) -> Array:
    """The Maclaurin series by Horner's rule, for |x| < _SPLIT."""
    x = np.where(np.abs(x.real) < _SPLIT, x, 0)
    square = x * x
    total: Array = np.full_like(x, _SERIES[-1])
    for coefficient in reversed(_SERIES[:-1]):
        total = total * square + coefficient
    return 2 / math.sqrt(math.pi) * x * total


def _erfc_far(x: Array) -> Array:
    """For x >= _SPLIT, the trapezoidal rule for erfc(x) = (2x/pi) e^(-x^2) * integral over
    t > 0 of e^(-t^2) / (x^2 + t^2).

    The integrand has a pole at t = ix. Its residue, the second summand, matters while the pole
    lies nearer than pi/h.
    """
    x = np.where(x.real < _SPLIT, _SPLIT, np.where(x.real > _LARGEST, _LARGEST, x))
    square = x * x
    total = 0.5 / square  # the node t = 0, counted half
    for t in _NODES:
        total = total + math.exp(-t * t) / (t * t + square)
    rule = 2 * _STEP / math.pi * x * np.exp(-square) * total
    near_pole = np.where(x.real < math.pi / _STEP, x, 1)
    residue = 2 / np.expm1(2 * math.pi / _STEP * near_pole)
    value: Array = np.where(x.real < math.pi / _STEP, rule - residue, rule)
    return value
