"""What a session depends on, as seen while it runs.

Python's audit hook tells of every file opened and directory listed; a finder at
the head of `sys.meta_path` of every module looked for; wrapped `os.stat` and `os.access` of
files whose existence was asked for. Only names are noted here: the build hashes
the files afterwards (`fingerprint`).
"""

# It runs at each file that is opened; `Path` is slow, and asks `os.stat` itself:
# ruff: noqa: PTH100, PTH117, PTH118, PTH120, PTH206

import functools
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any
from urllib.parse import unquote

from provenote.run.preload import Preloaded
from provenote.run.protocol import Observed

_SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev", "/System", "/Library")
_HOME = ("~/.cache", "~/.config", "~/Library")
_INSTALLED = frozenset({"site-packages", "dist-packages", "__pycache__", ".git"})
_ABILITIES: tuple[set[Any], ...] = (
    os.supports_fd,
    os.supports_dir_fd,
    os.supports_effective_ids,
    os.supports_follow_symlinks,
)
"""Where `os` says what its functions can do."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Territory:
    """Which files are the author's: those of the project, and others that no system owns."""

    def __init__(self, project: str, foreign: Iterable[str]) -> None:
        prefixes = (sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.__file__))
        homes = map(os.path.expanduser, _HOME)
        self._foreign = [os.path.join(one, "") for one in (*_SYSTEM, *homes, *prefixes, *foreign)]
        self._project = [os.path.join(one, "") for one in {project, os.path.realpath(project)}]

    def holds(self, path: str) -> bool:
        """The longest matching directory decides."""
        if not os.path.isabs(path):  # `<string>`, `<frozen importlib._bootstrap>`
            return False
        if not _INSTALLED.isdisjoint(path.split(os.sep)):
            return False
        path = os.path.join(path, "")
        ours = max((len(one) for one in self._project if path.startswith(one)), default=0)
        theirs = max((len(one) for one in self._foreign if path.startswith(one)), default=0)
        return ours >= theirs


class Observer:
    """Notes what the session of this process reads, from `start` on."""

    def __init__(self, territory: Territory, preloaded: Preloaded, scratch: str) -> None:
        self._territory = territory
        self._preloaded = preloaded
        self._scratch = os.path.dirname(os.path.realpath(scratch))
        self._read: dict[str, None] = {}
        self._probed: dict[str, None] = {}
        self._listed: dict[str, None] = {}
        self._written: dict[str, None] = {}
        self._sought: dict[tuple[str, str], None] = {}
        self._asked: set[str] = set()
        """Top-level modules that were looked for."""
        self._awake = True

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Look away while we do something that the session would not have done."""
        self._awake = False
        try:
            yield
        finally:
            self._awake = True

    def start(self) -> None:
        self._wrap_stat()
        self._distrust_bytecode()
        sys.meta_path.insert(0, self)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            writes = any(c in mode for c in "wax+") if mode else (flags or 0) & _WRITES
            self._note(self._written if writes else self._read, path)
        elif event in {"os.listdir", "os.scandir"}:
            # The import system lists directories to find modules; `find_spec` knows which.
            if not sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
                self._note(self._listed, "." if args[0] is None else args[0])
        elif event == "sqlite3.connect":
            self._note(self._read, _database(args[0]))
        elif event == "import" and args[1]:
            self._note(self._read, args[1])  # an extension module, which the linker opens

    def _note(self, where: dict[str, None], path: object) -> None:
        if isinstance(path, int) or not self._awake:
            return
        try:
            name = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]
        except (TypeError, OSError):  # no path at all, or the working directory is gone
            return
        if name not in self._written:  # what it wrote itself it does not depend on
            where[name] = None

    def find_spec(self, name: str, path: Iterable[str] | None, target: Any = None) -> Any:
        """Find nothing, but see what is looked for; hand out what was preloaded."""
        package, _, tail = name.rpartition(".")
        if not package:
            self._asked.add(name)
        folders = [os.path.abspath(one) for one in (sys.path if path is None else path)]
        local = [folder for folder in folders if self._territory.holds(folder)]
        self._sought.update(((folder, tail), None) for folder in local)
        return self._preloaded.find(name, local)

    def _wrap_stat(self) -> None:
        for function in (os.stat, os.lstat, os.access):

            @functools.wraps(function)
            def seen(path: Any, *args: Any, _real: Any = function, **options: Any) -> Any:
                if not options.get("dir_fd"):
                    self._note(self._probed, path)
                return _real(path, *args, **options)

            for able in _ABILITIES:
                if function in able:
                    able.add(seen)
            setattr(os, function.__name__, seen)

    def _distrust_bytecode(self) -> None:
        """Compile local modules from source: a `.pyc` goes by whole seconds and the size."""
        cached = SourceFileLoader.get_code
        holds = self._territory.holds

        def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
            path = loader.get_filename(name)
            if not holds(os.path.abspath(path)):
                return cached(loader, name)
            return loader.source_to_code(loader.get_data(path), path)

        SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]

    def seen(self) -> Observed:
        """Everything up to now."""
        return Observed(
            read=self._ours(self._read),
            probed=self._ours(self._probed),
            listed=self._ours(self._listed),
            sought=sorted(self._sought),
            written=self._ours(self._written),
            packages=sorted(self._packages()),
        )

    def _ours(self, paths: Iterable[str]) -> list[str]:
        return sorted(path for path in paths if self._counts(path))

    def _counts(self, path: str) -> bool:
        """Scratch directories come and go, each under a new name: nothing can depend on them."""
        inside = os.path.join(path, "").startswith(os.path.join(self._scratch, ""))
        return not inside and self._territory.holds(path)

    def _packages(self) -> set[str]:
        return {
            top
            for top in (self._asked | self._preloaded.used) - sys.stdlib_module_names
            if isinstance(file := getattr(sys.modules.get(top), "__file__", None), str)
            and not self._territory.holds(os.path.abspath(file))
        }


def _database(name: object) -> object:
    """The file of a database that SQLite was given by its address."""
    if not isinstance(name, str) or not name.startswith("file:"):
        return name
    path = name.removeprefix("file:").partition("?")[0]
    return unquote(path.removeprefix("//"))
