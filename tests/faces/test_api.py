"""Provenote from Python."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import provenote
from provenote import build, run
from provenote.faces.api import NotBuiltError
from tests.faces.given import Write

REFERENCE = Path(__file__).parents[2] / "docs/provenote/Reference.md"
NOTE = "# Home\n\n[[Nowhere]]\n\n```python run\nprint('plugh')\n6 * 7\n```\n"


def test_there_are_two_names_and_both_are_documented() -> None:
    assert provenote.__all__ == ["build", "run"]
    text = REFERENCE.read_text(encoding="utf-8")
    assert "from provenote import build, run" in text
    for function in (build, run):
        parameters = ", ".join(inspect.signature(function).parameters)
        assert f"`{function.__name__}({parameters})`" in text
        assert function.__doc__


@pytest.mark.parametrize("first", ["import provenote.build, provenote.run.server", "pass"])
def test_they_are_functions_whatever_was_imported_before(first: str) -> None:
    code = f"{first}\nfrom provenote import build, run\nprint(build.__module__, run.__module__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["provenote.faces.api"] * 2


def test_importing_the_package_imports_nothing_else() -> None:
    code = """if True:
        import sys
        before = {*sys.modules}
        import provenote
        new = {name.split(".")[0] for name in sys.modules.keys() - before}
        print(new - sys.stdlib_module_names)"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'provenote'}\n"


def test_a_vault_is_built_in_memory_or_into_a_directory(write: Write) -> None:
    vault = write({"vault/index.md": NOTE}) / "vault"
    site = build(vault)
    assert "plugh" in site.pages[0].body
    assert [str(problem) for problem in site.problems] == [
        "index.md:3:1: [[Nowhere]] names no note (link-missing)"
    ]
    assert not list(vault.glob("site*"))
    site = build(str(vault), vault.parent / "out")
    assert len(site.problems) == 1
    assert "plugh" in (vault.parent / "out/index.html").read_text(encoding="utf-8")


def test_a_site_whose_snippets_fail_is_written_all_the_same(write: Write) -> None:
    root = write({"vault/index.md": "```python run\n1 / 0\n```\n"})
    site = build(root / "vault", root / "out")
    assert [problem.code.value for problem in site.problems] == ["snippet-failed"]
    assert "ZeroDivisionError" in (root / "out/index.html").read_text(encoding="utf-8")


def test_where_there_can_be_no_site_an_error_says_why(write: Write) -> None:
    root = write(
        {"empty/a.txt": "", "other/b.md": "", "bad/mkdocs.yml": "plugins: [", "full/x": ""}
    )
    with pytest.raises(NotBuiltError, match="nowhere is no directory"):
        build(root / "nowhere")
    with pytest.raises(NotBuiltError, match="this vault holds no notes"):
        build(root / "empty", root / "out")
    with pytest.raises(NotBuiltError, match="error parsing the configuration file"):
        build(root / "bad")
    with pytest.raises(NotBuiltError, match="holds files that provenote did not write"):
        build(root / "other", root / "full")
    assert not (root / "out").exists()
    with pytest.raises(NotBuiltError, match=r"gone\.md is no file, and no note"):
        run(root / "gone.md", root / "other")


def test_a_note_is_run(write: Write) -> None:
    plot = "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
    root = write({"a note.md": NOTE.replace("6 * 7\n", f"6 * 7\n```\n\n```python run{plot}")})
    outcome = run(root / "a note.md")
    assert outcome.text.startswith("plugh\n42\n[figure]")
    (figure,) = outcome.figures
    assert figure.startswith("<svg")
    assert outcome.problems == ()
    assert run("A note", root).text == outcome.text


def test_a_snippet_that_fails_is_among_the_problems(write: Write) -> None:
    root = write({"note.md": "```python run\nprint('so far')\n1 / 0\n```\n"})
    outcome = run(root / "note.md")
    assert outcome.text == "so far\n"
    assert [str(p.place) for p in outcome.problems] == ["note.md:3:1"]
