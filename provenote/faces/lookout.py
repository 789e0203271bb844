"""Notices changes of files by looking, in the place of the observer that MkDocs comes with.

That one has a thread for each path that is watched and looks twice a second; ten times a
second it would take a fifth of a core for a few dozen paths. One thread that looks at all
of them takes a hundredth. Being told by the system would take nothing, but systems do not
tell of changes on every file system that notes lie on.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from watchdog.events import FileModifiedEvent, FileSystemEventHandler

_OFTEN = 0.1
"""Seconds between two looks."""
_PATIENCE = 20
"""How many times longer than a look the pause after it is at least: a vault may be large."""

_State = tuple[int, int, int]


class Lookout:
    """Has the methods of a watchdog observer that MkDocs calls."""

    def __init__(self) -> None:
        self._watched: dict[object, tuple[FileSystemEventHandler, Path, bool]] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def schedule(
        self, handler: FileSystemEventHandler, path: str, *, recursive: bool = False
    ) -> object:
        key = object()
        with self._lock:
            self._watched[key] = handler, Path(path), recursive
        return key

    def unschedule(self, key: object) -> None:
        with self._lock:
            del self._watched[key]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self) -> None:
        if self._thread.is_alive():
            self._thread.join()

    def _look(self) -> None:
        seen: dict[object, dict[str, _State]] = {}
        pause = 0.0
        while not self._stopped.wait(pause):
            started = time.monotonic()
            with self._lock:
                watched = dict(self._watched)
            now = {key: dict(_states(path, deep)) for key, (_, path, deep) in watched.items()}
            for key, states in now.items():
                if states != seen.get(key, states):  # what is new here has not changed
                    handler, path, _ = watched[key]
                    handler.on_any_event(FileModifiedEvent(str(path)))
            seen = now
            pause = max(_OFTEN, _PATIENCE * (time.monotonic() - started))


def _states(path: Path, deep: bool) -> Iterator[tuple[str, _State]]:
    """What tells one version of a file from another, for each below a path."""
    try:
        entries = list(os.scandir(path))
    except NotADirectoryError:
        yield from _state(path)
    except OSError:  # it is gone, or about to be
        return
    else:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if deep:
                    yield from _states(Path(entry.path), deep)
            else:
                yield from _state(Path(entry.path))


def _state(path: Path) -> Iterator[tuple[str, _State]]:
    with suppress(OSError):  # a link to nothing, as editors leave them
        stat = path.stat()
        yield str(path), (stat.st_mtime_ns, stat.st_size, stat.st_ino)
