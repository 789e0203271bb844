"""Writes what cells printed into the blocks of a note that say it: `pytest --provenote-update`."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from provenote.expectations import rewritten
from provenote.model import VaultFile
from provenote.notes import parse
from provenote.settings import Settings

Outputs = Mapping[int, str]
"""What cells printed, by the number of their block among those of the note that say output."""


def update(file: VaultFile, outputs: Outputs, settings: Settings) -> None:
    """Put outputs in their blocks; the note changes in one step, and nothing else of it does.

    Another process may do the same to other blocks of the note. Raises: OSError,
    UnicodeDecodeError.
    """
    path = file.absolute.resolve()  # a link stays one
    with _alone_in(path.parent):
        text = path.read_bytes().decode("utf-8")
        fences = [fence for fence in parse(file, settings.dialect).fences if fence.output_of]
        found = [(fences[at], output) for at, output in outputs.items() if at < len(fences)]
        _replace(path, rewritten(text, found).encode("utf-8"))


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        shutil.copymode(path, new)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Let one process at a time rewrite notes of a directory, where the system can say so."""
    try:
        import fcntl  # noqa: PLC0415
    except ImportError:  # Windows
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
