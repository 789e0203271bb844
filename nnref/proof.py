"""What a proof of the self-check is, and the one that serves every layer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from nnref.arrays import Array, floats, require_same_shape
from nnref.differences import complex_step, relative_error


@dataclass(frozen=True)
class Proof:
    """One claim, and how far the code is from it."""

    claim: str
    """What is compared with what."""
    measure: Callable[[], float]
    """Makes the comparison: the worst disagreement."""
    bound: float
    """The largest disagreement that rounding and truncation explain."""

    def holds(self, error: float) -> bool:
        """Whether an error is within the bound; NaN is not."""
        return error <= self.bound


def vjp_error(
    layer: Callable[..., Array],
    arguments: tuple[Array, ...],
    d: Array,
    gradients: tuple[Array, ...],
) -> float:
    """The worst error of gradients of sum(d * layer(arguments)) by each argument.

    Shapes:  layer, arguments, d (...), gradients  ->  error
    Raises:  TypeError unless floats; ValueError if there is not one gradient per argument, or if
             the shape of one, or of d, is another.
    Source:  the complex step, `nnref.differences`.
    """
    d, value = floats("vjp_error", "d", d), layer(*arguments)
    require_same_shape("vjp_error", "d", d, "the layer's output", value)

    def moved(position: int, v: Array) -> Any:
        return (d * layer(*arguments[:position], v, *arguments[position + 1 :])).sum()

    return max(
        relative_error(gradient, complex_step(partial(moved, i), argument))
        for i, (argument, gradient) in enumerate(zip(arguments, gradients, strict=True))
    )
