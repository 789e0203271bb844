"""What a store holds, and whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provenote.run.state import digest
from provenote.run.store import Store


@dataclass(frozen=True)
class Item:
    """A result that is kept."""

    key: str
    session: str
    started: float
    """Seconds since the epoch, when the run began that gave it."""
    size: int
    """Bytes."""


def items(store: Store) -> Iterator[Item]:
    """All results that are whole, by their keys, the latest of each key first."""
    for path in store.traces():
        for entry in store.entries(path.stem):
            report = store.load(entry)
            if report is not None:
                size = store.path(entry).stat().st_size
                yield Item(path.stem, report.get("session", ""), report["started"], size)


def corrupt(store: Store) -> Iterator[Path]:
    """Files that do not hold what was written; builds pass over them."""
    for path in store.traces():
        checksum, _, text = path.read_bytes().partition(b"\n")
        if digest(text).encode() != checksum:
            yield path
    for path in store.results():
        if digest(path.read_bytes()) != path.stem:
            yield path
