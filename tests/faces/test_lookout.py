"""Changes of files are noticed, and nothing else is."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from provenote.faces.lookout import Lookout


class Bell(FileSystemEventHandler):
    def __init__(self) -> None:
        self.rung = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        assert not event.is_directory
        self.rung.set()

    def rings(self) -> bool:
        """Whether it comes to ring; it is silent again after that."""
        rang = self.rung.wait(timeout=20)
        self.rung.clear()
        return rang


@pytest.fixture
def lookout() -> Iterator[Lookout]:
    lookout = Lookout()
    yield lookout
    lookout.stop()
    lookout.join()


def _watch(lookout: Lookout, path: Path, *, recursive: bool) -> Bell:
    bell = Bell()
    looked = Bell()
    probe = path.parent / "probe"
    probe.write_text("")
    lookout.schedule(bell, str(path), recursive=recursive)
    lookout.schedule(looked, str(probe))
    if not lookout._thread.is_alive():
        lookout.start()
    while not looked.rung.wait(0.05):  # until it has looked, and looked again
        with probe.open("a") as file:
            file.write("x")
    return bell


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "new").write_text("x"),
        lambda root: (root / "a").write_text("other"),
        lambda root: (root / "a").unlink(),
        lambda root: (root / "a").rename(root / "b"),
        lambda root: (root / "deep/er/c").write_text("other"),
    ],
)
def test_every_kind_of_change_is_noticed(
    lookout: Lookout, tmp_path: Path, change: Callable[[Path], object]
) -> None:
    root = tmp_path / "root"
    (root / "deep/er").mkdir(parents=True)
    (root / "a").write_text("a")
    (root / "deep/er/c").write_text("c")
    (root / "broken").symlink_to("nothing")
    (root / "loop").symlink_to(".")
    bell = _watch(lookout, root, recursive=True)
    change(root)
    assert bell.rings()


def test_below_a_directory_only_what_is_asked_for_is_looked_at(
    lookout: Lookout, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    bell = _watch(lookout, root, recursive=False)
    (root / "deep/c").write_text("c")
    (root / "empty").mkdir()
    file = _watch(lookout, root / "deep/c", recursive=False)
    (root / "deep/c").write_text("other")
    assert file.rings()
    assert not bell.rung.is_set()
    (root / "a").write_text("a")
    assert bell.rings()
    assert not file.rung.is_set()
