"""Backlinks: which notes link to a note, and in which sentence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from provenote.model import Backlink, Link, Note, Target, VaultPath
from provenote.pages.values import Cells, filled


def backlinks(
    notes: Sequence[Note], targets: Mapping[Link, Target], cells: Cells
) -> dict[VaultPath, tuple[Backlink, ...]]:
    """For each note the notes that link to it, each once, in order."""
    found: dict[VaultPath, dict[VaultPath, Backlink]] = defaultdict(dict)
    for note in notes:
        for link in note.links:
            file = targets[link].file  # also of a link whose heading is not in it
            if file and file.path != note.path and note.path not in found[file.path]:
                found[file.path][note.path] = _backlink(note, link, cells)
    return {path: tuple(links.values()) for path, links in found.items()}


def _backlink(note: Note, link: Link, cells: Cells) -> Backlink:
    return Backlink(note.path, note.title, filled(link.context, note, cells))
