"""Figures as outputs: one SVG that fits any page."""

import re
from xml.etree import ElementTree

import pytest

from provenote.run import figures, svg
from tests.run.project import Project, brief, shown

PLOT = """
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, 4], label="loss")
ax.set(title="Training", xlabel="epoch", ylabel="loss $L$")
ax.grid(True)
ax.legend()
"""


def drawn(project: Project, *code: str) -> list[str]:
    result = project.only(*code)
    assert brief(result.failure) == "fine"
    return [data["image/svg+xml"] for data in shown(result)]


def test_an_open_figure_is_shown_when_its_cell_ends_and_once(project: Project) -> None:
    result = project.only(PLOT, "fig2 = plt.figure()\nplt.figure()\n1")
    assert [set(data) for data in shown(result, 0)] == [{"image/svg+xml", svg.ALT}]
    assert ["image/svg+xml" in data for data in shown(result, 1)] == [False, True, True]


@pytest.mark.parametrize(
    "code", ["plt.plot([1])", "fig", "ax", "plt.subplots(2)[1]", "plt.hist([1, 2])[2]"]
)
def test_what_drawing_returns_is_no_value(project: Project, code: str) -> None:
    before = "" if "subplots" in code else "fig, ax = plt.subplots()\n"
    (one,) = shown(project.only("import matplotlib.pyplot as plt\n" + before + code))
    assert "image/svg+xml" in one


def test_a_figure_that_was_shown_shows_again_by_name(project: Project) -> None:
    result = project.only(PLOT, "fig", "display(fig)")
    assert len(shown(result, 1)) == len(shown(result, 2)) == 1
    assert "image/svg+xml" in shown(result, 1)[0]


def test_show_puts_figures_where_it_stands(project: Project) -> None:
    for show in ("plt.show()", "fig.show()"):
        result = project.only(PLOT + f"{show}\nprint('after')\nplt.close()")
        assert [type(output).__name__ for output in result.outputs[0]] == ["Display", "Stream"]


def test_text_stays_text_and_colours_follow_the_page(project: Project) -> None:
    (text,) = drawn(project, PLOT)
    assert ">Training</text>" in text
    assert "var(--pn-figure-fg, currentColor)" in text
    assert "var(--pn-figure-grid" in text
    assert set(re.findall("font-family: ([^;]*)", text)) == {
        "var(--pn-figure-font, inherit)",
        "'DejaVu Sans', Verdana, sans-serif",
    }
    assert not re.search(r"#0{6}|#f{6}|#01020|#fefdfc|<metadata|<style|<\?xml|<!DOCTYPE", text)
    root = ElementTree.fromstring(text)
    assert (root.get("width"), root.get("height")) == ("460.8pt", "259.2pt")
    assert root.get("viewBox") == "0 0 460.8 259.2"


@pytest.mark.parametrize(
    ("draw", "stroke", "fill"),
    [
        ("ax.axhline(0, color='k')", "fg", ""),
        ("ax.text(0, 0, 'word', color='black')", "", "fg"),
        ("ax.text(0, 0, 'word', color='white')", "", "#ffffff"),
        ("ax.text(0, 0, 'word', bbox={'facecolor': 'white'})", "fg", "bg"),
    ],
)
def test_black_and_white_mean_ink_and_paper(
    project: Project, draw: str, stroke: str, fill: str
) -> None:
    bare = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.axis('off')\n"
    (text,) = drawn(project, bare + draw)
    for kind, colour in (("stroke", stroke), ("fill", fill)):
        wanted = colour if colour.startswith("#") else f"var(--pn-figure-{colour}"
        assert not colour or f"{kind}: {wanted}" in text


def test_black_words_on_a_coloured_ground_stay_black(project: Project) -> None:
    code = "ax.text(0, 0, 'dark', color='black')\nax.text(1, 1, 'light', color='w')"
    (text,) = drawn(project, "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n" + code)
    (dark,) = re.findall(r"<text[^>]*>dark", text)
    assert "fill: #000000" in dark


def test_a_figure_describes_itself(project: Project) -> None:
    (data,) = shown(project.only(PLOT))
    assert data[svg.ALT] == "Training: loss L against epoch: loss"


def test_figures_are_the_same_in_every_run_whatever_is_set(project: Project) -> None:
    spoil = "plt.rcdefaults()\nplt.rcParams['svg.fonttype'] = 'path'\nplt.hist([1, 2], hatch='/');"
    code = "import matplotlib.pyplot as plt\n" + spoil
    assert drawn(project, code) == drawn(project, code)


DENSE = {
    "scatter": "ax.scatter(x, y)",
    "coloured scatter": "ax.scatter(x, y, c=y)",
    "dots": "ax.plot(x, y, 'o')",
    "mesh": "ax.pcolormesh(x.reshape(100, 100))",
    "contours": "ax.contourf(x.reshape(100, 100))",
    "bars": "ax.hist(x, 3000)",
    "area": "ax.fill_between(range(10_000), x)",
    "segments": "ax.errorbar(x, y, x, fmt='none')",
    "surface": "ax = surface()",
}
SURFACE = """
def surface():
    fig.clear()
    ax = fig.add_subplot(projection="3d")
    u, v = np.meshgrid(np.linspace(-1, 1, 80), np.linspace(-1, 1, 80))
    ax.plot_surface(u, v, u * v, rcount=80, ccount=80)
    return ax
"""


def test_thousands_of_marks_become_pixels_and_words_stay(project: Project) -> None:
    start = "import numpy as np, matplotlib.pyplot as plt\nx, y = np.random.rand(2, 10_000)"
    cells = (f"fig, ax = plt.subplots()\n{draw}\nax.set_title('word');" for draw in DENSE.values())
    result = project.only(start + SURFACE, *cells)
    assert brief(result.failure) == "fine"
    for cell, name in enumerate(DENSE, 1):
        (data,) = shown(result, cell)
        text = data["image/svg+xml"]
        assert len(text) < 150_000, name
        assert "data:image/" in text, name
        assert ">word</text>" in text, name


def axes_box(svg_text: str) -> list[float]:
    """The corners of the first axes: their background is the second patch."""
    (path,) = re.findall(r'<g id="patch_2">\s*<path d="([^"]*)"', svg_text)
    numbers = [float(n) for n in re.findall(r"[\d.]+", path)]
    return [min(numbers[::2]), max(numbers[::2])]


@pytest.mark.parametrize(
    ("adjust", "expected"),
    [
        ("fig.subplots_adjust(left=0.5, right=0.75)", [230.4, 345.6]),
        ("ax.set_position([0.25, 0.25, 0.5, 0.5])", [115.2, 345.6]),
    ],
)
def test_room_is_made_for_labels_unless_the_author_did(
    project: Project, adjust: str, expected: list[float]
) -> None:
    start = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.set_ylabel('y');\n"
    (usual,) = drawn(project, start)
    assert axes_box(usual)[0] < 57.6  # where matplotlib would put it
    (adjusted,) = drawn(project, start + adjust)
    assert axes_box(adjusted) == pytest.approx(expected)


@pytest.mark.parametrize("last", ["", "plt.tight_layout()", "fig.subplots_adjust(left=0.3)"])
def test_a_colour_bar_fits_any_layout(project: Project, last: str) -> None:
    code = f"""
        import matplotlib.pyplot as plt
        fig, (a, b) = plt.subplots(1, 2)
        fig.colorbar(a.imshow([[1, 2]]))
        fig.add_axes([0.4, 0.4, 0.1, 0.1])
        {last}
        """
    result = project.only(code)
    assert brief(result.failure) == "fine"
    assert "image/svg+xml" in shown(result)[0]


def test_a_tight_layout_is_no_reason_to_warn(project: Project) -> None:
    result = project.only("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.tight_layout()")
    assert [type(output).__name__ for output in result.outputs[0]] == ["Display"]


def test_inlined_figures_share_no_id() -> None:
    text = (
        '<svg width="1pt"><defs><clipPath id="p1"/></defs><g id="a" clip-path="url(#p1)"/>'
        '<use xlink:href="#m 1"/><image xlink:href="data:image/png;base64,id"/></svg>'
    )
    assert svg.inline(text, "relu/Dying ReLU.md 1", 'say "x" & y') == (
        '<svg role="img" aria-label="say &quot;x&quot; &amp; y" width="1pt"><defs>'
        '<clipPath id="relu-Dying-ReLU-md-1-p1"/></defs>'
        '<g id="relu-Dying-ReLU-md-1-a" clip-path="url(#relu-Dying-ReLU-md-1-p1)"/>'
        '<use xlink:href="#relu-Dying-ReLU-md-1-m 1"/>'
        '<image xlink:href="data:image/png;base64,id"/></svg>'
    )


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", figures.CYCLE)
@pytest.mark.parametrize("page", ["#ffffff", "#1e2129", "#121212"])
def test_lines_stand_out_from_light_and_dark_pages(colour: str, page: str) -> None:
    low, high = sorted((luminance(colour), luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3
