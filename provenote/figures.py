"""Number the figures and tables of each note, in the order in which it shows them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from provenote.model import Anchor, Cell, Figure, Found, Link, Note, Session, Target, VaultPath
from provenote.paths import fold

_KINDS = {"fig-": "Figure", "tbl-": "Table"}
"""What labels are of, by how they begin."""


def numbered(
    notes: Iterable[Note], targets: Mapping[Link, Target], sessions: Sequence[Session]
) -> Mapping[VaultPath, Mapping[str, Figure]]:
    """For each note its figures by their labels; what it embeds of other notes is theirs."""
    scripts = {session.file: session.cells for session in sessions if session.script}
    cells: dict[str, list[Cell]] = defaultdict(list)
    for session in sessions:
        if not session.script:
            cells[session.cells[0].place.path] += session.cells
    return {
        note.path: figures
        for note in notes
        if (figures := _of_note(note, cells[note.file.shown], targets, scripts))
    }


def _of_note(
    note: Note,
    cells: Iterable[Cell],
    targets: Mapping[Link, Target],
    scripts: Mapping[Path, Sequence[Cell]],
) -> Mapping[str, Figure]:
    shown = [(cell.place, cell) for cell in cells]
    for link in note.links:
        target = targets[link] if link.embed else None
        if isinstance(target, Found):
            embedded = _chosen(scripts.get(target.file.absolute, ()), target.fragment)
            shown += [(link.place, cell) for cell in embedded]
    shown.sort(key=lambda pair: pair[0])
    counted: Counter[str] = Counter()
    figures: dict[str, Figure] = {}
    for _, cell in shown:
        label = cell.options.label
        kind = _KINDS.get(label[:4])
        is_shown = cell.options.eval and cell.options.output
        if kind and is_shown and label not in figures:
            counted[kind] += 1
            figures[label] = Figure(Anchor(label), f"{kind} {counted[kind]}")
    return figures


def _chosen(cells: Iterable[Cell], name: object) -> Iterator[Cell]:
    """The cells of a script that an embed shows."""
    for cell in cells:
        if not isinstance(name, str) or fold(cell.name) == fold(name):
            yield cell
