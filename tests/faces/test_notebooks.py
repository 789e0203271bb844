"""Notebooks in the site, rendered by mkdocs-jupyter, and among the tests."""

import re

import pytest

from tests.faces.given import Run, Write
from tests.run.notebooks import notebook

PLUGINS = "plugins:\n  - search\n  - provenote\n  - mkdocs-jupyter:\n      include: [{include}]\n"
CONFIG = "site_name: Test\ntheme: material\n" + PLUGINS
NOTEBOOK = notebook(
    "# Title",
    "import local\nlocal.answer()",
    ("secret = 'plugh'\nprint('shown ' + 'output')", ["remove-input"]),
    ("folded = 1", ["hide-input"]),
    ("'go' + 'ne'", ["remove-cell"]),
)


def test_a_site_has_what_notebooks_gave_and_names_those_that_fail(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG.format(include='"*.ipynb", "*.py"'),
            "local.py": "def answer():\n    return 6 * 7 * 1001\n",
            "docs/index.md": "[[good.ipynb]] [[a percent page.py]]\n",
            "docs/good.ipynb": NOTEBOOK,
            "docs/bad.ipynb": notebook("x = 0", "# Prose", "print(7 * 6)\n1 / x"),
            "docs/a percent page.py": "# %% [markdown]\n# # Heading\n\n# %%\nprint(3 * 111)\n",
            "docs/tool.py": "1 / 0\n",
        }
    )
    done = run("mkdocs", "build")
    assert done.returncode == 1
    assert "docs/bad.ipynb:cell 2:2:1: snippet failed: ZeroDivisionError" in done.stderr
    site = root / "site"
    good = (site / "good/index.html").read_text(encoding="utf-8")
    assert "42042" in good
    assert "shown output" in good
    assert "plugh" not in good
    assert "gone" not in good
    linked = re.search(r'<nav class="pn-backlinks".*?</nav>', good, re.DOTALL)
    assert linked
    assert '<a class="pn-link" href="../">' in linked[0]
    folded = re.search(r'<details class="pn-code">.*?</details>', good, re.DOTALL)
    assert folded
    assert "folded" in folded[0]
    bad = (site / "bad/index.html").read_text(encoding="utf-8")
    assert "42" in bad
    assert "ZeroDivisionError" in bad
    page = (site / "a percent page/index.html").read_text(encoding="utf-8")
    assert "333" in page
    home = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="good/"' in home
    assert 'href="a%20percent%20page/"' in home
    assert not (site / "tool").exists()
    assert not (root / ".cache").exists()


def test_formulas_are_typeset_without_mathjax(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG.format(include='"*.ipynb"'),
            "docs/index.md": "Home",
            "docs/nb.ipynb": notebook("# Sums\n\nThat $a+b$ and\n\n$$\n\\frac{a}{b}\n$$", "1 + 1"),
        }
    )
    done = run("mkdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr
    page = (root / "site/nb/index.html").read_text(encoding="utf-8")
    assert "That <math><mi>a</mi><mo>+</mo><mi>b</mi></math> and" in page
    assert '<math display="block"><mfrac>' in page
    assert "mathjax" not in page.lower()


def test_nobody_starts_a_kernel(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG.format(include='"*.ipynb"') + "      execute: true\n",
            "docs/index.md": "Home",
            "docs/nb.ipynb": notebook("import sys\n'ipykernel' in sys.modules"),
        }
    )
    (root / "docs/loop").symlink_to(".")  # which MkDocs would follow for ever
    done = run("mkdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr
    assert ">False</pre>" in re.sub(r"\s", "", (root / "site/nb/index.html").read_text())


@pytest.fixture
def vault(pytester: pytest.Pytester) -> pytest.Pytester:
    files = {
        "mkdocs.yml": CONFIG.format(include='"*.ipynb"'),
        "local.py": "x = 1\n",
        "docs/index.md": "Home\n",
        "docs/a/Good one.ipynb": notebook("# Prose", "import local", "assert local.x == 1"),
        "docs/magic.ipynb": notebook("%who"),
        "docs/r.ipynb": notebook("x <- 1", language="R"),
    }
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pytester


def test_each_notebook_is_a_test(vault: pytest.Pytester) -> None:
    result = vault.runpytest_inprocess("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "docs/a/Good one.ipynb PASSED*",
            "docs/magic.ipynb FAILED*",
            "docs/magic.ipynb:cell 1:1:1: `%who` is IPython's and not Python, *",
        ]
    )
    (vault.path / "local.py").write_text("x = 2\n")
    result = vault.runpytest_inprocess("docs/a/Good one.ipynb")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '  File "docs/a/Good one.ipynb", cell 2, line 1, in <module>',
            "    assert local.x == 1",
            "docs/a/Good one.ipynb:cell 2:1:*: snippet failed: AssertionError",
        ]
    )


def test_where_nobody_renders_notebooks_they_are_files(vault: pytest.Pytester) -> None:
    (vault.path / "mkdocs.yml").write_text("site_name: x\nplugins: [provenote]\n")
    assert vault.runpytest_inprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED
