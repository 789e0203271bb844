"""matplotlib in a session: how figures look, and how they are caught.

matplotlib itself is imported inside functions: Provenote does not depend on it.
"""

import contextlib
import io
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from provenote.run import raster, svg, texts

CYCLE = ("#2b7fc4", "#d55e00", "#009e73", "#c0689b", "#b98300", "#8a6fd1", "#808080")
"""Okabe and Ito's hues in middle tones: told apart by the colour-blind, and each with
a contrast of 3:1 or more against white as well as against a dark page."""

_TEX = re.compile(r"[$\\{}]")
"""Marks that mean nothing when read aloud."""
_DENSE = 2000
"""Marks of one kind from which on they are pixels."""
_SAME: Mapping[str, Any] = {
    "svg.fonttype": "none",  # text stays text: selected, searched, read aloud
    "svg.hashsalt": "provenote",  # ids are random without it
    # Or a figure without a layout engine is given one when it is told to have none.
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}

STYLE: Mapping[str, Any] = {
    **_SAME,
    "figure.figsize": (6.4, 3.6),
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "grid.color": svg.GRID,
    "grid.linewidth": 0.8,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    **dict.fromkeys(
        (
            "text.color",
            "axes.labelcolor",
            "axes.edgecolor",
            "xtick.color",
            "ytick.color",
            "boxplot.boxprops.color",
            "boxplot.capprops.color",
            "boxplot.flierprops.color",
            "boxplot.flierprops.markeredgecolor",
            "boxplot.whiskerprops.color",
            "hatch.color",
        ),
        svg.FOREGROUND,
    ),
}


def prepare() -> None:
    """Set the looks, and draw once: fonts and caches that children then inherit."""
    import matplotlib  # noqa: PLC0415
    from matplotlib import colors, pyplot  # noqa: PLC0415

    from provenote.run import backend  # noqa: PLC0415

    backend.install()
    matplotlib.use("agg")
    names: dict[str, Any] = colors.get_named_colors_mapping()
    for name in ("k", "black"):
        names[name] = svg.BLACK
    for name in ("w", "white"):
        names[name] = svg.WHITE
    parameters: Any = matplotlib.rcParams
    parameters.update(STYLE)
    parameters["axes.prop_cycle"] = matplotlib.rcsetup.cycler(color=CYCLE)
    figure, axes = pyplot.subplots()
    axes.plot([0, 1], label="$x$")
    axes.set(title="warm-up", xlabel="$x$", ylabel="y", xscale="log")
    axes.legend()
    bundle(figure)
    pyplot.close(figure)


def draw_as(kind: str) -> None:
    """Say as what figures are drawn from now on: `svg`, `png` or `webp`."""
    _format[:] = [kind]


_format = ["svg"]


def bundle(figure: Any) -> dict[str, str]:
    """A figure as SVG or pixels, with a description made from what is written on it."""
    with _same(), texts.remembered(), warnings.catch_warnings(), laid_out(figure):
        drawn = _vector(figure) if _format == ["svg"] else raster.encoded(figure, *_format)
    return {**drawn, svg.ALT: describe(figure)}


def _vector(figure: Any) -> dict[str, str]:
    _rasterise_dense_marks(figure)
    file = io.StringIO()
    # No date, no version: the same figure is the same bytes, whatever the author has set.
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", metadata=nothing, dpi=raster.DPI)
    return {svg.KIND: svg.themed(raster.slim(file.getvalue()))}


@contextlib.contextmanager
def _same() -> Iterator[None]:
    """What `rc_context` does, which copies and checks hundreds of settings."""
    settings: Any = sys.modules["matplotlib"].rcParams
    before = {name: settings[name] for name in _SAME}
    settings.update(_SAME)
    try:
        yield
    finally:
        settings.update(before)


@contextlib.contextmanager
def laid_out(figure: Any) -> Iterator[None]:
    """Make room for labels; `savefig` would draw all of it twice to do so."""
    warnings.filterwarnings("ignore", "This figure includes Axes that are not compatible")
    engine = _layout_engine(figure)
    if engine is None or not figure.axes:
        yield
        return
    from matplotlib.backends import backend_svg  # noqa: PLC0415

    canvas, dpi = figure.canvas, figure.dpi
    try:
        backend_svg.FigureCanvasSVG(figure)
        figure.dpi = 72  # as an SVG is drawn
        with contextlib.suppress(ValueError):  # as when a figure is drawn
            engine.execute(figure)
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
    figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.set_layout_engine(engine)


def _layout_engine(figure: Any) -> Any:
    """The author's, or ours unless the author made room: it would forbid to adjust by hand."""
    usual = sys.modules["matplotlib"].rcParams
    sides = ("left", "right", "bottom", "top", "wspace", "hspace")
    adjusted = any(
        getattr(figure.subplotpars, side) != usual[f"figure.subplot.{side}"] for side in sides
    )
    if figure.get_layout_engine() is None and not adjusted:
        # The better one fails where a colour bar was made without it.
        bars = any(axes.get_label() == "<colorbar>" for axes in figure.axes)
        figure.set_layout_engine("tight" if bars else "constrained")
    return figure.get_layout_engine()


def _rasterise_dense_marks(figure: Any) -> None:
    """Draw thousands of marks as pixels within the SVG; each would be an element of the page."""
    artists = [figure]
    while artists:
        artist = artists.pop()
        if hasattr(artist, "get_major_ticks"):
            continue  # an axis, which would make all its ticks to be looked at
        artists += artist.get_children()
        if _marks(artist) > _DENSE:
            artist.set_rasterized(True)


def _marks(artist: Any) -> float:
    """How many elements of a page an artist would be, one for ten corners of what is filled."""
    if hasattr(artist, "get_offsets"):
        paths = artist.get_paths()
        corners = sum(len(path.vertices) for path in paths)
        faces = getattr(artist, "_faces", ())  # of a surface, which has no paths before it is drawn
        return max(len(artist.get_offsets()), len(paths), corners / 10, len(faces))
    if hasattr(artist, "get_xdata") and artist.get_marker() not in {None, "", " ", "None"}:
        return len(artist.get_xdata())
    patches = [child for child in artist.get_children() if hasattr(child, "get_path")]
    if len(patches) > _DENSE:  # bars
        for patch in patches:
            patch.set_rasterized(True)
    return 0


def take_open() -> Iterator[Any]:
    """Each figure that pyplot holds open, in the order they were made; they are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        try:
            yield figure
        finally:
            pyplot.close(figure)


def is_figure(value: Any) -> bool:
    return is_a(value, "matplotlib.figure", "Figure")


def is_a(value: Any, module: str, name: str) -> bool:
    """Whether a value is of a class; without importing what may not be installed."""
    return any((base.__module__, base.__name__) == (module, name) for base in type(value).__mro__)


def is_open(figure: Any) -> bool:
    """Whether pyplot holds a figure, so that it is shown when its cell ends."""
    helpers: Any = sys.modules.get("matplotlib._pylab_helpers")
    managers = helpers.Gcf.get_all_fig_managers() if helpers else ()
    return any(manager.canvas.figure is figure for manager in managers)


def belongs_to_figure(value: Any) -> bool:
    """Whether a value is what a drawing call returns: the figure says it better."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(belongs_to_figure(item) for item in value)
    if getattr(getattr(value, "dtype", None), "kind", "") == "O":  # an array of axes
        return belongs_to_figure(value.ravel().tolist())
    module = type(value).__module__
    return module.startswith(("matplotlib.", "mpl_toolkits."))


def describe(figure: Any) -> str:
    """Titles, axis labels and legend entries, as a sentence for each pair of axes."""
    parts = [figure.get_suptitle()]
    parts += [_describe_axes(axes) for axes in figure.axes]
    return _TEX.sub("", ". ".join(part for part in parts if part))


def _describe_axes(axes: Any) -> str:
    labels = [axes.get_ylabel(), axes.get_xlabel()]
    legend = axes.get_legend()
    entries = [text.get_text() for text in legend.get_texts()] if legend else []
    parts = [axes.get_title(), " against ".join(filter(None, labels)), ", ".join(entries)]
    return ": ".join(" ".join(part.split()) for part in parts if part)
