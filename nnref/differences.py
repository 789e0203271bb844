"""Numerical derivatives of a function of an array.

The complex step f'(x) = Im f(x + ih) / h + O(h^2) subtracts nothing, so h may be 1e-30 and the
result is exact to rounding: the oracle for code that is analytic. A difference must balance
truncation against rounding, at best eps^(2/3) for the central one: the independent second method.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike

from nnref.arrays import Array, Floats, floats, require_count, require_same_shape

Function: TypeAlias = Callable[[Array], Any]
"""From an array to one number."""


def optimal_step(dtype: DTypeLike, order: int) -> float:
    """The step that balances truncation and rounding for a difference of this order.

    Shapes:  dtype, order  ->  step
    Raises:  TypeError unless dtype is a float and order an integer; ValueError unless order >= 1.
    Source:  the minimum of h^order + eps / h up to constants, eps^(1 / (order + 1)); order 1 is
             the forward difference, 2 the central one, 4 the five-point one. Press et al.,
             Numerical Recipes 2007, section 5.7.

    >>> f"{optimal_step(np.float64, 2):.2e}"
    '6.06e-06'
    """
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"optimal_step: dtype {np.dtype(dtype)} is not a float")
    require_count("optimal_step", "order", order, 1)
    return float(np.finfo(np.dtype(dtype)).eps ** (1 / (order + 1)))


def complex_step(f: Function, x: Floats, h: float = 1e-30) -> Array:
    """The gradient of f at x by the complex step.

    Shapes:   f, x (...)  ->  gradient (...)
    Numerics: exact to rounding for every h <= 1e-8. Branches must ask for the real part, and
              `abs`, `conj` and norms are not analytic: they give a wrong gradient silently.
    Raises:   TypeError unless x is real floats and f keeps the imaginary part; ValueError unless
              h > 0 and f gives one number.
    Source:   Squire and Trapp, SIAM Rev. 40 (1998) 110-112; Martins, Sturdza and Alonso, ACM
              TOMS 29 (2003) 245-262.

    >>> complex_step(lambda x: (x**3).sum(), np.array([1.0, 2.0]))
    array([ 3., 12.])
    """
    x = _real("complex_step", x, h)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        moved = x.astype(np.result_type(x, np.complex64))
        moved[index] += 1j * h
        value = _number("complex_step", f, moved)
        if not np.iscomplexobj(value):
            raise TypeError("complex_step: f lost the imaginary part: it gave a real number")
        gradient[index] = value.imag / h
    return gradient[()]


def central(f: Function, x: Floats, h: float | None = None) -> Array:
    """The gradient of f at x by central differences, (f(x + h) - f(x - h)) / 2h.

    Shapes:   f, x (...)  ->  gradient (...)
    Numerics: each coordinate moves by h max(1, |x_i|) and the quotient divides by the distance
              between the two points as they were rounded; by default h is the optimal step. A
              step so small that rounding swallows it sees no rise: the result is 0.
    Raises:   TypeError unless x is real floats; ValueError unless h > 0 and f gives one number.
    Source:   Press et al., Numerical Recipes 2007, section 5.7.

    >>> central(lambda x: (x**3).sum(), np.array([1.0, 2.0])).round(6)
    array([ 3., 12.])
    """
    x = _real("central", x, h)
    gradient = np.zeros_like(x)
    for index, up, down in neighbours(x, optimal_step(x.dtype, 2) if h is None else h):
        rise = _number("central", f, up) - _number("central", f, down)
        gradient[index] = _quotient(rise, up[index] - down[index])
    return gradient[()]


def forward_difference(f: Function, x: Floats, h: float | None = None) -> Array:
    """The gradient of f at x by forward differences, (f(x + h) - f(x)) / h.

    Shapes:   f, x (...)  ->  gradient (...)
    Numerics: half the evaluations of `central` for half its digits; steps as there.
    Raises:   TypeError unless x is real floats; ValueError unless h > 0 and f gives one number.
    Source:   Press et al., Numerical Recipes 2007, section 5.7.

    >>> forward_difference(lambda x: (x**3).sum(), np.array([1.0, 2.0])).round(4)
    array([ 3., 12.])
    """
    x = _real("forward_difference", x, h)
    gradient, here = np.zeros_like(x), _number("forward_difference", f, x.copy())
    for index, up, _ in neighbours(x, optimal_step(x.dtype, 1) if h is None else h):
        rise = _number("forward_difference", f, up) - here
        gradient[index] = _quotient(rise, up[index] - x[index])
    return gradient[()]


def relative_error(g: Array, n: Array) -> float:
    """||g - n|| / (||g|| + ||n||): 0 for equal, 1 for opposite or one of them zero.

    Shapes:  g (...), n (...)  ->  error
    Raises:  TypeError unless floats; ValueError if the shapes differ.
    Source:  the whole-tensor form of CS231n's elementwise error; two zeros agree.

    >>> relative_error(np.ones(3), -np.ones(3))
    1.0
    """
    g, n = floats("relative_error", "g", g), floats("relative_error", "n", n)
    require_same_shape("relative_error", "g", g, "n", n)
    size = _norm(g) + _norm(n)
    return _norm(g - n) / size if size else 0.0


def neighbours(x: Array, h: float) -> Iterator[tuple[tuple[int, ...], Array, Array]]:
    """Each index of x with two copies of x, moved up and down there by h max(1, |x_i|).

    Shapes:  x (...), h  ->  pairs
    Raises:  TypeError unless x is real floats; ValueError unless h > 0.
    Source:  Press et al., Numerical Recipes 2007, section 5.7: the scale of x sets the step.
    """
    x = _real("neighbours", x, h)
    for index in np.ndindex(x.shape):
        step = h * max(1.0, abs(float(x[index])))
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        yield index, up, down


def _real(where: str, x: Floats, h: float | None) -> Array:
    """The point as an array of real floats, once the step is known to be positive."""
    array = floats(where, "x", x)
    if np.iscomplexobj(array):
        raise TypeError(f"{where}: x has dtype {array.dtype}, expected real floats")
    if h is not None and not h > 0:
        raise ValueError(f"{where}: h must be positive, got {h}")
    return array


def _number(where: str, f: Function, x: Array) -> Any:
    """f(x), refused unless it is one number: an array's gradient would be a matrix."""
    value = np.asarray(f(x))
    if value.shape != ():
        raise ValueError(f"{where}: f must give one number, not an array {value.shape}")
    return value[()]


def _quotient(rise: Any, distance: Any) -> Any:
    """Rise over distance; 0 where the two points are rounded to one."""
    return rise / distance if distance else 0.0


def _norm(a: Array) -> float:
    return float(np.sqrt((np.abs(a) ** 2).sum()))
