"""Backlinks: which notes link to a note, and in which sentence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from provenote.model import Backlink, Link, Note, Target, VaultPath
from provenote.pages.values import Cells, filled


def backlinks(
    notes: Sequence[Note], targets: Mapping[Link, Target], cells: Cells
) -> dict[VaultPath, tuple[Backlink, ...]]:
    """For each note the notes that link to it, each once, in order."""
    found: dict[VaultPath, list[Backlink]] = defaultdict(list)
    for note in notes:
        for path, contexts in _linked(note, targets).items():
            said = tuple(filled(context, note, cells) for context in contexts if context)
            found[path].append(Backlink(note.path, note.title, said))
    return {path: tuple(links) for path, links in found.items()}


def _linked(note: Note, targets: Mapping[Link, Target]) -> Mapping[VaultPath, Mapping[str, None]]:
    """The other files that a note links to, each with the sentences that do, in order."""
    linked: dict[VaultPath, dict[str, None]] = defaultdict(dict)
    for link in note.links:
        file = targets[link].file  # also of a link whose heading is not in it
        if file and file.path != note.path:
            linked[file.path].setdefault(link.context)
    return linked
