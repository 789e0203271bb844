"""Notebooks run in the same engine as notes."""

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from provenote import magics
from provenote.build import build
from provenote.model import Site
from provenote.run.sessions import run
from provenote.settings import Notebooks, Settings
from tests.run.notebooks import notebook
from tests.run.project import Project


class Built:
    """A vault with one notebook, built with the pool of the tests."""

    def __init__(self, project: Project, *, source: str = "nb.ipynb") -> None:
        self.project, self.source = project, source
        self.ran: list[str] = []
        project.write("docs/index.md", "Home\n")

    def build(self, **options: Any) -> Site:
        shown = Notebooks(**{"include": ("*.ipynb", "*.py"), **options})
        self.ran.clear()
        time.sleep(0.03)  # a file that changed just before a run is not relied on
        return build(replace(self.project.settings, notebooks=shown), runner=self._run)

    def _run(self, sessions: Any, settings: Settings, **arguments: Any) -> Any:
        results = run(sessions, settings, **arguments, pool=self.project.pool)
        self.ran += [name for name, result in results.items() if not result.stored]
        return results

    def cells(self, **options: Any) -> list[dict[str, Any]]:
        site = self.build(**options)
        assert site.problems == ()
        return self.cells_of(site)

    def cells_of(self, site: Site) -> list[dict[str, Any]]:
        content = {str(page.source): page.content for page in site.notebooks}[self.source]
        assert content is not None
        cells: list[dict[str, Any]] = json.loads(content)["cells"]
        return cells


@pytest.fixture
def built(project: Project) -> Built:
    return Built(project)


def said(problems: Any) -> list[str]:
    return [str(replace(problem, detail="")) for problem in problems]


def texts(cell: Mapping[str, Any]) -> list[str]:
    """What each output of a cell says."""
    return [
        output.get("text") or output.get("data", {}).get("text/plain") or output["evalue"]
        for output in cell["outputs"]
    ]


def test_cells_share_a_namespace_and_outputs_are_what_jupyter_would_save(built: Built) -> None:
    built.project.write("docs/nb.ipynb", notebook("# Title", "x = 20", "", "print('a')\nx + 1"))
    title, first, empty, last = built.cells()
    assert title["source"] == "# Title"
    assert (first["execution_count"], first["outputs"]) == (1, [])
    assert empty["execution_count"] is None
    assert last["execution_count"] == 2
    assert last["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "21"}},
    ]


def test_the_authors_file_stays_as_it_is(built: Built) -> None:
    file = built.project.write("docs/nb.ipynb", notebook("1"))
    before = file.read_bytes(), file.stat().st_mtime_ns
    built.cells()
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_failure_names_cell_and_line_and_the_rest_of_the_notebook_is_there(built: Built) -> None:
    cells = "import sys", "# Prose", "def f():\n    return 1 / 0", "print('so far')\nf()", "2"
    built.project.write("docs/nb.ipynb", notebook(*cells))
    site = built.build()
    assert said(site.problems) == [
        "docs/nb.ipynb:cell 2:2:12: snippet failed: ZeroDivisionError: division by zero "
        "(snippet-failed)"
    ]
    traceback = site.problems[0].detail
    assert 'File "docs/nb.ipynb", cell 3, line 2, in <module>' in traceback
    assert 'File "docs/nb.ipynb", cell 2, line 2, in f' in traceback
    *_, failed, last = built.cells_of(site)
    stream, error = failed["outputs"]
    assert stream["text"] == "so far\n"
    assert (error["output_type"], error["ename"]) == ("error", "ZeroDivisionError")
    assert last["outputs"] == []


def test_a_syntax_error_has_its_place(built: Built) -> None:
    built.project.write("docs/nb.ipynb", notebook("x = 1", "y = 2\nz = = 3"))
    assert said(built.build().problems) == [
        "docs/nb.ipynb:cell 2:2:5: snippet failed: SyntaxError: invalid syntax (snippet-failed)"
    ]


def test_an_edit_of_a_module_runs_it_again_and_an_edit_of_prose_does_not(built: Built) -> None:
    built.project.write("local.py", "x = 1\n")
    built.project.write("docs/nb.ipynb", notebook("# Prose", "import local\nlocal.x"))
    assert texts(built.cells()[1]) == ["1"]
    assert built.ran == ["docs/nb.ipynb"]
    built.project.write("docs/nb.ipynb", notebook("# Prose", "# More", "import local\nlocal.x"))
    assert texts(built.cells()[2]) == ["1"]
    assert built.ran == []
    built.project.write("local.py", "x = 2\n")
    assert texts(built.cells()[2]) == ["2"]
    assert built.ran == ["docs/nb.ipynb"]


def test_it_runs_in_its_own_directory(built: Built) -> None:
    built.project.write("docs/a/data.txt", "plugh")
    built.project.write("docs/a/nb.ipynb", notebook("print(open('data.txt').read())"))
    built.source = "a/nb.ipynb"
    assert texts(built.cells()[0]) == ["plugh\n"]
    built.project.write("docs/a/data.txt", "xyzzy")
    assert texts(built.cells()[0]) == ["xyzzy\n"]


def test_a_figure_is_written_as_in_notes(built: Built) -> None:
    plot = "#| fig-cap: A *line*\n#| label: fig-line\nimport matplotlib.pyplot as plt\n"
    built.project.write("docs/nb.ipynb", notebook(plot + "plt.plot([0, 1])"))
    (cell,) = built.cells()
    assert cell["source"].startswith("import matplotlib")
    data = cell["outputs"][0]["data"]
    assert data["text/html"].startswith('<div id="fig-line"><figure class="pn-figure"><svg role=')
    assert "var(--pn-figure-fg, currentColor)" in data["text/html"]
    assert "<figcaption>A <em>line</em></figcaption>" in data["text/html"]
    assert "image/svg+xml" in data


@pytest.mark.parametrize(
    ("tags", "outputs", "kept"),
    [
        (["remove-input"], ["1\n"], ["remove-input"]),
        (["remove_input", "mine"], ["1\n"], ["remove-input", "mine"]),
        (["hide-input"], ["1\n"], ["hide-input"]),
        (["remove-output"], [], []),
        (["skip-execution"], ["saved\n"], []),
    ],
)
def test_tags_mean_what_they_mean_in_jupyter_book(
    built: Built, tags: list[str], outputs: list[str], kept: list[str]
) -> None:
    saved = [{"output_type": "stream", "name": "stdout", "text": "saved\n"}]
    cell = "print(1)", tags
    built.project.write("docs/nb.ipynb", notebook(cell, outputs=saved))
    (shown,) = built.cells()
    assert texts(shown) == outputs
    assert shown["metadata"]["tags"] == kept


def test_a_cell_may_be_left_out_or_be_expected_to_raise(built: Built) -> None:
    cells = ("x = 1", ["remove-cell"]), ("1 / 0", ["raises-exception"]), "x"
    built.project.write("docs/nb.ipynb", notebook(*cells))
    raised, last = built.cells()
    assert texts(raised) == ["division by zero"]
    assert texts(last) == ["1"]
    built.project.write("docs/nb.ipynb", notebook(("1", ["raises-exception"])))
    assert len(built.build().problems) == 1


def test_options_of_cells_are_those_of_notes(built: Built) -> None:
    cells = "#| echo: false\n1", "#| eval: false\n1 / 0", "#| output: false\n3", "#| foo: 1\n4"
    built.project.write("docs/nb.ipynb", notebook(*cells))
    site = built.build()
    (problem,) = said(site.problems)
    assert problem.startswith("docs/nb.ipynb:cell 4:1: there is no snippet option `foo`")
    hidden, skipped, silent, _ = built.cells_of(site)
    assert hidden["metadata"]["tags"] == ["remove-input"]
    assert (texts(hidden), texts(skipped), texts(silent)) == (["1"], [], [])


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "    %matplotlib notebook",
        "%config InlineBackend.figure_format = 'retina'",
        "%load_ext autoreload",
        "%autoreload 2",
    ],
)
def test_how_a_session_looks_or_reloads_is_passed_over(line: str) -> None:
    source = f"if True:\n{line}\nx = (7\n % 4)" if line[0] == " " else f"{line}\nx = (7\n % 4)"
    python, found = magics.read(source)
    assert found == ()
    assert python == source.replace(line.strip(), "pass")


@pytest.mark.parametrize(
    ("source", "written", "guess"),
    [
        ("%timeit f()", "%timeit f()", "write `time.perf_counter()` around it"),
        ("%%time\nx = 1", "%%time", "write `time.perf_counter()` around it"),
        ("x = 1\n!pip install numpy", "!pip install numpy", "install it where the site is built"),
        ("%pip install numpy", "%pip install numpy", "install it where the site is built"),
        ("files = !ls", "files = !ls", "write `subprocess.run([...])`"),
        ("%matplotlob inline", "%matplotlob inline", "did you mean `%matplotlib`?"),
        ("print?", "print?", "write `help(print)`"),
        ("s = '''\n%time\n'''\n%cd x", "%cd x", "a notebook runs in its own directory"),
    ],
)
def test_other_magics_are_problems_with_a_guess(source: str, written: str, guess: str) -> None:
    (found,) = magics.read(source)[1]
    assert (found.written, found.guess) == (written, guess)
    assert source.split("\n")[found.line][found.column - 1 :] == written


def test_what_no_notebook_may_be_is_reported_or_passed_over(built: Built) -> None:
    skipped = {"tags": ["skip-execution"]}
    cell = {"cell_type": "code", "source": "1", "metadata": skipped, "outputs": None}
    built.project.write("docs/a.ipynb", json.dumps({"cells": [cell]}))
    built.project.write("docs/b.ipynb", json.dumps({"cells": [{**cell, "cell_type": ["code"]}]}))
    assert said(built.build().problems) == [
        "docs/b.ipynb: cannot be read as a notebook: "
        "one of its cells is none of code, markdown and raw (unreadable)"
    ]


@pytest.mark.parametrize("source", ["x = 7 \\\n % 4", "'''\n%time\n'''", "x = f'{1!r}'", "1 +", ""])
def test_python_is_left_alone(source: str) -> None:
    assert magics.read(source) == (source, ())


def test_a_notebook_with_magics_does_not_run_and_each_is_named(built: Built) -> None:
    built.project.write(
        "docs/nb.ipynb", notebook("x = 1\n%who", "!ls", ("!ls", ["skip-execution"]))
    )
    site = built.build()
    tail = "is IPython's and not Python, so that the notebook is not run"
    assert said(site.problems) == [
        f"docs/nb.ipynb:cell 1:2:1: `%who` {tail}; write it in Python (magic)",
        f"docs/nb.ipynb:cell 2:1:1: `!ls` {tail}; write `subprocess.run([...])` (magic)",
    ]
    assert all(problem.code.breaks_build for problem in site.problems)
    assert built.ran == []
    assert [page.content for page in site.notebooks] == [None]


@pytest.mark.parametrize(
    ("options", "language"),
    [
        ({"execute": False}, "python"),
        ({"execute_ignore": ("docs/*.ipynb",)}, "python"),
        ({}, "julia"),
    ],
)
def test_what_is_not_to_run_is_shown_as_it_was_saved(
    built: Built, options: dict[str, Any], language: str
) -> None:
    built.project.write("docs/nb.ipynb", notebook("1 / 0", language=language))
    site = built.build(**options)
    assert site.problems == ()
    assert [page.content for page in site.notebooks] == [None]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": [1]}', '{"cells": [{"a": 1}]}'])
def test_what_is_no_notebook_stays_a_file(built: Built, text: str) -> None:
    built.project.write("docs/nb.ipynb", text)
    built.project.write("docs/index.md", "[[nb.ipynb]]\n")
    site = built.build()
    assert site.notebooks == ()
    assert [problem.code.value for problem in site.problems] == ["unreadable"]
    assert "nb.ipynb" in [asset.url for asset in site.assets]


PERCENT = '''\
# ---
# jupyter:
#   kernelspec: python3
# ---

# %% [markdown]
# # A *title*
#
# Prose.

# %% first
x = 1

# %% [markdown]
"""
More prose.
"""

# %%
x + 1
'''


def test_a_file_in_the_percent_format_is_a_notebook(built: Built) -> None:
    built.source = "page.py"
    built.project.write("docs/page.py", PERCENT)
    built.project.write("docs/script.py", "1 / 0\n")
    built.project.write("docs/index.md", "[[page.py]] ![[page.py]]\n")
    cells = built.cells()
    kinds = [(cell["cell_type"], cell["source"]) for cell in cells]
    assert kinds == [
        ("markdown", "# A *title*\n\nProse."),
        ("code", "x = 1"),
        ("markdown", "More prose."),
        ("code", "x + 1"),
    ]
    assert texts(cells[3]) == ["2"]
    built.project.write("docs/page.py", PERCENT + "1 / 0\n")
    assert said(built.build().problems) == [
        "docs/page.py:21:1: snippet failed: ZeroDivisionError: division by zero (snippet-failed)"
    ]
