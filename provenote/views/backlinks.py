"""Backlinks: which notes link to a note, and in which sentence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from provenote.model import Backlink, Link, Note, Target, VaultPath


def backlinks(
    notes: Sequence[Note], targets: Mapping[Link, Target]
) -> dict[VaultPath, tuple[Backlink, ...]]:
    """For each note the notes that link to it, each once, in order."""
    found: dict[VaultPath, dict[VaultPath, Backlink]] = defaultdict(dict)
    for note in notes:
        for link in note.links:
            file = targets[link].file  # also of a link whose heading is not in it
            if file and file.path != note.path:
                found[file.path].setdefault(note.path, _backlink(note, link))
    return {path: tuple(links.values()) for path, links in found.items()}


def _backlink(note: Note, link: Link) -> Backlink:
    return Backlink(note.path, note.title, link.context)
