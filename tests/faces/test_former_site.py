"""The site of the last build, in the directory in which MkDocs makes the new one."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faces.given import Run, Write

CONFIG = "site_name: Test\ntheme: material\nplugins: [search, provenote]\n"
KILL = """\
import os
from mkdocs.structure.files import Files

def on_startup(command, dirty):
    Files.add_files_from_theme = lambda *_: os._exit(9)
"""
LOCKED = """\
import errno
from pathlib import Path

def on_startup(command, dirty):
    def unlink(path, missing_ok=False):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))
    Path.unlink = unlink
"""
STOP = """\
from mkdocs.plugins import event_priority

@event_priority({priority})
def on_files(files, config):
    raise {error}
"""


@pytest.fixture
def site(write: Write, run: Run) -> Path:
    """A site that was built of two notes."""
    root = write({"mkdocs.yml": CONFIG, "docs/index.md": "first [[Two]]", "docs/Two.md": "two"})
    assert run("mkdocs", "build").returncode == 0
    return root / "site"


def held(site: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_pages_are_written_over_and_all_else_is_gone(site: Path, write: Write, run: Run) -> None:
    write({"site/stray.html": "stray", "site/old/index.html": "old", "site/.git": "gitdir: x"})
    write({"docs/index.md": "second"})
    before = (site / "index.html").stat().st_ino
    assert run("mkdocs", "build").returncode == 0
    assert "second" in (site / "index.html").read_text()
    assert (site / "index.html").stat().st_ino == before
    assert (site / ".git").read_text() == "gitdir: x"
    assert not (site / "stray.html").exists()
    assert not (site / "old").exists()


def test_files_that_have_another_name_keep_their_content_there(
    site: Path, write: Write, run: Run
) -> None:
    (site.parent / "backup.html").hardlink_to(site / "index.html")
    (site / "Two/index.html").rename(site.parent / "elsewhere.html")
    (site / "Two/index.html").symlink_to(site.parent / "elsewhere.html")
    before = held(site.parent)
    write({"docs/index.md": "second", "docs/Two.md": "other"})
    assert run("mkdocs", "build").returncode == 0
    for name in ("backup.html", "elsewhere.html"):
        assert held(site.parent)[str(site.parent / name)] == before[str(site.parent / name)]
    assert "second" in (site / "index.html").read_text()
    assert not (site / "Two/index.html").is_symlink()


@pytest.mark.parametrize("priority", [200, 0])
@pytest.mark.parametrize("error", ["ValueError", "KeyboardInterrupt"])
def test_a_build_that_stops_early_leaves_the_site(
    site: Path, write: Write, run: Run, error: str, priority: int
) -> None:
    before = held(site)
    write({"mkdocs.yml": f"{CONFIG}hooks: [hook.py]\n"})
    write({"hook.py": STOP.format(error=error, priority=priority)})
    assert run("mkdocs", "build").returncode != 0
    assert held(site).items() <= before.items()
    assert (site / "index.html").exists()
    if priority == 200:  # before anything is known of the new one
        assert held(site) == before


def test_a_build_without_notes_leaves_the_site(site: Path, run: Run) -> None:
    before = held(site)
    for note in ("index.md", "Two.md"):
        (site.parent / "docs" / note).unlink()
    assert run("mkdocs", "build").returncode == 1
    assert held(site) == before


def test_a_build_that_is_killed_while_mkdocs_would_empty_it_leaves_the_site(
    site: Path, write: Write, run: Run
) -> None:
    before = held(site)
    write({"mkdocs.yml": f"{CONFIG}hooks: [hook.py]\n", "hook.py": KILL})
    assert run("mkdocs", "build").returncode == 9
    assert held(site) == before


LATE = [
    "def on_env(env, config, files):\n    files.remove(files.get_file_from_path('Two.md'))",
    "from mkdocs.plugins import event_priority\n\n@event_priority(-200)\n"
    "def on_post_page(output, page, config):\n    return output * (page.title != 'Two')",
]


@pytest.mark.parametrize("hook", LATE)
def test_a_page_that_is_left_out_late_is_gone(
    site: Path, hook: str, write: Write, run: Run
) -> None:
    write({"mkdocs.yml": f"{CONFIG}hooks: [hook.py]\n", "hook.py": hook})
    assert run("mkdocs", "build").returncode == 0
    assert not (site / "Two").exists()
    assert "first" in (site / "index.html").read_text()


def test_nothing_is_written_where_a_link_in_the_site_leads(site: Path, run: Run) -> None:
    elsewhere = site.parent / "elsewhere"
    (site / "Two").rename(elsewhere)
    (elsewhere / "index.html").write_text("elsewhere")
    (site / "Two").symlink_to(elsewhere)
    assert run("mkdocs", "build").returncode == 0
    assert (elsewhere / "index.html").read_text() == "elsewhere"
    assert not (site / "Two").is_symlink()
    assert "two" in (site / "Two/index.html").read_text()


def test_builds_side_by_side_leave_what_is_not_of_the_site(
    site: Path, write: Write, run: Run
) -> None:
    write({"site/.git/HEAD": "ref: refs/heads/main"})
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: run("mkdocs", "build"), range(3)))
    assert (site / ".git/HEAD").read_text() == "ref: refs/heads/main"
    assert {path.name for path in site.parent.iterdir()} <= {
        *("docs", "mkdocs.yml", "site", ".provenote"),
    }


def test_provenote_removes_what_mkdocs_added_to_its_site(
    site: Path, write: Write, run: Run
) -> None:
    shutil.rmtree(site)
    assert run("provenote", "build", ".").returncode == 0
    write({"docs/More.md": "more"})
    assert run("mkdocs", "build").returncode == 0
    write({"docs/More.md": "---\npublish: false\n---\nmore"})
    assert run("provenote", "build", ".").returncode == 0
    assert not (site / "More").exists()


def test_a_site_that_cannot_be_emptied_is_one_message(site: Path, write: Write, run: Run) -> None:
    write({"mkdocs.yml": f"{CONFIG}hooks: [hook.py]\n", "hook.py": LOCKED})
    done = run("mkdocs", "build")
    assert done.returncode == 1
    assert f"{site / '404.html'}: Permission denied" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dirty_build_removes_nothing(site: Path, write: Write, run: Run) -> None:
    write({"site/mine.html": "mine", "docs/index.md": "second"})
    assert run("mkdocs", "build", "--dirty").returncode == 0
    assert (site / "mine.html").read_text() == "mine"
    assert "second" in (site / "index.html").read_text()
