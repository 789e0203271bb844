"""A site is written all of it or not at all, and nobody else's file is touched."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provenote.faces.site_dir import STAGE, foreign, publish
from provenote.faces.starting import start
from provenote.faces.wording import explain

OLD = {"index.html": "old", "gone/index.html": "old", "same.css": "same"}
NEW = {"index.html": "new", "gone": "a file where a directory was", "same.css": "same"}


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def held(root: Path) -> dict[str, str]:
    """The files of a directory, but for the list of them."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != ".provenote-site")
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets the second call of a function fail."""

    def at(owner: Any, name: str, error: BaseException) -> None:
        original, calls = getattr(owner, name), []

        def failing(*arguments: Any) -> Any:
            calls.append(arguments)
            if len(calls) == 2:
                raise error
            return original(*arguments)

        monkeypatch.setattr(owner, name, failing)

    return at


FULL = OSError(errno.ENOSPC, "No space left on device", "from", None, "to")


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()])
def test_where_copying_stops_the_site_is_the_old_one(
    tmp_path: Path, fails: Callable[..., None], error: BaseException
) -> None:
    target = tmp_path / "site"
    publish(write(tmp_path / "old", OLD), target)
    write(target, {"CNAME": "example.org"})
    fails(shutil, "copyfile", error)
    with pytest.raises(type(error)):
        publish(write(tmp_path / "new", NEW), target)
    assert held(target) == {**OLD, "CNAME": "example.org"}
    publish(tmp_path / "new", target)
    assert held(target) == {**NEW, "CNAME": "example.org"}


def test_where_there_was_no_site_there_is_none(tmp_path: Path, fails: Callable[..., None]) -> None:
    fails(shutil, "copyfile", FULL)
    with pytest.raises(OSError, match="No space"):
        publish(write(tmp_path / "new", NEW), tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_site_that_was_cut_short_is_made_whole(
    tmp_path: Path, fails: Callable[..., None]
) -> None:
    target = tmp_path / "site"
    publish(write(tmp_path / "old", OLD), target)
    new = write(tmp_path / "new", {**NEW, "more.html": "new"})
    fails(Path, "unlink", KeyboardInterrupt())  # as a kill between two files would
    with pytest.raises(KeyboardInterrupt):
        publish(write(tmp_path / "bare", {"x.html": "x"}), target)
    assert foreign(target) == ""
    publish(new, target)
    assert held(target) == {**NEW, "more.html": "new"}


def test_what_a_killed_build_left_is_no_strangers_file(tmp_path: Path) -> None:
    target = tmp_path / "site"
    write(target / STAGE, {"index.html": "half"})
    assert foreign(target) == ""
    publish(write(tmp_path / "new", NEW), target)
    assert held(target) == NEW


@pytest.mark.parametrize("there", [True, False])
def test_a_vault_is_started_whole_or_not_at_all(
    tmp_path: Path, fails: Callable[..., None], there: bool
) -> None:
    vault = tmp_path / "mine"
    if there:
        vault.mkdir()
    fails(shutil, "copyfile", FULL)
    with pytest.raises(OSError, match="No space") as raised:
        start(vault)
    assert vault.exists() == there
    assert held(vault) == {}
    assert explain(raised.value) == "to: No space left on device"
