"""Results on disk: plain files, each written whole or not at all.

`traces/KEY.json` holds what results with this key depend on, and their names;
`results/HASH.json` a result, named by the hash of its content. Two builds may
use a store at once: at worst one of them runs something again.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provenote.memo import claim
from provenote.run.fingerprint import Trace
from provenote.run.protocol import Report
from provenote.run.state import Dependency, digest

TRACES_PER_KEY = 8
"""As many states of the project are remembered: undoing an edit runs nothing."""


@dataclass(frozen=True)
class Entry:
    """A result that is there, and what it depends on."""

    trace: Trace
    result: str
    """The hash of its content."""


class Store:
    """A directory of results, safe to delete at any time."""

    def __init__(self, root: Path, limit: int = 2**29) -> None:
        self._traces, self._results = root / "traces", root / "results"
        self._durations = root / "durations.json"
        self._limit = limit
        with contextlib.suppress(OSError):  # read-only: everything runs, every time
            claim(root)
            for folder in (self._traces, self._results):
                folder.mkdir(exist_ok=True)

    def entries(self, key: str) -> list[Entry]:
        """What is remembered under a key, the latest first."""
        try:
            checksum, text = (self._traces / f"{key}.json").read_bytes().split(b"\n", 1)
        except (OSError, ValueError):
            return []
        if digest(text).encode() != checksum:
            return []
        return [
            Entry({Dependency(kind, name): state for kind, name, state in known}, result)
            for known, result in json.loads(text)
        ]

    def read(self, key: str, entry: Entry) -> Report | None:
        """A result, which now counts as used; None if it is not there or not whole."""
        report = self.load(entry)
        for used in (self.path(entry), self._traces / f"{key}.json") if report else ():
            with contextlib.suppress(OSError):
                os.utime(used)  # `trim` takes the longest unused
        return report

    def load(self, entry: Entry) -> Report | None:
        """A result; None if it is not there, or not what was written."""
        try:
            data = self.path(entry).read_bytes()
        except OSError:
            return None
        if digest(data) != entry.result:
            return None
        report: Report = json.loads(data)
        return report

    def path(self, entry: Entry) -> Path:
        """Where a result lies."""
        return self._results / f"{entry.result}.json"

    def traces(self) -> list[Path]:
        """The files that say what results depend on, one a key."""
        return sorted(self._traces.glob("*.json"))

    def results(self) -> list[Path]:
        """The files that hold results."""
        return sorted(self._results.glob("*.json"))

    def size(self) -> int:
        """Bytes that traces and results take."""
        return sum(size for _, _, size in self._files())

    def add(self, key: str, trace: Trace, report: Report) -> None:
        """Remember a result; a full or read-only disk only means running it again."""
        kept: dict[str, Any] = {name: value for name, value in report.items() if name != "observed"}
        data = json.dumps(kept, sort_keys=True).encode()
        entry = Entry(trace, digest(data))
        others = [one for one in self.entries(key) if one.trace != trace]
        text = json.dumps(
            [
                [[[one.kind, one.name, state] for one, state in each.trace.items()], each.result]
                for each in [entry, *others][:TRACES_PER_KEY]
            ]
        ).encode()
        with contextlib.suppress(OSError):
            _write(self._results / f"{entry.result}.json", data)
            _write(self._traces / f"{key}.json", digest(text).encode() + b"\n" + text)

    def durations(self) -> dict[str, float]:
        """How long sessions took when they last ran, by their ids."""
        try:
            known = json.loads(self._durations.read_bytes())
        except (OSError, ValueError):
            return {}
        pairs = known.items() if isinstance(known, dict) else ()
        return {name: seconds for name, seconds in pairs if isinstance(seconds, float)}

    def remember(self, durations: Mapping[str, float]) -> None:
        """Keep how long sessions took: next time, the longest will start first."""
        data = json.dumps(self.durations() | dict(durations), indent=0, sort_keys=True)
        with contextlib.suppress(OSError):
            _write(self._durations, data.encode())

    def trim(self, limit: int | None = None) -> None:
        """Forget what has not been used for longest, down to a limit in bytes."""
        limit = self._limit if limit is None else limit
        files = sorted(self._files(), key=lambda file: file[1], reverse=True)
        total = 0
        for path, _, size in files:
            total += size
            if total > limit:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[Path, float, int]]:
        for folder in (self._traces, self._results):
            for path in folder.iterdir() if folder.is_dir() else ():
                with contextlib.suppress(OSError):  # another build was faster
                    found = path.stat()
                    yield path, found.st_mtime, found.st_size


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
