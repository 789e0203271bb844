"""The cells of a ReLU network in any number of dimensions, and its maximum, by linear programs.

Needs SciPy: `pip install "provenote[lp]"`. A cell of the units so far is cut by the next unit if
both sides hold a ball. Whether they do is one linear program each, the Chebyshev centre; the centre
known from before decides one of the two sides for nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nnref.arrays import Array, Params
from nnref.mlp import require_finite_params
from nnref.regions import Cell, cell

RADIUS = 1e-6
"""A cell holds a ball of this radius, or it is not seen: the solver is exact to 1e-7."""
Bound: TypeAlias = float | Sequence[float]
"""One number per input, or one for all."""


@dataclass(frozen=True)
class _Part:
    """A cell of the units looked at so far, {x : x S + s >= 0}, columns of S of length 1."""

    pattern: tuple[bool, ...]
    """Which of the units are on."""
    S: Array
    """`(n_0, k)`."""
    s: Array
    """`(k,)`."""
    centre: Array
    """A point at least `RADIUS` inside: `(n_0,)`."""


def cells(params: Params, low: Bound = -np.inf, high: Bound = np.inf) -> tuple[Cell, ...]:
    """All cells of a network that meet a box; by default, all it has.

    Shapes:   params  ->  cells
    Numerics: cells that hold no ball of radius `RADIUS` are not seen.
    Raises:   TypeError unless floats; ValueError unless params are finite and low < high;
              ImportError without SciPy.
    Cost:     a linear program per unit and cell, of some milliseconds.
    Source:   Serra, Tjandraatmadja and Ramalingam, ICML 2018, arXiv:1711.02114, count so too.
    """
    box = _box("cells", params, low, high)
    centre = _inner_point(np.zeros((len(box), 0)), np.zeros(0), box)
    parts = [] if centre is None else [_Part((), np.zeros((len(box), 0)), np.zeros(0), centre)]
    for l in range(len(params) - 1):
        parts = [finer for part in parts for finer in _through_layer(params[: l + 1], part, box)]
    return tuple(cell(params, np.array(part.pattern, dtype=bool)) for part in parts)


def maximum(params: Params, low: Bound, high: Bound) -> tuple[Array, float]:
    """Where in a box the network's one output is largest, and how large: the best of all cells.

    Shapes:  params, low, high  ->  x, value
    Raises:  as `cells`; ValueError unless the box is finite and the network has one output.
    Cost:    one linear program per cell after `cells`.
    Source:  Tjeng, Xiao and Tedrake, ICLR 2019, arXiv:1711.07356, do it in one integer program.
    """
    box = _box("maximum", params, low, high)
    if not np.isfinite(box).all():
        raise ValueError(f"maximum: the box {box.tolist()} must be finite")
    if params[-1][0].shape[1] != 1:
        raise ValueError(f"maximum: params need one output, the last W is {params[-1][0].shape}")
    return max((_best_in(piece, box) for piece in cells(params, low, high)), key=lambda b: b[1])


def _through_layer(params: Params, part: _Part, box: Array) -> list[_Part]:
    """The parts into which the last layer of a network cuts a cell of the layers before."""
    z = cell(params, np.array(part.pattern, dtype=bool))  # its output: these units, not yet relu
    parts = [part]
    for g, h in zip(z.A.T, z.c, strict=True):
        parts = [half for whole in parts for half in _cut(whole, g, h, box)]
    return parts


def _cut(part: _Part, g: Array, h: Any, box: Array) -> Iterator[_Part]:
    """The sides of the unit z = x g + h that hold a ball, first where it is on."""
    length = float(np.sqrt(g @ g))
    if length == 0:  # constant in this cell: no side to choose
        yield _Part((*part.pattern, bool(h > 0)), part.S, part.s, part.centre)
        return
    distance = (part.centre @ g + h) / length
    for on, side in ((True, 1.0), (False, -1.0)):
        S = np.column_stack([part.S, side * g / length])
        s = np.append(part.s, side * h / length)
        known = side * distance > RADIUS
        centre = part.centre if known else _inner_point(S, s, box)
        if centre is not None:
            yield _Part((*part.pattern, on), S, s, centre)


def _inner_point(S: Array, s: Array, box: Array) -> Array | None:
    """The centre of the largest ball, of radius 1 at most, in {x S + s >= 0}; None if too small."""
    n_0, k = S.shape
    rows = np.column_stack([-S.T, np.ones(k)])  # r <= x S + s
    found = _linprog()(
        np.append(np.zeros(n_0), -1.0), A_ub=rows, b_ub=s, bounds=[*box.tolist(), (0.0, 1.0)]
    )
    centre: Array | None = found.x[:n_0] if found.status == 0 and found.x[-1] > RADIUS else None
    return centre


def _best_in(piece: Cell, box: Array) -> tuple[Array, float]:
    """The corner of a cell's closure, within the box, where its affine map is largest."""
    side = np.where(piece.pattern, 1.0, -1.0)
    found = _linprog()(
        -piece.A[:, 0], A_ub=-(piece.G * side).T, b_ub=piece.h * side, bounds=box.tolist()
    )
    if found.status != 0:  # a cell that only the tolerance made
        return box[:, 0], -np.inf
    return found.x, float(piece.c[0] - found.fun)


def _box(where: str, params: Params, low: Bound, high: Bound) -> Array:
    """Low and high per input, `(n_0, 2)`."""
    require_finite_params(where, params)
    n_0 = params[0][0].shape[0]
    box = np.column_stack([np.broadcast_to(np.asarray(side, float), n_0) for side in (low, high)])
    if not (box[:, 0] < box[:, 1]).all():
        raise ValueError(f"{where}: low must be below high, got {box.tolist()}")
    return box


def _linprog() -> Any:
    """SciPy's, imported only here: the rest of nnref does without."""
    try:
        from scipy.optimize import linprog  # noqa: PLC0415
    except ImportError as error:
        raise ImportError('region_search needs SciPy: pip install "provenote[lp]"') from error
    return linprog
