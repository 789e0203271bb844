"""The state in which the things that results depend on are now."""

import hashlib
import os
import re
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from provenote.run import importable

_DISTRIBUTION = re.compile(r"(?P<name>[^-]+)-(?P<version>.+)\.dist-info$")


_ABSENT, _DIRECTORY = "absent", "directory"
NO_FILE = frozenset({_ABSENT, _DIRECTORY})
"""States of what is no file."""


@dataclass(frozen=True, order=True)
class Dependency:
    """One thing that a result depends on."""

    kind: str
    """`file` (its content), `stat` (whether it exists, its size), `list` (a directory's names),
    `seek` (the files of a directory that a module of this name can come from), `package`
    (its version), `project` (where it lies), `lines` (where the cells begin)."""
    name: str
    """A path, relative to the project where it lies in it; a distribution's name; or nothing."""


class Now:
    """Looks at the project, and at each file only once while it stays as it is."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self._real = Path(os.path.realpath(project))
        self._hashes: dict[tuple[str, int, int, int, int], str] = {}
        self._listings: dict[str, tuple[int, frozenset[str]]] = {}
        self._modules: dict[str, frozenset[str]] = {}
        self._states: Mapping[str, Callable[[str], str]] = {
            "file": self._content,
            "stat": self._existence,
            "list": lambda name: digest("\n".join(sorted(self._entries(name))).encode()),
            "seek": self._candidates,
            "package": lambda name: _versions().get(name, _ABSENT),
            "project": lambda _: str(self.project),
        }

    def state(self, dependency: Dependency) -> str:
        """A short text that is another one when the thing is another one."""
        return self._states[dependency.kind](dependency.name)

    def path(self, name: str) -> Path:
        return self.project / name

    def relative(self, path: str) -> str:
        """A path as dependencies name it, so that it holds in another checkout."""
        for root in (self.project, self._real):
            if path == str(root):
                return "."
            if path.startswith(f"{root}{os.sep}"):
                return path[len(str(root)) + 1 :].replace(os.sep, "/")
        return path

    def distribution(self, top: str) -> str:
        """The installed distribution that a top-level module belongs to."""
        return top.casefold() if top.casefold() in _versions() else _provider(top)

    def changed_since(self, dependency: Dependency, moment: float) -> bool:
        """Whether a file or directory changed after a moment, as far as its time stamps say."""
        if dependency.kind not in {"file", "stat", "list"}:
            return False
        path = self.path(dependency.name)
        try:
            found = path.stat()
        except OSError:  # absent: if it was there, its directory has changed
            path = path.parent
            if not path.exists():
                return False
            found = path.stat()
        else:
            if dependency.kind != "list" and stat.S_ISDIR(found.st_mode):
                return False  # that it is one is all that counts, and what is in it may change
        return max(found.st_mtime, found.st_ctime) > moment

    def _content(self, name: str) -> str:
        path = self.path(name)
        try:
            found = path.stat()
            if stat.S_ISDIR(found.st_mode):
                return _DIRECTORY
            signature = (name, found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
            if signature not in self._hashes:
                with path.open("rb") as file:
                    self._hashes[signature] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return _ABSENT
        return self._hashes[signature]

    def _existence(self, name: str) -> str:
        try:
            found = self.path(name).stat()
        except OSError:
            return _ABSENT
        return _DIRECTORY if stat.S_ISDIR(found.st_mode) else f"file of {found.st_size}"

    def _candidates(self, name: str) -> str:
        folder, _, module = name.rpartition("/")
        return importable.candidates(self.path(folder), self._entries(folder), module)

    def modules(self, folder: str) -> frozenset[str]:
        """The local modules of a directory."""
        if folder not in self._modules:
            self._modules[folder] = importable.modules(Path(folder))
        return self._modules[folder]

    def _entries(self, name: str) -> frozenset[str]:
        path = self.path(name)
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return frozenset()
        known = self._listings.get(name)
        if known is None or known[0] != changed:
            known = self._listings[name] = (changed, entries(path))
        return known[1]


def entries(folder: Path) -> frozenset[str]:
    """The names in a directory, without what Python itself leaves there."""
    try:
        return frozenset(path.name for path in folder.iterdir()) - {"__pycache__"}
    except OSError:
        return frozenset()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _metadata() -> tuple[Path, ...]:
    folders = (Path(entry) for entry in dict.fromkeys(sys.path) if entry.endswith("-packages"))
    return tuple(
        folder / name
        for folder in folders
        for name in sorted(entries(folder))
        if name.endswith(".dist-info")
    )


@cache
def _versions() -> Mapping[str, str]:
    """The version of each installed distribution, by its case-folded name."""
    matches = (_DISTRIBUTION.match(path.name) for path in _metadata())
    return {match["name"].casefold(): match["version"] for match in matches if match}


@cache
def _provider(top: str) -> str:
    """The distribution that a top-level module came with, as the lists of files say."""
    starts = (f"\n{top}/".encode(), f"\n{top}.".encode())
    found = (name for name, files in _files().items() if any(one in files for one in starts))
    return next(found, top)


@cache
def _files() -> Mapping[str, bytes]:
    """The list of files of each installed distribution; they are long, and so only searched."""
    lists: dict[str, bytes] = {}
    for path in _metadata():
        match = _DISTRIBUTION.match(path.name)
        record = path / "RECORD"
        if match and record.is_file():
            lists[match["name"].casefold()] = b"\n" + record.read_bytes()
    return lists
