"""Graph: notes and the links between them, as data for whoever draws it."""

import json
from collections.abc import Mapping, Sequence

from provenote.model import Asset, Found, Link, Note, Target, Url, VaultPath

ADDRESS = Url("assets/provenote/graph.json")


def graph(
    notes: Sequence[Note], targets: Mapping[Link, Target], urls: Mapping[VaultPath, Url]
) -> Asset:
    """Each note once; each pair of linked notes once, as the numbers of the two."""
    number = {note.path: n for n, note in enumerate(notes)}
    links = {
        (number[note.path], number[target.file.path])
        for note in notes
        for link in note.links
        if isinstance(target := targets[link], Found) and target.file.path in number
    }
    data = {
        "nodes": [
            {
                "title": note.title,
                "url": urls[note.path],
                "tags": sorted({tag.name for tag in note.tags}),
            }
            for note in notes
        ],
        "links": [
            {"source": source, "target": target}
            for source, target in sorted(links)
            if source != target
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Asset(ADDRESS, text.encode())
