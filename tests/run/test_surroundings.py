"""What is around a session counts too: packages, Python, its options, the environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.project import Project

BUILD = """
import sys
from contextlib import closing
from pathlib import Path
sys.path.insert(0, {root!r})
from provenote.run.pool import Pool
from tests.run.project import Project
with closing(Pool(jobs=2)) as pool:
    print(*sorted(Project(Path({project!r}), pool).rerun()))
"""


def test_an_installed_distribution_that_is_upgraded_runs_what_imports_it(
    project: Project, tmp_path: Path
) -> None:
    installed = tmp_path / "site-packages"

    def install(version: str) -> None:
        shutil.rmtree(installed, ignore_errors=True)
        about = installed / f"some_dist-{version}.dist-info"
        about.mkdir(parents=True)
        (about / "RECORD").write_text("other_name.py,,\n")
        (installed / "other_name.py").write_text(f"version = {version!r}\n")

    def build() -> set[str]:
        code = BUILD.format(root=str(Path(__file__).parents[2]), project=str(project.root))
        command, environment = [sys.executable, "-c", code], {"PYTHONPATH": str(installed)}
        done = subprocess.run(
            command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return set(done.stdout.split())

    project.note("user.md", "import other_name\nother_name.version")
    project.note("other.md", "1")
    install("1.0")
    assert build() == {"docs/user.md", "docs/other.md"}
    install("1.1")
    assert build() == {"docs/user.md"}
    assert build() == set()


def test_another_python_runs_everything(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.note("a.md", "1")
    project.note("b.md", "import json")
    project.rerun()
    monkeypatch.setattr("sys.version", "3.99.0 (of another time)")
    assert project.rerun() == {"docs/a.md", "docs/b.md"}


def test_options_run_what_they_are_about(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("seed", "network", "env", "depends", "timeout", "other"):
        project.note(f"{name}.md", "1")
    project.write("points.csv", "1")
    project.rerun()
    monkeypatch.setenv("FLAVOUR", "sweet")
    project.note("seed.md", "#| seed: 3\n1")
    project.note("network.md", "#| network: true\n1")
    project.note("env.md", "#| env: FLAVOUR\n1")
    project.note("depends.md", "#| depends: points.csv\n1")
    project.note("timeout.md", "#| timeout: 50\n#| memory: 3000\n1")  # what it gave stays right
    assert project.rerun() == {f"docs/{one}.md" for one in ("seed", "network", "env", "depends")}
    project.write("points.csv", "2")
    monkeypatch.setenv("FLAVOUR", "sour")
    assert project.rerun() == {"docs/env.md", "docs/depends.md"}
