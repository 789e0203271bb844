"""llms.txt: what the site holds, for programs that read (https://llmstxt.org)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from posixpath import dirname

from provenote.model import Asset, Note, Url, VaultPath
from provenote.paths import fold
from provenote.settings import Settings

ADDRESS = Url("llms.txt")


def llms(notes: Iterable[Note], urls: Mapping[VaultPath, Url], settings: Settings) -> Asset:
    """Every note with its address and description, folder by folder."""
    ordered = sorted(notes, key=lambda n: (fold(dirname(n.path)), fold(n.title), n.path))
    lines = [f"# {settings.name}"]
    for folder, held in groupby(ordered, key=lambda note: dirname(note.path)):
        lines += ["", f"## {folder or 'Notes'}", "", *_lines(held, urls, settings.site_url)]
    return Asset(ADDRESS, "\n".join([*lines, ""]).encode())


def _lines(notes: Iterable[Note], urls: Mapping[VaultPath, Url], site_url: str) -> Iterator[str]:
    for note in notes:
        title = note.title.replace("[", "\\[").replace("]", "\\]")
        description = note.properties.get("description")
        about = f": {' '.join(description.split())}" if isinstance(description, str) else ""
        yield f"- [{title}]({(site_url + urls[note.path]) or './'}){about}"
