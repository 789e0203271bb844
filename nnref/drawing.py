"""Figures of networks, on axes that the caller made: `fig, ax = plt.subplots()`.

Needs matplotlib: `pip install "provenote[numeric]"`. Colours are told apart by the colour-blind and
show on light and dark pages alike; what they say, a line style, marker or width says too. Text and
frames take matplotlib's settings, so that a page can choose them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, pairwise

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import ListedColormap

from nnref.activations import Activation
from nnref.arrays import Array, Params, floats, matrix, require_count
from nnref.mlp import as_activation, require_params
from nnref.regions import Polygon

PALETTE = ("#2b7fc4", "#d55e00", "#009e73", "#c0689b", "#b98300", "#8a6fd1", "#808080")
"""Okabe and Ito's hues in middle tones, at a contrast of 3 or more to white and to a dark page."""
BLUE, ORANGE, GREY = PALETTE[0], PALETTE[1], PALETTE[-1]
MARKERS = "os^DvPX"
"""One for each class, as colour alone is not for everybody."""
LINES = ("-", "--", "-.", ":")
LEAST = 2.0**-54
"""Where an error of 0 is drawn: below every other float64 can make."""


def layers(ax: Axes, sizes: Sequence[int], *, most: int = 8) -> None:
    """A network as a diagram of its layer sizes: units as dots, weights as lines.

    Of a layer with more units than `most`, the first and the last are drawn, with dots between.

    Shapes:  ax, sizes  ->  None
    Raises:  TypeError unless integers; ValueError for fewer than two sizes or one below 1.
    Source:  the usual diagram; Bishop, PRML 2006, figure 5.1.
    """
    if len(sizes) < 2:
        raise ValueError(f"layers: sizes {tuple(sizes)} need an input and an output")
    for size in sizes:
        require_count("layers", "each of sizes", size, 1)
    require_count("layers", "most", most, 2)
    shown = [_shown(n, most) for n in sizes]
    for l, (start, end) in enumerate(pairwise(shown)):
        segments = [((l, y), (l + 1, v)) for y in _heights(start) for v in _heights(end)]
        ax.add_collection(LineCollection(segments, colors=GREY, linewidths=0.6, alpha=0.7))
    _units(ax, shown, sizes)


def network(ax: Axes, params: Params, *, most: int = 8) -> None:
    """A network as a diagram of its weights: blue for positive, orange and dashed for negative.

    The width of a line is the weight's size over the largest of its layer.

    Shapes:  ax, params  ->  None
    Raises:  as `nnref.mlp.flatten`.
    Source:  Hinton's diagrams, as lines.
    """
    require_params("network", params)
    require_count("network", "most", most, 2)
    sizes = [params[0][0].shape[0], *(len(b) for _, b in params)]
    shown = [_shown(n, most) for n in sizes]
    for l, (W, _) in enumerate(params):
        some = W[np.ix_(shown[l], shown[l + 1])]  # (n_in, n_out) of those that are drawn
        ends = [((l, y), (l + 1, v)) for y in _heights(shown[l]) for v in _heights(shown[l + 1])]
        widths = 2.5 * np.abs(some).ravel() / max(float(np.abs(W).max()), 1e-300)
        positive = some.ravel() > 0
        for side, colour, style in ((positive, BLUE, "-"), (~positive, ORANGE, (0, (3, 1)))):
            segments = [end for end, on in zip(ends, side, strict=True) if on]
            ax.add_collection(
                LineCollection(segments, colors=colour, linewidths=widths[side], linestyles=[style])
            )
    _units(ax, shown, sizes)


def activation(
    ax: Axes, act: Activation | str, *, low: float = -4.0, high: float = 4.0, points: int = 801
) -> None:
    """An activation and, dashed, its slope, with a gap in the slope wherever it jumps.

    Shapes:  ax, act  ->  None
    Raises:  ValueError for an unknown activation or unless low < high.
    Source:  `nnref.activations`.
    """
    act = as_activation("activation", act)
    require_count("activation", "points", points, 2)
    _require_order("activation", low, high)
    z = np.linspace(low, high, points)
    slope = act.df(z)
    pieces = np.searchsorted(np.asarray(act.kinks, dtype=float), z)
    slope[1:][np.diff(pieces) > 0] = np.nan  # no line across a jump
    ax.plot(z, act(z), color=BLUE, label=act.name)
    ax.plot(z, slope, color=ORANGE, linestyle="--", label="slope")
    ax.set(xlabel="$z$")
    ax.legend()


def decision_regions(  # noqa: PLR0913 -- the last three have defaults
    ax: Axes,
    predict: Callable[[Array], Array],
    low: tuple[float, float],
    high: tuple[float, float],
    *,
    X: Array | None = None,
    labels: Array | None = None,
    points: int = 200,
) -> None:
    """Which class a network gives in every place of a box, and the examples it learnt from.

    One output is the logit of class 1; of several, the largest is the class.

    Shapes:  ax, predict, low, high  ->  None
    Raises:  TypeError unless X is floats and labels an array; ValueError unless low < high, or if
             there is not one label per row of X, or not one row of outputs per place.
    Source:  Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, figure 2.1.
    """
    for start, end in zip(low, high, strict=True):
        _require_order("decision_regions", start, end)
    require_count("decision_regions", "points", points, 2)
    if (X is None) != (labels is None):
        raise ValueError("decision_regions: X and labels go together")
    sides = [np.linspace(*side, points) for side in zip(low, high, strict=True)]
    places = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)  # row by row
    scores = matrix("decision_regions", "predict(places)", predict(places))
    if len(scores) != len(places):
        raise ValueError(
            f"decision_regions: predict(places) {scores.shape} must have one row per place, as "
            f"places {places.shape}"
        )
    classes = scores[:, 0] > 0 if scores.shape[1] == 1 else scores.argmax(axis=1)
    grid = classes.reshape(points, points).astype(int)
    ax.imshow(
        grid,
        cmap=ListedColormap(PALETTE),
        vmin=0,
        vmax=len(PALETTE) - 1,
        extent=(low[0], high[0], low[1], high[1]),
        origin="lower",
        alpha=0.25,
        aspect="auto",
        interpolation="nearest",
    )
    if X is not None and labels is not None:
        _examples(ax, X, labels)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def cells(
    ax: Axes, polygons: Sequence[Polygon], values: Array | None = None, *, colours: str = "cividis"
) -> PolyCollection:
    """The cells of a ReLU network, each in the colour of its value: by default its output there.

    For a colour bar: `fig.colorbar(cells(ax, found))`.

    Shapes:  ax, polygons  ->  patches
    Raises:  ValueError for no polygon or unless there is one value for each.
    Source:  `nnref.regions.polygons`; Hanin and Rolnick, ICML 2019, figure 1.
    """
    if not polygons:
        raise ValueError("cells: no polygon to draw")
    if values is None:
        values = np.array([p.centre @ p.cell.A[:, 0] + p.cell.c[0] for p in polygons])
    if floats("cells", "values", values).shape != (len(polygons),):
        raise ValueError(
            f"cells: values {values.shape} must be {(len(polygons),)}, one per polygon"
        )
    edge = mpl.rcParams["axes.edgecolor"]
    corners = [polygon.vertices for polygon in polygons]
    patches = PolyCollection(corners, array=values, cmap=colours, edgecolors=edge, linewidths=0.6)
    ax.add_collection(patches)
    ax.autoscale_view()
    ax.margins(0)
    ax.set_aspect("equal")
    return patches


def error_against_step(ax: Axes, steps: Array, errors: Mapping[str, Array]) -> None:
    """The error of numerical derivatives against their step, both logarithmic, a line each.

    Shapes:  ax, steps (n,), errors  ->  None
    Raises:  ValueError unless each list of errors is as long as the steps.
    Source:  Press et al., Numerical Recipes 2007, section 5.7.
    """
    steps = floats("error_against_step", "steps", steps)
    for (name, error), colour, line in zip(errors.items(), cycle(PALETTE), cycle(LINES)):
        if np.shape(error) != steps.shape:
            raise ValueError(
                f"error_against_step: {name} {np.shape(error)} must be {steps.shape}, as steps"
            )
        ax.loglog(steps, np.maximum(error, LEAST), color=colour, linestyle=line, label=name)
    ax.set(xlabel="step $h$", ylabel="relative error")
    ax.legend()
    ax.grid(visible=True)


def _shown(n: int, most: int) -> list[int]:
    """Which of n units are drawn: all, or the first and last ones."""
    half = most // 2
    return list(range(n)) if n <= most else [*range(half), *range(n - half, n)]


def _heights(shown: list[int]) -> Array:
    """Where units stand, the first above; the gap of those left out is one place wide."""
    places = np.arange(len(shown)) + np.cumsum(np.diff(shown, prepend=shown[0]) > 1)
    heights: Array = (places.max() - places.astype(float)) - places.max() / 2
    return heights


def _units(ax: Axes, shown: Sequence[list[int]], sizes: Sequence[int]) -> None:
    """The dots over the lines, and under each layer its size."""
    lowest = min(float(_heights(units).min()) for units in shown)
    for l, (units, size) in enumerate(zip(shown, sizes, strict=True)):
        y = _heights(units)
        ax.scatter(np.full(len(y), l), y, s=90, color=GREY, zorder=3)
        if size > len(units):
            ax.text(l, 0, "⋮", ha="center", va="center", fontsize="large")
        ax.text(l, lowest - 0.8, str(size), ha="center", va="center")
    ax.set(xlim=(-0.4, len(sizes) - 0.6), ylim=(lowest - 1.2, -lowest + 0.6))
    ax.axis("off")


def _examples(ax: Axes, X: Array, labels: Array) -> None:
    """A marker and a colour for each class."""
    X = matrix("decision_regions", "X", X)
    if not isinstance(labels, np.ndarray) or labels.shape != X.shape[:1]:
        found = labels.shape if isinstance(labels, np.ndarray) else type(labels).__name__
        raise ValueError(
            f"decision_regions: labels {found} must be {X.shape[:1]}, one per row of X"
        )
    for k in np.unique(labels):
        mine, style = labels == k, int(k) % len(PALETTE)
        ax.scatter(
            X[mine, 0],
            X[mine, 1],
            s=14,
            color=PALETTE[style],
            marker=MARKERS[style],
            label=f"class {k}",
        )


def _require_order(where: str, low: float, high: float) -> None:
    if not low < high:
        raise ValueError(f"{where}: low must be below high, got [{low}, {high}]")
