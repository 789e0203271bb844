"""A report on how well the gradient of a network's loss agrees with a numerical one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np

from nnref.activations import Activation, identity, relu
from nnref.arrays import (
    Array,
    Params,
    require_count,
    require_finite,
    require_generator,
    require_like,
)
from nnref.differences import (
    Function,
    central,
    complex_step,
    forward_difference,
    neighbours,
    optimal_step,
    relative_error,
)
from nnref.mlp import flatten, forward, unflatten

__all__ = [
    "THRESHOLDS",
    "GradReport",
    "TensorCheck",
    "central",
    "check_gradients",
    "complex_step",
    "directional",
    "forward_difference",
    "kink_pattern",
    "optimal_step",
    "relative_error",
    "taylor_orders",
]

Method: TypeAlias = Literal["complex", "central"]
"""How the numerical gradient is made."""
Loss: TypeAlias = Callable[[Params], Any]
"""From parameters to one number."""
Pattern: TypeAlias = Callable[[Params], Array]
"""From parameters to the branch every unit takes, as an array of bool."""

THRESHOLDS: dict[Method, float] = {"complex": 1e-13, "central": 1e-7}
"""The largest error that passes. Measured on right float64 gradients: 1e-16 and 6e-11; a bias
gradient wrong by 0.1% gives 3e-5, so the usual 1e-4 would let it pass. Check in float64: a right
float32 gradient is 6e-8 away from the complex step and 5e-5 from the central difference."""
_MAX_SKIPPED = 0.1
"""A central check that had to skip a larger share of the coordinates has not checked."""


@dataclass(frozen=True)
class TensorCheck:
    """How one gradient tensor compares with its numerical twin."""

    name: str
    """`W1`, `b1`, `W2`, ..."""
    error: float
    """`relative_error` of the whole tensor, without skipped coordinates."""
    worst: float
    """The largest |g - n| / max(|g|, |n|) of one element: a hint, as it is noise near zero."""
    worst_index: tuple[int, ...]
    """Which element that is."""
    skipped: int
    """Elements whose step would have crossed a kink."""
    size: int
    """Elements in all."""


@dataclass(frozen=True)
class GradReport:
    """The result of `check_gradients`; printed, a table with one row per tensor."""

    method: Method
    """`complex` or `central`."""
    tensors: tuple[TensorCheck, ...]
    """In the order of the parameters."""

    @property
    def max_error(self) -> float:
        """The largest whole-tensor error; NaN if any is."""
        return float(np.max([tensor.error for tensor in self.tensors]))

    @property
    def kink_crossings(self) -> int:
        """How many coordinates were skipped because their step crosses a kink."""
        return sum(tensor.skipped for tensor in self.tensors)

    @property
    def passed(self) -> bool:
        """Whether the error is below the method's threshold and enough was checked."""
        size = sum(tensor.size for tensor in self.tensors)
        enough = self.kink_crossings <= _MAX_SKIPPED * size
        return enough and self.max_error <= THRESHOLDS[self.method]

    def __str__(self) -> str:
        rows = [
            f"{t.name:4} {t.error:9.1e} {t.worst:9.1e} at {t.worst_index}, {t.skipped} skipped"
            for t in self.tensors
        ]
        verdict = "passed" if self.passed else "FAILED"
        return "\n".join([f"{self.method}: {verdict}, error {self.max_error:.1e}", *rows])


def check_gradients(  # noqa: PLR0913 -- the last three have defaults
    loss: Loss,
    params: Params,
    grads: Params,
    *,
    method: Method = "complex",
    h: float | None = None,
    pattern: Pattern | None = None,
) -> GradReport:
    """Compare gradients with numerical ones, tensor by tensor.

    A central difference is wrong where its step crosses a kink. Given a `pattern` (for a network:
    `lambda p: kink_pattern(p, X, act)`), such coordinates are counted and left out.

    Shapes:  loss, params, grads  ->  report
    Raises:  TypeError unless floats; ValueError for an unknown method, a step that is not
             positive, or gradients whose shapes are not those of params.
    Cost:    one (complex) or two (central) losses per parameter.
    Source:  thresholds: see `THRESHOLDS`. Check at random weights with biases that are not zero:
             a unit at exactly z = 0 has two one-sided slopes.
    """
    _require_method("check_gradients", method)
    require_like("check_gradients", params, grads)
    g, x = flatten(grads), flatten(params)
    if method == "complex":
        numeric = complex_step(lambda v: loss(unflatten(v, params)), x, 1e-30 if h is None else h)
    else:
        numeric = central(lambda v: loss(unflatten(v, params)), x, h)
    skip = np.zeros(x.shape, dtype=bool)
    if method == "central" and pattern is not None:
        skip = _crossings(lambda v: pattern(unflatten(v, params)), x, h)
    return GradReport(
        method,
        tuple(
            _compare(name, shape, g[part], numeric[part], skip[part])
            for name, shape, part in _parts(params)
        ),
    )


def directional(
    loss: Loss,
    params: Params,
    grads: Params,
    rng: np.random.Generator,
    *,
    method: Method = "complex",
) -> dict[str, float]:
    """Per tensor, the error of the slope along one random direction: for networks too large to
    check every parameter, at one or two losses per tensor.

    A direction sees a wrong element only as far as it points there: repeat with a few seeds.

    Shapes:  loss, params, grads, rng  ->  errors
    Raises:  TypeError unless floats; ValueError for an unknown method or gradients that do not fit.
    Source:  the vector-Jacobian form of JAX's `check_grads`.
    """
    _require_method("directional", method)
    require_generator("directional", rng)
    require_like("directional", params, grads)
    g, x, errors = flatten(grads), flatten(params), {}
    derivative = complex_step if method == "complex" else central
    for name, _, part in _parts(params):
        d = np.zeros_like(x)
        d[part] = _unit(rng, g[part])
        slope = derivative(partial(_along, loss, params, x, d), np.zeros((), dtype=x.dtype))
        errors[name] = relative_error(g @ d, slope)
    return errors


def taylor_orders(
    loss: Loss,
    params: Params,
    grads: Params,
    rng: np.random.Generator,
    *,
    steps: int = 8,
) -> Array:
    """At which order the loss leaves its tangent: 2 for a right gradient, 1 for a wrong one.

    With R(h) = |loss(w + h d) - loss(w) - h g.d| along a random unit direction d, the orders are
    log2 R(h) / R(h / 2) for h = 1/4, 1/8, ... There is no threshold: the limit is an integer.

    Shapes:  loss, params, grads, rng  ->  orders (8,)
    Raises:  TypeError unless floats; ValueError unless gradients fit and steps >= 1.
    Source:  the Taylor test of Farrell, Ham, Funke and Rognes, SIAM J. Sci. Comput. 35 (2013).
    """
    require_like("taylor_orders", params, grads)
    require_generator("taylor_orders", rng)
    require_count("taylor_orders", "steps", steps, 1)
    g, x = flatten(grads), flatten(params)
    d = _unit(rng, x)
    h = 2.0 ** -np.arange(2, steps + 3)
    line = partial(_along, loss, params, x, d)
    rest = np.abs([line(size) - line(0.0) - size * (g @ d) for size in h])
    orders: Array = np.log2(rest[:-1] / rest[1:])
    return orders


def _along(loss: Loss, params: Params, x: Array, d: Array, t: Any) -> Any:
    """The loss at x + t d."""
    return loss(unflatten(x + t * d, params))


def _unit(rng: np.random.Generator, like: Array) -> Array:
    """A random direction of length 1 in the space of a vector."""
    d = rng.standard_normal(like.shape)
    return (d / np.sqrt(d @ d)).astype(like.dtype)


def _require_method(where: str, method: str) -> None:
    if method not in THRESHOLDS:
        raise ValueError(f"{where}: no method {method!r}; known: {', '.join(THRESHOLDS)}")


def kink_pattern(
    params: Params,
    X: Array,
    act: Activation | str = relu,
    *,
    out_act: Activation | str = identity,
) -> Array:
    """On which side of each kink every pre-activation lies; empty for smooth activations.

    Shapes:  params, X (m, n_0)  ->  pattern (bits,)
    Raises:  as `nnref.mlp.forward`; ValueError if a pre-activation is not finite.
    Source:  a difference quotient is right only where the pattern is the same at both ends.
    """
    cache = forward(params, X, act, out_act=out_act)[1]
    for l, Z in enumerate(cache.pre_activations, 1):
        require_finite("kink_pattern", f"Z{l}", Z)
    layers = zip(cache.pre_activations, cache.activations, strict=True)
    sides = [(Z.real > kink).ravel() for Z, f in layers for kink in f.kinks]
    return np.concatenate([np.zeros(0, dtype=bool), *sides])


def _crossings(pattern: Function, x: Array, h: float | None) -> Array:
    """Which coordinates' central difference would cross a kink."""
    step = optimal_step(x.dtype, 2) if h is None else h
    ends = ((pattern(up), pattern(down)) for _, up, down in neighbours(x, step))
    return np.array([not np.array_equal(*pair) for pair in ends], dtype=bool)


def _parts(params: Params) -> Iterator[tuple[str, tuple[int, ...], slice]]:
    """Name, shape and place in the flat vector of every tensor."""
    start = 0
    for l, (W, b) in enumerate(params, 1):
        for name, array in ((f"W{l}", W), (f"b{l}", b)):
            yield name, array.shape, slice(start, start + array.size)
            start += array.size


def _compare(
    name: str, shape: tuple[int, ...], g: Array, numeric: Array, skip: Array
) -> TensorCheck:
    keep = ~skip
    error = relative_error(g[keep], numeric[keep])
    size = np.maximum(np.abs(g), np.abs(numeric))
    size[size == 0] = 1  # two zeros agree
    elementwise = np.where(skip, 0, np.abs(g - numeric) / size)
    worst = int(elementwise.argmax())
    index = tuple(int(i) for i in np.unravel_index(worst, shape))
    return TensorCheck(name, error, float(elementwise[worst]), index, int(skip.sum()), g.size)
