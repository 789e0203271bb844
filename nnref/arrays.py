"""The types that pass between the modules, and what every function requires of its arguments.

Errors name the function, the argument and the shapes, as a reader would say them:
`dense: X (32, 10) @ W (12, 4): inner sizes 10 and 12 differ`. Nothing is broadcast silently:
`(5, 1) - (5,)` is a 5 x 5 matrix to NumPy and a bug to whoever wrote it.
"""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""An array of float32, float64 or complex128 (masks and labels: bool and integers)."""
Scalar: TypeAlias = np.inexact[Any]
"""One float, as the sum or the mean of an array is."""
Floats: TypeAlias = Array | Scalar | complex
"""An array of floats, or one float."""
Params: TypeAlias = tuple[tuple[Array, Array], ...]
"""`(W, b)` per layer: `W (n_in, n_out)`, `b (n_out,)`. Gradients have the same form."""


def floats(where: str, name: str, value: object) -> Array:
    """The argument as an array of floats; integer arrays are refused: they would round.

    Shapes:  where, name, value (...)  ->  array (...)
    Raises:  TypeError for lists and for arrays of integers, booleans or objects.
    Source:  NumPy keeps integer arrays integer under in-place arithmetic:
             https://numpy.org/doc/stable/user/basics.types.html
    """
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value  # at once: a step of training asks this ninety times
    if type(value) is int:  # a number that a person typed, exact as a float
        return np.asarray(float(value))
    if not isinstance(value, np.ndarray | np.inexact | float | complex):
        kind = type(value).__name__
        raise TypeError(f"{where}: {name} must be a NumPy array of floats, not {kind}")
    array = np.asarray(value)
    if array.dtype.kind not in "fc":
        raise TypeError(
            f"{where}: {name} has dtype {array.dtype}, expected floats: {name}.astype(np.float64)"
        )
    return array


def matrix(where: str, name: str, value: Array) -> Array:
    """The argument as a non-empty batch: a matrix with one example per row.

    Shapes:  where, name, value (m, n)  ->  matrix (m, n)
    Raises:  TypeError unless floats; ValueError unless two-dimensional with m, n >= 1.
    Source:  batch-first convention, see the package's docstring.
    """
    array = floats(where, name, value)
    if array.ndim != 2:
        raise ValueError(f"{where}: {name} {array.shape} must have 2 dimensions (examples, units)")
    if not array.size:
        raise ValueError(f"{where}: {name} {array.shape} is empty")
    return array


def require_finite(where: str, name: str, value: Array) -> None:
    """Refuse NaN and infinity where they would be lost: a comparison makes them a mere `False`.

    Shapes:  where, name, value (...)  ->  None
    Raises:  ValueError for an element that is not finite, naming it and its index.
    Source:  IEEE 754: every comparison with NaN is false.
    """
    if not np.isfinite(value).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{where}: {name} must be finite, found {value[index]} at {index}")


def require_writeable(where: str, name: str, value: Array) -> None:
    """Refuse a read-only array where the function is to change it.

    Shapes:  where, name, value (...)  ->  None
    Raises:  TypeError unless floats; ValueError if it is read-only.
    Source:  https://numpy.org/doc/stable/reference/generated/numpy.ndarray.flags.html
    """
    if not floats(where, name, value).flags.writeable:
        raise ValueError(f"{where}: {name} {value.shape} is read-only, but is to be overwritten")


def require_count(where: str, name: str, value: int, least: int) -> None:
    """Refuse what is not a whole number, or too small a one.

    Shapes:  where, name, value, least  ->  None
    Raises:  TypeError unless an integer; ValueError if it is below the least.
    Source:  2.0 units are two, 2.5 are a mistake, and so, most likely, is the 2.0.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise TypeError(f"{where}: {name} must be an integer, not {type(value).__name__}")
    if value < least:
        raise ValueError(f"{where}: {name} must be at least {least}, got {value}")


def require_number(where: str, name: str, value: float, least: float = -math.inf) -> None:
    """Refuse NaN, infinity and what is too small, where they would come out at the far end.

    Shapes:  where, name, value  ->  None
    Raises:  TypeError unless a number; ValueError unless it is finite and at least the least.
    Source:  IEEE 754: whatever meets NaN becomes NaN.
    """
    if not isinstance(value, int | float | np.number):
        raise TypeError(f"{where}: {name} must be a number, not {type(value).__name__}")
    if not (math.isfinite(value) and value >= least):
        limit = f" and at least {least}" if least > -math.inf else ""
        raise ValueError(f"{where}: {name} must be finite{limit}, got {value}")


def require_same_shape(where: str, name: str, a: Array, other: str, b: Array) -> None:
    """Refuse two shapes that NumPy might broadcast.

    Shapes:  where, name, a (...), other, b (...)  ->  None
    Raises:  ValueError if the shapes differ in any way, (5, 1) and (5,) included.
    Source:  https://numpy.org/doc/stable/user/basics.broadcasting.html
    """
    if a.shape != b.shape:
        raise ValueError(f"{where}: {name} {a.shape} and {other} {b.shape} must have one shape")


def require_pairs(where: str, name: str, params: Any) -> None:
    """Refuse what is not one pair of float arrays per layer.

    Shapes:  where, name, params  ->  None
    Raises:  TypeError unless a sequence of pairs of float arrays; ValueError if it is empty.
    Source:  the form of `Params`; `name` is "" or the "d" of gradients.
    """
    whole = "grads" if name else "params"
    pairs = isinstance(params, tuple | list) and all(
        isinstance(pair, tuple | list) and len(pair) == 2 for pair in params
    )
    if not pairs:
        raise TypeError(f"{where}: {whole} must be a tuple with one (W, b) per layer")
    if not params:
        raise ValueError(f"{where}: {whole} is empty, expected one (W, b) per layer")
    for l, pair in enumerate(params, 1):
        for letter, array in zip("Wb", pair, strict=True):
            argument = f"{name}{letter}{l}"
            if not isinstance(array, np.ndarray):
                kind = type(array).__name__
                raise TypeError(f"{where}: {argument} must be a NumPy array of floats, not {kind}")
            floats(where, argument, array)


def require_like(where: str, params: Params, grads: Params) -> None:
    """Refuse gradients that belong to another network.

    Shapes:  where, params, grads  ->  None
    Raises:  TypeError unless both are pairs of float arrays; ValueError if the number of layers
             or a shape differs, naming it.
    Source:  a gradient has the shape of its parameter.
    """
    require_pairs(where, "", params)
    require_pairs(where, "d", grads)
    if len(params) != len(grads):
        raise ValueError(f"{where}: {len(params)} layers of params, {len(grads)} of grads")
    for l, ((W, b), (dW, db)) in enumerate(zip(params, grads, strict=True), 1):
        require_same_shape(where, f"W{l}", W, f"dW{l}", dW)
        require_same_shape(where, f"b{l}", b, f"db{l}", db)


def require_generator(where: str, rng: np.random.Generator) -> None:
    """Refuse a seed, a legacy RandomState or nothing where a generator is drawn from.

    Shapes:  where, rng  ->  None
    Raises:  TypeError unless rng is a `numpy.random.Generator`.
    Source:  https://numpy.org/doc/stable/reference/random/generator.html
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"{where}: rng must be a numpy.random.Generator, not {type(rng).__name__}: "
            "np.random.default_rng(seed)"
        )
