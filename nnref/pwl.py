"""Piecewise linear functions of one variable, and the ReLU networks that they are.

A network with one input and ReLU units is piecewise linear; its breakpoints are found exactly,
layer by layer. The other way, a function with k knots is a sum of k + 1 shifted ReLUs. All is
computed in float64, whatever the network's precision: a slope is a quotient of small differences.
"""

from dataclasses import dataclass

import numpy as np

from nnref.activations import relu
from nnref.arrays import Array, Params, floats, require_finite
from nnref.layers import dense
from nnref.mlp import require_finite_params


@dataclass(frozen=True)
class PWL:
    """A continuous function that is linear between its knots, and beyond them."""

    knots: Array
    """Where the slope may change, ascending: `(k,)`."""
    values: Array
    """The function there: `(k,)`."""
    left_slope: float
    """Its slope before the first knot."""
    right_slope: float
    """Its slope after the last knot."""

    def __post_init__(self) -> None:
        """Refuse knots that are no ascending list with one value each."""
        knots, values = floats("PWL", "knots", self.knots), floats("PWL", "values", self.values)
        if knots.ndim != 1 or not knots.size or knots.shape != values.shape:
            raise ValueError(
                f"PWL: knots {knots.shape} and values {values.shape} must be vectors of one length"
            )
        for name in ("knots", "values", "left_slope", "right_slope"):
            require_finite("PWL", name, np.asarray(getattr(self, name)))
        if not (np.diff(knots) > 0).all():
            raise ValueError("PWL: knots must ascend")

    def __call__(self, x: Array) -> Array:
        """The function at every x, of any shape."""
        x = floats("PWL", "x", x)
        first, last = self.knots[0], self.knots[-1]
        inside = np.interp(x, self.knots, self.values)
        below, above = np.minimum(x - first, 0), np.maximum(x - last, 0)
        total: Array = inside + self.left_slope * below + self.right_slope * above
        return total

    @property
    def slopes(self) -> Array:
        """The slopes of all pieces from left to right: `(k + 1,)`."""
        between = np.diff(self.values.astype(np.float64)) / np.diff(self.knots)
        return np.concatenate([[self.left_slope], between, [self.right_slope]])


def pwl_to_net(f: PWL) -> Params:
    """The network with one hidden layer of k + 1 ReLUs that is f everywhere.

    Every knot has a unit that looks right, relu(x - t), weighted by the change of slope there; the
    first has one more that looks left, relu(t - x), for the slope before it.

    Shapes:  f  ->  params
    Raises:  nothing.
    Source:  Arora, Basu, Mianjy and Mukherjee, ICLR 2018, theorem 2.2.
    """
    knots, values = f.knots.astype(np.float64), f.values.astype(np.float64)
    changes = np.diff(f.slopes)  # (k,)
    changes[0] = f.slopes[1]  # right of the first knot nothing else is on
    W1 = np.concatenate([[-1.0], np.ones_like(knots)])[None, :]  # (1, k + 1)
    b1 = np.concatenate([knots[:1], -knots])  # (k + 1,)
    W2 = np.concatenate([[-f.left_slope], changes])[:, None]  # (k + 1, 1)
    return (W1, b1), (W2, values[:1])


def net_to_pwl(params: Params, low: float, high: float) -> PWL:
    """The network's function on [low, high], with a knot wherever a unit turns on or off.

    Between two neighbouring knots every pre-activation of the next layer is linear; where it
    changes sign is its zero, found by one division. Beyond the interval the pieces at its ends
    are continued.

    Shapes:  params, low, high  ->  f
    Raises:  TypeError unless floats; ValueError unless all are finite, low < high and the network
             has one input and one output.
    Source:  Hanin and Rolnick, ICML 2019, arXiv:1901.09021, count these breakpoints.
    """
    require_finite_params("net_to_pwl", params)
    if params[0][0].shape[0] != 1 or params[-1][0].shape[1] != 1:
        shapes = ", ".join(str(W.shape) for W, _ in params)
        raise ValueError(f"net_to_pwl: params need one input and one output, not {shapes}")
    require_finite("net_to_pwl", "low and high", np.array([low, high]))
    if not low < high:
        raise ValueError(f"net_to_pwl: low must be below high, got [{low}, {high}]")
    x = np.array([low, high])  # (p,)
    A = x[:, None]  # (p, 1)
    for W, b in params[:-1]:
        x, Z = _split_at_zeros(x, dense(A, W, b))  # (p', n_out)
        A = relu(Z)
    y = dense(A, *params[-1])[:, 0]  # (p,)
    slopes = np.diff(y) / np.diff(x)
    return PWL(x, y, float(slopes[0]), float(slopes[-1]))


def _split_at_zeros(x: Array, Z: Array) -> tuple[Array, Array]:
    """More points, so that no column of Z changes sign between neighbours; Z there."""
    piece, unit = np.nonzero(Z[:-1] * Z[1:] < 0)
    before, after = Z[piece, unit], Z[piece + 1, unit]
    share = before / (before - after)  # how far into the piece
    zeros = x[piece] + share * (x[piece + 1] - x[piece])
    rows = Z[piece] + share[:, None] * (Z[piece + 1] - Z[piece])  # (zeros, n)
    rows[np.arange(len(unit)), unit] = 0  # exactly
    all_x, first = np.unique(np.concatenate([x, zeros]), return_index=True)
    return all_x, np.concatenate([Z, rows])[first]
