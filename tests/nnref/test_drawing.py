"""Figures: what is drawn is what was given, in colours for every page and reader."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from nnref import drawing
from nnref.activations import ACTIVATIONS, relu
from nnref.arrays import Array
from nnref.data import moons
from nnref.init import init_params
from nnref.mlp import predict
from nnref.regions import polygons
from provenote.run import figures

PARAMS = init_params((2, 5, 4, 1), "he", np.random.default_rng(0), bias=0.1)
STYLE: Any = dict(figures.STYLE)
BOX = ((-1.0, -1.0), (1.0, 1.0))


@pytest.fixture
def ax() -> Iterator[Axes]:
    """Axes as a note has them."""
    with mpl.rc_context(STYLE):
        yield Figure().subplots()


def _lines(ax: Axes) -> list[LineCollection]:
    return [c for c in ax.collections if isinstance(c, LineCollection)]


def _dots(ax: Axes) -> list[PathCollection]:
    return [c for c in ax.collections if isinstance(c, PathCollection)]


def test_the_palette_is_that_of_the_notes() -> None:
    assert drawing.PALETTE == figures.CYCLE


def _luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot([0.2126, 0.7152, 0.0722], channels))


@pytest.mark.parametrize("page", ["#ffffff", "#1e1e24"])
@pytest.mark.parametrize("colour", drawing.PALETTE)
def test_every_colour_shows_on_light_and_dark_pages(colour: str, page: str) -> None:
    """WCAG 2.1, 1.4.11: graphical objects at 3 to 1."""
    dark, light = sorted([_luminance(colour), _luminance(page)])
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_a_diagram_has_all_units_and_all_weights(ax: Axes) -> None:
    drawing.layers(ax, (3, 5, 4, 2))
    assert [len(lines.get_segments()) for lines in _lines(ax)] == [15, 20, 8]
    assert [len(np.asarray(dots.get_offsets())) for dots in _dots(ax)] == [3, 5, 4, 2]
    assert [text.get_text() for text in ax.texts] == ["3", "5", "4", "2"]


def test_of_large_layers_some_units_are_drawn_and_the_size_said(ax: Axes) -> None:
    drawing.layers(ax, (784, 9, 8), most=8)
    assert [len(np.asarray(dots.get_offsets())) for dots in _dots(ax)] == [8, 8, 8]
    assert [text.get_text() for text in ax.texts] == ["⋮", "784", "⋮", "9", "8"]


def test_lines_end_at_their_units(ax: Axes) -> None:
    drawing.network(ax, PARAMS)
    units = {
        tuple(place) for dots in _dots(ax) for place in np.asarray(dots.get_offsets()).tolist()
    }
    ends = {tuple(end) for c in _lines(ax) for line in c.get_segments() for end in line.tolist()}
    assert ends == units


def test_sign_is_colour_and_dashes_and_size_is_width(ax: Axes) -> None:
    W = np.array([[2.0, -1.0], [0.5, -2.0]])
    drawing.network(ax, ((W, np.zeros(2)),))
    positive, negative = _lines(ax)
    assert {to_hex(c) for c in np.asarray(positive.get_color())} == {drawing.BLUE}
    assert {to_hex(c) for c in np.asarray(negative.get_color())} == {drawing.ORANGE}
    assert list(positive.get_linewidth()) == [2.5, 0.625]  # type: ignore[arg-type]
    assert list(negative.get_linewidth()) == [1.25, 2.5]  # type: ignore[arg-type]
    assert positive.get_linestyle() != negative.get_linestyle()
    starts = [segment[0][1] for segment in positive.get_segments()]
    assert starts == [0.5, -0.5]  # the first input is above


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_drawn_with_its_slope(name: str, ax: Axes) -> None:
    act = ACTIVATIONS[name]
    drawing.activation(ax, name)
    value, slope = (np.asarray(line.get_data()) for line in ax.lines)
    np.testing.assert_array_equal(value[1], act(value[0]))
    drawn = ~np.isnan(slope[1])
    np.testing.assert_array_equal(slope[1][drawn], act.df(slope[0][drawn]))
    assert (~drawn).sum() == len(act.kinks)  # one gap for each jump
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_no_line_is_drawn_across_a_jump(ax: Axes) -> None:
    drawing.activation(ax, relu, low=-1.0, high=1.0)
    slope = np.asarray(ax.lines[1].get_ydata(), dtype=float)
    assert np.nanmax(np.abs(np.diff(slope))) == 0


def test_regions_are_the_classes_seen_from_below(ax: Axes) -> None:
    """Class 1 above the line y = x, in a picture whose first row is the lowest."""

    def above(X: Array) -> Array:
        return X[:, 1:] - X[:, :1]

    drawing.decision_regions(ax, above, *BOX, points=50)
    image, side = np.asarray(ax.images[0].get_array()), np.linspace(-1, 1, 50)
    np.testing.assert_array_equal(image, side[:, None] > side[None, :])
    assert ax.images[0].origin == "lower"


def test_of_several_outputs_the_largest_is_the_class(ax: Axes) -> None:
    params = init_params((2, 6, 3), "he", np.random.default_rng(1), bias=0.2)
    drawing.decision_regions(ax, lambda X: predict(params, X), *BOX, points=30)
    side = np.linspace(-1, 1, 30)
    for i, j in ((0, 0), (4, 20), (29, 3)):
        expected = predict(params, np.array([[side[j], side[i]]])).argmax()
        assert np.asarray(ax.images[0].get_array())[i, j] == expected


def test_examples_have_a_marker_and_a_colour_for_each_class(ax: Axes) -> None:
    X, labels = moons(40, np.random.default_rng(0))
    drawing.decision_regions(ax, lambda P: P[:, :1], *BOX, X=X, labels=labels)
    zero, one = _dots(ax)
    np.testing.assert_array_equal(np.asarray(zero.get_offsets()), X[labels == 0])
    np.testing.assert_array_equal(np.asarray(one.get_offsets()), X[labels == 1])
    assert not np.array_equal(zero.get_facecolor(), one.get_facecolor())
    assert not np.array_equal(zero.get_paths()[0].vertices, one.get_paths()[0].vertices)


def test_cells_are_the_polygons_in_the_colour_of_the_output(ax: Axes) -> None:
    found = polygons(PARAMS)
    patches = drawing.cells(ax, found)
    for path, polygon in zip(patches.get_paths(), found, strict=True):
        np.testing.assert_array_equal(np.asarray(path.vertices)[:-1], polygon.vertices)
    centres = np.array([polygon.centre for polygon in found])
    assert np.asarray(patches.get_array()) == pytest.approx(predict(PARAMS, centres)[:, 0])
    assert (*ax.get_xlim(), *ax.get_ylim()) == pytest.approx((-1, 1, -1, 1))


def test_an_error_of_zero_has_a_place_too(ax: Axes) -> None:
    steps = np.array([1e-8, 1e-4, 1.0])
    drawing.error_against_step(
        ax, steps, {"central": np.array([1e-8, 1e-9, 1.0]), "complex step": np.zeros(3)}
    )
    assert np.asarray(ax.lines[0].get_ydata()).tolist() == [1e-8, 1e-9, 1.0]
    assert np.asarray(ax.lines[1].get_ydata()).tolist() == [2.0**-54] * 3
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


X, LABELS = moons(20, np.random.default_rng(0))
STEPS = np.array([1e-3, 1e-2])
KINDS: dict[str, Callable[[Axes], object]] = {
    "layers": lambda ax: drawing.layers(ax, (2, 9, 1)),
    "network": lambda ax: drawing.network(ax, PARAMS),
    "activation": lambda ax: drawing.activation(ax, "selu"),
    "decision_regions": lambda ax: drawing.decision_regions(
        ax, lambda P: P[:, :1], *BOX, X=X, labels=LABELS
    ),
    "cells": lambda ax: drawing.cells(ax, polygons(PARAMS)),
    "error_against_step": lambda ax: drawing.error_against_step(ax, STEPS, {"central": STEPS}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_black_or_white_whatever_the_page(kind: str, ax: Axes) -> None:
    """In a note's style, where text and frames have colours that the page replaces."""
    KINDS[kind](ax)
    file, figure = io.StringIO(), ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(file, format="svg")
    assert not {"#000000", "#ffffff"} & set(re.findall(r"#[0-9a-f]{6}", file.getvalue()))
