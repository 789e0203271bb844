"""The cells of a ReLU network: where no unit changes sides, the network is one affine map.

A cell is named by its pattern, which hidden units are on. In two dimensions its part of a box is a
convex polygon, and all of them are found by cutting: every unit of every layer is affine on each
polygon so far, so it cuts the polygon along a straight line or not at all. Corners are computed in
float64, whatever the network's precision.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnref.arrays import Array, Params, require_finite
from nnref.mlp import forward, require_finite_params

NEAR = 1e-10
"""A corner this near a line, relative to the sizes of what is added up there, is on the line."""


@dataclass(frozen=True)
class Cell:
    """What a ReLU network is where its pattern holds."""

    pattern: Array
    """Which hidden units are on, first layer first: `(units,)` of bool."""
    G: Array
    """With h, the pre-activations of all hidden units, z = x G + h: `(n_0, units)`."""
    h: Array
    """`(units,)`."""
    A: Array
    """With c, the output, x A + c: `(n_0, n_L)`."""
    c: Array
    """`(n_L,)`."""


@dataclass(frozen=True)
class Polygon:
    """A cell's part of a box in the plane."""

    vertices: Array
    """Its corners, counterclockwise: `(corners, 2)`."""
    cell: Cell
    """The affine maps that hold in it."""

    @property
    def area(self) -> float:
        """By the shoelace formula."""
        x, y = self.vertices.T
        return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2

    @property
    def centre(self) -> Array:
        """The mean of the corners, a point inside: `(2,)`."""
        centre: Array = self.vertices.mean(axis=0)
        return centre


def patterns(params: Params, X: Array) -> Array:
    """Which hidden units are on, z > 0, for every example.

    Shapes:  params, X (m, n_0)  ->  on (m, units)
    Raises:  as `nnref.mlp.forward`; ValueError if a pre-activation is not finite.
    Source:  Raghu, Poole, Kleinberg, Ganguli and Sohl-Dickstein, ICML 2017, arXiv:1606.05336.
    """
    hidden = forward(params, X)[1].pre_activations[:-1]
    for l, Z in enumerate(hidden, 1):
        require_finite("patterns", f"Z{l}", Z)
    return np.concatenate([np.zeros((len(X), 0), dtype=bool), *(Z > 0 for Z in hidden)], axis=1)


def cell(params: Params, pattern: Array) -> Cell:
    """The affine maps of the cell with this pattern, whether any point has it or not.

    Shapes:  params, pattern (units,)  ->  cell
    Raises:  TypeError unless arrays; ValueError unless params are finite and fit each other, and
             pattern is bool, one per hidden unit.
    Source:  Montufar, Pascanu, Cho and Bengio, NIPS 2014, arXiv:1402.1869, section 2.

    >>> absolute = ((np.array([[1.0, -1.0]]), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    >>> cell(absolute, np.array([False, True])).A  # |x| left of 0
    array([[-1.]])
    """
    require_finite_params("cell", params)
    _require_pattern(params, pattern)
    A, c = np.eye(params[0][0].shape[0]), np.zeros(params[0][0].shape[0])
    G, h, start = [A[:, :0]], [c[:0]], 0
    for W, b in params[:-1]:
        A, c = A @ W, c @ W + b  # (n_0, n_l), (n_l,): z of this layer
        G.append(A)
        h.append(c)
        on = pattern[start : start + len(b)]
        A, c, start = A * on, c * on, start + len(b)  # relu, as it is here
    W, b = params[-1]
    return Cell(pattern.copy(), np.concatenate(G, axis=1), np.concatenate(h), A @ W, c @ W + b)


def polygons(
    params: Params, low: Sequence[float] = (-1.0, -1.0), high: Sequence[float] = (1.0, 1.0)
) -> tuple[Polygon, ...]:
    """All cells of a network of two inputs that meet a box, as convex polygons.

    Shapes:   params  ->  polygons
    Numerics: exact to rounding; a sliver thinner than `NEAR` may be left to its neighbour.
    Raises:   TypeError unless floats; ValueError unless all are finite, two inputs and low < high.
    Cost:     one dot product per unit and polygon: 20 ms for (2, 8, 1), 200 ms for (2, 8, 8, 8, 1).
    Source:   the two-dimensional case of Hanin and Rolnick, ICML 2019, arXiv:1901.09021.
    """
    require_finite_params("polygons", params)
    if params[0][0].shape[0] != 2:
        raise ValueError(f"polygons: W1 {params[0][0].shape} must have 2 inputs")
    (x0, y0), (x1, y1) = low, high
    require_finite("polygons", "low and high", np.array([x0, y0, x1, y1]))
    if not (x0 < x1 and y0 < y1):
        raise ValueError(f"polygons: low {tuple(low)} must be below high {tuple(high)}")
    box = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64)
    pieces = [(box, np.eye(2), np.zeros(2), np.zeros(0, dtype=bool))]
    for W, b in params[:-1]:
        finer: list[tuple[Array, Array, Array, Array]] = []
        for vertices, A, c, pattern in pieces:
            G, h = A @ W, c @ W + b  # (2, n_l), (n_l,)
            for part in _cut_all(vertices, G, h):
                on = part.mean(axis=0) @ G + h > 0
                finer.append((part, G * on, h * on, np.concatenate([pattern, on])))
        pieces = finer
    return tuple(Polygon(vertices, cell(params, pattern)) for vertices, _, _, pattern in pieces)


def _cut_all(vertices: Array, G: Array, h: Array) -> list[Array]:
    """The parts into which the zero lines of z = x G + h cut a convex polygon."""
    parts = [vertices]
    for g, offset in zip(G.T, h, strict=True):
        parts = [half for part in parts for half in _cut(part, g, offset)]
    return parts


def _cut(vertices: Array, g: Array, h: float) -> Iterator[Array]:
    """The halves on which x g + h is positive and negative, or the whole if one is empty."""
    z = vertices @ g + h  # (corners,)
    z[np.abs(z) <= NEAR * (np.abs(vertices) @ np.abs(g) + abs(h))] = 0
    if z.min() >= 0 or z.max() <= 0:
        yield vertices
    else:
        yield _clip(vertices, z)
        yield _clip(vertices, -z)


def _clip(vertices: Array, z: Array) -> Array:
    """The part where z, given at the corners and linear between them, is not negative."""
    kept: list[Array] = []
    ahead, z_ahead = np.roll(vertices, -1, axis=0), np.roll(z, -1)
    for v, w, here, there in zip(vertices, ahead, z, z_ahead, strict=True):
        if here >= 0:
            kept.append(v)
        if here * there < 0:
            kept.append(v + here / (here - there) * (w - v))  # where z is 0 between them
    return np.array(kept)


def _require_pattern(params: Params, pattern: Any) -> None:
    units = sum(len(b) for _, b in params[:-1])
    if not isinstance(pattern, np.ndarray):
        kind = type(pattern).__name__
        raise TypeError(f"cell: pattern must be a NumPy array of bool, not {kind}")
    if pattern.shape != (units,) or pattern.dtype != bool:
        raise ValueError(
            f"cell: pattern {pattern.shape} of {pattern.dtype} must be {(units,)} of bool, "
            "one per hidden unit"
        )
