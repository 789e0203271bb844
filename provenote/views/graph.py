"""Graph: notes and the links between them, as data for whoever draws it."""

import json
from collections.abc import Mapping, Sequence

from provenote.model import Asset, Backlink, Note, Url, VaultPath

ADDRESS = Url("assets/provenote/graph.json")


def graph(
    notes: Sequence[Note],
    backlinks: Mapping[VaultPath, Sequence[Backlink]],
    urls: Mapping[VaultPath, Url],
) -> Asset:
    """Each note once; each pair of linked notes once, as the numbers of the two."""
    number = {note.path: n for n, note in enumerate(notes)}
    links = sorted(
        (number[link.source], to) for path, to in number.items() for link in backlinks.get(path, ())
    )
    data = {
        "nodes": [
            {
                "title": note.title,
                "url": urls[note.path],
                "tags": sorted({tag.name for tag in note.tags}),
            }
            for note in notes
        ],
        "links": [{"source": source, "target": target} for source, target in links],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Asset(ADDRESS, text.encode())
