"""Rich values of packages that people use, as outputs."""

import base64

import pytest

from provenote.model import Stream
from provenote.run import svg
from tests.run.project import Project, brief, shown, text_of


def test_what_ipython_displays_is_shown_and_not_printed(project: Project) -> None:
    result = project.only(
        """
        from IPython.display import HTML, JSON, SVG, Latex, Markdown, display as show
        show(HTML("<b>1</b>"), Markdown("*2*"), Latex("$3$"), SVG("<svg/>"), JSON({"four": [4]}))
        show({"text/html": "<i>5</i>", "application/javascript": "x()"}, raw=True)
        """
    )
    assert brief(result.failure) == "fine"
    assert text_of(result) == ""
    kinds = ["text/html", "text/markdown", "text/latex", "image/svg+xml", "application/json"]
    texts = [data[kind] for data, kind in zip(shown(result), kinds, strict=False)]
    assert texts == ["<b>1</b>", "*2*", "$3$", "<svg/>", '{"four": [4]}']
    assert shown(result)[-1] == {"text/html": "<i>5</i>"}


@pytest.mark.parametrize("imported", ["", "from IPython.display import display, update_display\n"])
def test_what_was_displayed_can_be_updated_from_any_cell(project: Project, imported: str) -> None:
    first = 'handle = display(1, display_id=True)\ndisplay(2, display_id="two")\ndisplay(3)'
    then = 'handle.update(10)\nprint("between")'
    if imported:
        then += '\nupdate_display(20, display_id="two")'
    result = project.only(imported + first, then)
    assert brief(result.failure) == "fine"
    two = "20" if imported else "2"
    assert [data["text/plain"] for data in shown(result, 0)] == ["10", two, "3"]
    assert shown(result, 1) == []


def test_output_is_taken_back_at_once_or_when_the_next_comes(project: Project) -> None:
    result = project.only(
        """
        from IPython.display import clear_output
        for step in range(3):
            clear_output(wait=True)
            print("step", step)
        """,
        'print("seen")\nclear_output()',
        "clear_output(wait=True)",
        "print('the last')",
    )
    assert [[o.text for o in outputs if isinstance(o, Stream)] for outputs in result.outputs] == [
        ["step 2\n"],
        [],
        [],
        ["the last\n"],
    ]


def test_images_say_how_large_they_are_shown(project: Project) -> None:
    result = project.only(
        """
        import io
        from IPython.display import Image as Shown
        from PIL import Image
        picture = Image.new("RGB", (4, 2))
        file = io.BytesIO()
        picture.save(file, "png")
        display(picture, Shown(file.getvalue(), width=40, height=20))
        """
    )
    plain, sized = shown(result)
    assert set(plain) == {"image/png", "text/plain"}  # PIL would give a JPEG as well
    assert sized[svg.SIZE] == "40 20"


def test_a_value_may_show_itself(project: Project) -> None:
    result = project.only(
        """
        class Own:
            def _ipython_display_(self): display(1, 2)

        class Broken:
            def _ipython_display_(self): raise RuntimeError("no notebook")
            def _repr_html_(self): return "<b>html</b>"

        display(Broken())
        Own()
        """
    )
    assert [data["text/plain"] for data in shown(result)[1:]] == ["1", "2"]
    assert shown(result)[0]["text/html"] == "<b>html</b>"


FRAMES = """
import pandas as pd
frame = pd.DataFrame({"name": ["a", "b"], "loss": [0.5, 1.5]})
display(frame)
frame.style.highlight_max(subset=["loss"])
"""


def test_tables_of_pandas_are_the_same_in_every_run(project: Project) -> None:
    first, again = (shown(project.only(FRAMES)) for _ in range(2))
    assert first == again
    assert '<table border="1" class="dataframe">' in first[0]["text/html"]
    assert 'id="T_' in first[1]["text/html"]


def test_tables_of_polars_are_html(project: Project) -> None:
    (table,) = shown(project.only('import polars as pl\npl.DataFrame({"a": [1, 2]})'))
    assert 'class="dataframe"' in table["text/html"]


ANIMATION = """
import numpy as np
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(2, 1))
(line,) = ax.plot([], [])
ax.set(xlim=(0, 6), ylim=(-1, 1), title="A wave")
x = np.linspace(0, 6)
film = FuncAnimation(fig, lambda i: line.set_data(x, np.sin(x + i)), frames=3, interval=50)
"""


@pytest.mark.parametrize("last", ["film", "display(film)", "fig", "plt.show()", ""])
def test_an_animation_is_a_film_with_a_still(project: Project, last: str) -> None:
    result = project.only(ANIMATION + last)
    assert brief(result.failure) == "fine"
    assert text_of(result, "stderr") == ""
    (data,) = shown(result)
    film = base64.b64decode(data["image/webp"])
    assert film[8:12] == b"WEBP"
    assert film.count(b"ANMF") == 3
    assert data["image/svg+xml"].startswith("<svg")
    assert data[svg.ALT] == "A wave"


def test_an_animation_is_the_same_in_every_run(project: Project) -> None:
    assert shown(project.only(ANIMATION)) == shown(project.only(ANIMATION))


def test_a_figure_may_be_pixels_with_ink_for_light_and_dark(project: Project) -> None:
    draw = "import matplotlib.pyplot as plt\nplt.figure(figsize=(3, 2))\nplt.plot([1], color='k');"
    result = project.only(f"#| fig-format: png\n{draw}", f"#| fig-format: webp\n{draw}", draw)
    (png,), (webp,), (vector,) = (shown(result, cell) for cell in range(3))
    assert base64.b64decode(png["image/png"])[:4] == b"\x89PNG"
    assert base64.b64decode(webp["image/webp"])[8:12] == b"WEBP"
    assert png[svg.SIZE] == webp[svg.SIZE] == "288 192"
    assert "image/svg+xml" in vector
    assert "image/svg+xml" not in png


def test_c_code_and_fault_handlers_write_where_they_stand(project: Project) -> None:
    result = project.only(
        """
        import ctypes, faulthandler, sys
        print("python")
        ctypes.CDLL(None).puts(b"C")
        print("python again")
        faulthandler.dump_traceback()
        """
    )
    out, err = result.outputs[0]
    assert isinstance(out, Stream)
    assert out.text == "python\nC\npython again\n"
    assert isinstance(err, Stream)
    assert err.text.splitlines() == [
        "Current thread 0x… (most recent call first):",
        '  File "docs/note.md", line 8 in <module>',
    ]
