"""The settings of a build, validated once, at the door, all at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from provenote.problems import Code, Place, Problem, nearest


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """Where things are and how to build them. Options carry their documentation."""

    project: Path
    """The directory that holds everything; paths in problems are relative to it,
    and snippets import local modules from it."""
    vault: Path
    """The directory of notes."""
    snippets: str = "snippets"
    """Directory of Python files that notes embed as `![[name.py]]`, relative to the project."""
    store: str = ".provenote"
    """Directory of stored results, relative to the project; safe to delete."""
    ignore: tuple[str, ...] = ()
    """Patterns of files and directories that are no part of the vault, as in .gitignore:
    `templates/`, `*.draft.md`."""
    timeout: float = 60.0
    """Seconds of wall time a session of snippets may take."""
    memory: int = 2048
    """Megabytes a session may take."""
    jobs: int = field(default_factory=_cores)
    """How many sessions run side by side; by default one a core."""
    run: bool = True
    """Whether snippets run; without, pages show only code."""
    directory_urls: bool = True
    """Addresses like `relu/dying/` rather than `relu/dying.html`; the host says."""
    exclude: tuple[Path, ...] = ()
    """Directories that the host writes to and that are therefore no part of the vault."""

    @property
    def snippets_dir(self) -> Path:
        return self.project / self.snippets

    @property
    def store_dir(self) -> Path:
        return self.project / self.store

    def shown(self, path: Path) -> str:
        """A path as problems print it: relative to the project where it lies in it."""
        if path.is_relative_to(self.project):
            return path.relative_to(self.project).as_posix()
        return path.as_posix()


OPTIONS: Mapping[str, type] = {
    "snippets": str,
    "store": str,
    "ignore": tuple,
    "timeout": float,
    "memory": int,
    "jobs": int,
    "run": bool,
}
"""The settings an author may give, with the type of each."""
