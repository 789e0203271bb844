"""Scan: a directory -> a Vault."""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from provenote.model import Vault, VaultFile, VaultPath
from provenote.problems import Code, Place, Problem, cannot_read
from provenote.settings import Settings

_HALF = re.compile("[\ud800-\udfff]")
"""What Python reads for a byte of a name that is no UTF-8."""


def scan(settings: Settings) -> tuple[Vault, tuple[Problem, ...]]:
    """List the vault's files, in an order that no file system decides.

    Left out are hidden files and directories (`.obsidian`, `.git`), what
    `settings.ignore` names, what the build itself writes, and links that lead out of
    the vault.
    """
    problems: list[Problem] = []
    files = list(_walk(settings.vault, settings, problems))
    notes = tuple(f for f in files if f.path.endswith(".md"))
    scripts = [
        replace(f, path=VaultPath(f"{settings.snippets}/{f.path}"))
        for f in _walk(settings.snippets_dir, settings, problems)
        if f.path.endswith(".py")
    ]
    known = {f.absolute for f in scripts}
    vault = Vault(
        notes=notes,
        attachments=tuple(f for f in files if not f.path.endswith(".md")),
        snippets=tuple(
            scripts + [f for f in files if f.path.endswith(".py") and f.absolute not in known]
        ),
    )
    if not notes:
        problems.append(_no_notes(settings))
    return vault, tuple(problems)


def _no_notes(settings: Settings) -> Problem:
    return Problem(
        Code.NO_NOTES,
        Place(settings.shown(settings.vault)),
        "this vault holds no notes: no file in it ends in .md",
        "is it the directory that you open in Obsidian?",
    )


def _walk(root: Path, settings: Settings, problems: list[Problem]) -> Iterator[VaultFile]:
    def cannot_list(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # there are no snippets, or it went away
            problems.append(cannot_read(settings.shown(Path(error.filename)), error))

    ignored = settings.ignored
    within = root.resolve()
    skipped = {settings.store_dir, *settings.exclude}
    for directory, names, files in os.walk(root, onerror=cannot_list):
        here = Path(directory)
        inside, shown = _path(root, here / "_")[:-1], settings.shown(here / "_")[:-1]
        problems += [_nameless(shown + name) for name in (*names, *files) if not _is_text(name)]
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".")
            and _is_text(name)
            and here / name not in skipped
            and not ignored.match_file(_path(root, here / name) + "/")
        )
        for name in sorted(filter(_is_text, files)):
            absolute = here / name
            path = VaultPath(inside + unicodedata.normalize("NFC", name))
            if name.startswith(".") or ignored.match_file(path):
                continue
            if not absolute.is_file():  # a pipe never ends, some links lead nowhere or in a circle
                continue
            if absolute.is_symlink() and not absolute.resolve().is_relative_to(within):
                continue
            yield VaultFile(path, absolute, shown + name)


def _is_text(name: str) -> bool:
    """Whether a file's name is UTF-8, as it is anywhere that the site may be copied to."""
    return name.isascii() or not _HALF.search(name)


def _nameless(shown: str) -> Problem:
    path = shown.encode("utf-8", "backslashreplace").decode()
    return Problem(Code.UNREADABLE, Place(path), "its name is no UTF-8", "rename it")


def ending_in(suffix: str, root: Path) -> Iterator[Path]:
    """All files in a directory whose names end so; what goes away meanwhile is left out."""
    for directory, _, names in os.walk(root):
        yield from (Path(directory, name) for name in names if name.endswith(suffix))


def has_linked_directories(root: Path) -> bool:
    """Whether a directory in it is a link, which may lead anywhere, even in a circle."""
    return any(
        (Path(directory) / name).is_symlink()
        for directory, names, _ in os.walk(root)
        for name in names
    )


def _path(root: Path, absolute: Path) -> VaultPath:
    return VaultPath(unicodedata.normalize("NFC", absolute.relative_to(root).as_posix()))
