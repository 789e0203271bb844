"""Memo: what was made once is not made again, on disk, from one build to the next.

An entry is named by a digest of everything that it was made from, this program included:
what has changed has another name, so that nothing is ever out of date. Entries are JSON
in one SQLite file, each with a hash of its own; one that is not what was written counts
as none, and a file that is no database is begun anew. Two builds may use it at once.
"""

import contextlib
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

NAME = "memo.sqlite"
"""The file in the store."""
LIMIT = 2**30
"""Bytes that it may take; what was kept first is forgotten first."""
_AT_ONCE = 2**23
"""Bytes that wait in memory before they are written: no other build waits long."""
_PATIENCE = 10.0
"""Seconds to wait for another build."""
_PACKAGE = Path(__file__).parent
_HASH = 32
_ERRORS = (sqlite3.Error, UnicodeError)
"""What a broken file brings about; the latter by a message that quotes from it."""
_TABLE = """
PRAGMA page_size = 32768;
PRAGMA synchronous = OFF;
PRAGMA auto_vacuum = FULL;
CREATE TABLE IF NOT EXISTS memo (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE ON CONFLICT REPLACE, entry BLOB
);
"""
"""An entry fits in a page of this size, and is then read at once."""


class Kept(NamedTuple):
    """What an entry holds."""

    value: Any
    """Of JSON's types; dataclasses are lists of their fields."""
    text: str
    """What is long, and therefore not wrapped in JSON."""


class Memo:
    """The entries in a store; without one, everything is made anew."""

    def __init__(self, store: Path | None = None, limit: int = LIMIT) -> None:
        self._path = store / NAME if store else None
        self._limit = limit
        self._new: list[tuple[str, bytes]] = []
        self._waiting = 0
        self._broken = False
        self._database = _connect(self._path) if self._path and self.there else None

    def __bool__(self) -> bool:
        return self._path is not None

    @property
    def there(self) -> bool:
        """Whether anything was ever kept."""
        return self._path is not None and self._path.is_file()

    def recall(self, key: str) -> Kept | None:
        """What was kept under a key; None if nothing was, or it is not what was written."""
        for (entry,) in self._rows("SELECT entry FROM memo WHERE key = ?", key):
            if _is_whole(key, entry):
                value, _, text = entry[_HASH:].partition(b"\n")
                return Kept(json.loads(value), text.decode(errors="surrogatepass"))
            self._broken = True
        return None

    def keep(self, key: str, value: Any, text: str = "") -> None:
        """Keep a value that JSON or `Kept` has a form for."""
        if self._path is None:
            return
        data = json.dumps(value, default=_fields, separators=(",", ":")).encode()
        data += b"\n" + text.encode(errors="surrogatepass")
        self._new.append((key, _hash(key, data) + data))
        self._waiting += len(data)
        if self._waiting > _AT_ONCE:
            self._write(self._path)

    def close(self) -> None:
        """Write what waits; what is over the limit is forgotten, and all if the file is broken."""
        if self._path and (self._new or self._broken):
            self._write(self._path)
            self.trim()
        if self._database:
            self._database.close()

    def trim(self, limit: int | None = None) -> None:
        """Forget what was kept first, down to a limit in bytes."""
        kept = self._limit if limit is None else limit
        sizes = "SELECT number, coalesce(length(entry), 0) FROM memo ORDER BY number DESC"
        for number, size in self._rows(sizes):
            kept -= size
            if kept < 0:
                self._rows("DELETE FROM memo WHERE number <= ?", number)
                return

    def size(self) -> int:
        """Bytes that the file takes."""
        return self._path.stat().st_size if self._path and self.there else 0

    def corrupt(self) -> Iterator[str]:
        """Name the entries that are not what was written, or the file, if it is no database."""
        for (key,) in self._rows("SELECT CAST(key AS BLOB) FROM memo"):
            name = key.decode(errors="replace") if key else ""
            if self.recall(name) is None:
                yield f"{self._path}: {name[:12]}"
        if self._broken:
            yield str(self._path)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database answers; nothing if it is broken, or busy for too long."""
        try:
            return self._database.execute(query, values).fetchall() if self._database else []
        except _ERRORS as error:
            self._broken = self._broken or not _is_of_the_moment(error)
            return []

    def _write(self, path: Path) -> None:
        """Write what waits; what cannot be written will only be made again."""
        rows, self._new, self._waiting = self._new, [], 0
        with contextlib.suppress(OSError, *_ERRORS):
            try:
                self._insert(path, rows)
            except _ERRORS as error:
                if _is_of_the_moment(error):
                    raise
                self._broken = True
                self._insert(path, rows)

    def _insert(self, path: Path, rows: list[tuple[str, bytes]]) -> None:
        claim(path.parent)
        if self._broken:
            if self._database:
                self._database.close()
            path.unlink()
            self._database, self._broken = None, False
        self._database = self._database or _connect(path)
        self._database.executescript(_TABLE)
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO memo (key, entry) VALUES (?, ?)", rows)
        self._database.execute("COMMIT")


FORGETFUL = Memo()
"""Keeps nothing."""


def claim(store: Path) -> None:
    """Make the directory of a store, which is never to be committed."""
    store.mkdir(parents=True, exist_ok=True)
    if not (store / ".gitignore").exists():
        (store / ".gitignore").write_text("*\n", encoding="utf-8")


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)


def _is_of_the_moment(error: Exception) -> bool:
    """Whether another build is writing, or the disk is full or read-only; else it is broken."""
    return isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)


def _is_whole(key: str, entry: object) -> bool:
    return isinstance(entry, bytes) and _hash(key, entry[_HASH:]) == entry[:_HASH]


def _hash(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + data).digest()


def key(*parts: object) -> str:
    """The name of what this program makes of text, bytes, numbers, and tuples of them."""
    return digest(program(), *parts)


def digest(*parts: object) -> str:
    """What tells these parts from all others; what is long is best a part by itself."""
    found = hashlib.sha256()
    for part in parts:
        kind, data = _bytes(part)
        found.update(f"{kind} {len(data)} ".encode())
        found.update(data)
    return found.hexdigest()


def _bytes(part: object) -> tuple[str, bytes]:
    """Text and bytes as they are; of the rest, what Python writes for it."""
    if isinstance(part, str):
        return "text", part.encode(errors="surrogatepass")
    if isinstance(part, bytes):
        return "bytes", part
    return "value", repr(part).encode(errors="backslashreplace")


@cache
def program() -> str:
    """Name the code of this program, of Python, and of all that is installed."""
    code = (path for path in sorted(_PACKAGE.rglob("*")) if path.suffix in {".py", ".js"})
    sources = (path.read_bytes() for path in code)
    folders = (Path(entry) for entry in dict.fromkeys(sys.path) if entry.endswith("-packages"))
    found = (path.name for folder in folders if folder.is_dir() for path in folder.iterdir())
    installed = sorted(name for name in found if name.endswith((".dist-info", ".egg-info")))
    return digest(sys.version, sys.platform, installed, *sources)


def _fields(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return list(vars(value).values())
    raise TypeError(f"{value!r} has no form in JSON")
