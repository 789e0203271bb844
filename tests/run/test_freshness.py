"""After any edit, exactly what depends on it runs again."""

import importlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from provenote.run import state
from provenote.run.pool import Pool
from tests.run.project import Project, brief, shown

NOTES = {
    "direct.md": ("import core\ncore.value",),
    "indirect.md": ("import middle\nmiddle.value",),
    "lazy.md": ("import importlib", "importlib.import_module('core').value"),
    "by path.md": (
        """
        import importlib.util
        from pathlib import Path
        file = Path(__file__).parents[1] / "core.py"
        spec = importlib.util.spec_from_file_location("anything", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.value
        """,
    ),
    "package.md": ("from package import part\npart.value",),
    "data.md": ("from pathlib import Path\n(Path(__file__).parent / 'points.csv').read_text()",),
    "listing.md": (
        "import os, pathlib\nsorted(os.listdir(pathlib.Path(__file__).parents[1] / 'data'))",
    ),
    "maybe.md": (
        "from pathlib import Path\nfile = Path(__file__).parents[1] / 'maybe.txt'\nfile.exists()",
    ),
    "tried.md": (
        """
        from pathlib import Path
        try:
            text = (Path(__file__).parents[1] / "maybe.txt").read_text()
        except FileNotFoundError:
            text = "none"
        text
        """,
    ),
    "optional.md": (
        "try:\n    import extra\nexcept ImportError:\n    extra = None\nextra is None",
    ),
    "failing.md": ("#| error: true\nimport core\ncore.value / 0",),
    "free.md": ("import json\njson.dumps(1)",),
    "numeric.md": ("import numpy as np\nnp.pi",),
    "off.md": ("#| eval: false\nimport core", "2"),
    "standard.md": ("import selectors\nhasattr(selectors, 'here')",),
}
CORE = {"direct.md", "indirect.md", "lazy.md", "by path.md", "failing.md"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Project:
    project = Project(tmp_path_factory.mktemp("built"), pool)
    project.write("core.py", "value = 1\n")
    project.write("middle.py", "from core import value\n")
    project.write("package/__init__.py", "")
    project.write("package/part.py", "value = 1\n")
    project.write("docs/points.csv", "1,2\n")
    project.write("data/a.txt", "")
    for name, cells in NOTES.items():
        project.note(name, *cells)
    assert project.rerun() == {f"docs/{name}" for name in NOTES}
    assert {brief(result.failure) for result in project.last.values()} == {"fine"}
    assert project.rerun() == set()
    return project


@pytest.fixture
def vault(built: Project, project: Project) -> Project:
    """A checkout of its own of a project that has been built, with its store."""
    shutil.copytree(built.root, project.root, dirs_exist_ok=True)
    assert project.rerun() == set()
    return project


def prose(project: Project) -> None:
    for name in NOTES:
        file = project.root / "docs" / name
        file.write_text("# New\n\nMore\n\nprose.\n\n" + file.read_text())


def caption(project: Project) -> None:
    project.note("direct.md", "#| fig-cap: New\n#| echo: false\n" + NOTES["direct.md"][0])


def comment(project: Project) -> None:
    file = project.root / "docs/direct.md"
    text = file.read_text().replace("# A note", "# A note %%no reader sees this%%")
    file.write_text(text + "\n%%\n```python run\n1 / 0\n```\n%%\n")


def swap_same_size(project: Project) -> None:
    """Within a second and of the same size: bytecode would not notice."""
    file = project.root / "core.py"
    before = file.stat()
    file.write_text("value = 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def shadow(project: Project) -> None:
    project.write("numpy.py", "pi = 3\n")


EDITS: dict[str, tuple[Callable[[Project], object], set[str]]] = {
    "module": (lambda p: p.write("core.py", "value = 22\n"), CORE),
    "module, same size and time": (swap_same_size, CORE),
    "indirect module": (lambda p: p.write("middle.py", "value = 3\n"), {"indirect.md"}),
    "part of a package": (lambda p: p.write("package/part.py", "value = 2\n"), {"package.md"}),
    "package itself": (lambda p: p.write("package/__init__.py", "x = 1\n"), {"package.md"}),
    "data": (lambda p: p.write("docs/points.csv", "3,4\n"), {"data.md"}),
    "listed directory": (lambda p: p.write("data/b.txt", ""), {"listing.md"}),
    "file that appears": (lambda p: p.write("maybe.txt", "x"), {"maybe.md", "tried.md"}),
    "module that appears": (lambda p: p.write("extra.py", ""), {"optional.md"}),
    "module beside the note that appears": (
        lambda p: p.write("docs/extra.py", ""),
        {"optional.md"},
    ),
    "module that disappears": (
        lambda p: (p.root / "middle.py").unlink(),
        {"indirect.md"},
    ),
    "code": (lambda p: p.note("free.md", "1 + 1"), {"free.md"}),
    "option": (lambda p: p.note("free.md", "#| eval: false\n" + NOTES["free.md"][0]), {"free.md"}),
    "code that does not run": (
        lambda p: p.note("off.md", "#| eval: false\nimport middle", "2"),
        set(),
    ),
    "prose": (prose, set()),
    "how it is shown": (caption, set()),
    "a comment": (comment, set()),
    "unrelated file": (lambda p: p.write("other.py", "x = 1"), set()),
    "bytecode": (lambda p: p.write("__pycache__/core.pyc", b"x"), set()),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_runs_what_depends_on_it(vault: Project, name: str) -> None:
    edit, expected = EDITS[name]
    edit(vault)
    assert vault.rerun() == {f"docs/{note}" for note in expected}


@pytest.mark.parametrize(
    ("edit", "value"), [(lambda p: p.write("core.py", "value = 77\n"), "77"), (swap_same_size, "2")]
)
def test_results_after_an_edit_are_the_new_ones(
    vault: Project, edit: Callable[[Project], object], value: str
) -> None:
    edit(vault)
    vault.rerun()
    for name in ("direct.md", "indirect.md", "lazy.md", "by path.md"):
        result = next(r for id_, r in vault.last.items() if id_ == f"docs/{name}")
        assert shown(result) == [{"text/plain": value}]


def test_an_extension_module_counts_too(project: Project) -> None:
    """The linker opens it, and Python's audit hook sees nothing of that."""
    compiled = Path(importlib.import_module("numpy.linalg.lapack_lite").__file__ or "")
    copy = project.write(compiled.name, compiled.read_bytes())
    project.note("note.md", "import numpy\nimport lapack_lite\nlapack_lite.__file__[-3:]")
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()
    copy.write_bytes(compiled.read_bytes() + b"\0")
    assert project.rerun() == {"docs/note.md"}
    assert brief(next(iter(project.last.values())).failure) == "fine"


def test_undoing_an_edit_runs_nothing(vault: Project) -> None:
    for value in range(2, 5):
        vault.write("core.py", f"value = {value}\n")
        assert vault.rerun()
    vault.write("core.py", "value = 1\n")
    assert vault.rerun() == set()


def test_a_local_numpy_goes_first_everywhere(vault: Project) -> None:
    shadow(vault)
    assert "docs/numeric.md" in vault.rerun()
    result = next(r for id_, r in vault.last.items() if id_ == "docs/numeric.md")
    assert shown(result) == [{"text/plain": "3"}]


def test_a_local_module_goes_before_a_standard_one_that_is_loaded(vault: Project) -> None:
    vault.write("selectors.py", "here = True\n")
    assert "docs/standard.md" in vault.rerun()
    result = next(r for id_, r in vault.last.items() if id_ == "docs/standard.md")
    assert shown(result) == [{"text/plain": "True"}]


def test_another_checkout_hits_the_store(vault: Project, tmp_path: Path) -> None:
    shutil.copytree(vault.root, tmp_path / "elsewhere")
    other = Project(tmp_path / "elsewhere", vault.pool)
    assert other.rerun() == set()


def test_output_that_names_its_project_is_right_only_there(
    project: Project, tmp_path: Path
) -> None:
    project.note("note.md", "print(__file__)")
    project.rerun()
    shutil.copytree(project.root, tmp_path / "elsewhere")
    assert Project(tmp_path / "elsewhere", project.pool).rerun() == {"docs/note.md"}


def test_output_that_names_its_line_moves_with_it(project: Project) -> None:
    code = "import traceback\ntry:\n    1/0\nexcept Exception:\n    traceback.print_exc()"
    project.note("note.md", code)
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()
    project.write("docs/note.md", "More.\n\n" + (project.root / "docs/note.md").read_text())
    assert project.rerun() == {"docs/note.md"}


def test_an_expected_failure_moves_with_its_note(project: Project) -> None:
    project.note("note.md", "#| error: true\n1/0")
    project.rerun()
    project.write("docs/note.md", "More.\n\n" + (project.root / "docs/note.md").read_text())
    assert project.rerun() == set()
    (failure,) = next(iter(project.last.values())).outputs[0]
    assert brief(failure) == "docs/note.md:7:1: ZeroDivisionError: division by zero"  # type: ignore[arg-type]
    assert 'File "docs/note.md", line 7' in failure.traceback  # type: ignore[union-attr]


def test_what_is_written_into_the_project_is_looked_after(project: Project) -> None:
    project.note(
        "note.md", "from pathlib import Path\n(Path(__file__).parent / 'x.txt').write_text('1')"
    )
    project.rerun()
    assert project.rerun() == set()
    (project.root / "docs/x.txt").unlink()
    assert project.rerun() == {"docs/note.md"}
    assert (project.root / "docs/x.txt").read_text() == "1"


def test_a_file_that_changes_while_it_is_read_is_not_relied_on(project: Project) -> None:
    project.write("data.txt", "1")
    project.note(
        "note.md",
        """
        import os
        from pathlib import Path
        file = Path(__file__).parents[1] / "data.txt"
        text = file.read_text()
        os.system(f"echo 2 > '{file}'")
        """,
    )
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == {"docs/note.md"}


def test_a_directory_on_the_way_to_a_file_may_change(project: Project) -> None:
    project.write("data/numbers.txt", "1")
    project.note(
        "note.md",
        """
        import os
        from pathlib import Path
        file = (Path(__file__).parents[1] / "data" / "numbers.txt").resolve()
        os.system(f"touch '{file.parent}/another'")
        file.read_text()
        """,
    )
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()


def test_a_directory_that_was_opened_as_a_file_may_change(project: Project) -> None:
    project.write("data/numbers.txt", "1")
    project.note(
        "note.md",
        """
        import contextlib, os
        from pathlib import Path
        data = (Path(__file__).parents[1] / "data").resolve()
        os.system(f"touch '{data}/another'")
        for folder in (data, ".", ".."):
            with contextlib.suppress(IsADirectoryError):
                Path(folder).read_text()
        """,
    )
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()
    project.root.joinpath("data").rename(project.root / "moved")
    assert project.rerun() == {"docs/note.md"}


def test_failures_are_tried_again(project: Project) -> None:
    project.note("note.md", "import missing")
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == {"docs/note.md"}


def test_files_to_watch_are_the_local_ones(vault: Project) -> None:
    for _ in range(2):  # as run, and as stored
        names = {
            path.relative_to(vault.root).as_posix()
            for result in vault.last.values()
            for path in result.depends
            if path.is_file()
        }
        assert names == {
            "core.py",
            "middle.py",
            "package/__init__.py",
            "package/part.py",
            "docs/points.csv",
        }
        vault.rerun()


def test_another_version_of_a_package_runs_what_imports_it(
    vault: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = {**state._versions(), "numpy": "0.0.1"}
    monkeypatch.setattr(state, "_versions", lambda: versions)
    assert vault.rerun() == {"docs/numeric.md"}


def test_nothing_is_started_when_nothing_must_run(
    vault: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.pool = Pool(1)
    monkeypatch.setattr("subprocess.Popen", None)
    assert vault.rerun() == set()
