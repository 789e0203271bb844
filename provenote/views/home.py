"""Home: the first page of a vault that has no `index.md`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from posixpath import dirname

from provenote.model import Note, Page, Url, VaultPath
from provenote.paths import fold
from provenote.views.listing import listing


def home(notes: Sequence[Note], urls: Mapping[VaultPath, Url], name: str, url: Url) -> Page:
    """All notes, folder by folder, so that each can be reached from somewhere."""
    folders: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        folders[dirname(note.path)].append(note)
    parts = [f"<h1>{escape(name)}</h1>\n"]
    for folder in sorted(folders, key=fold):
        if folder:
            parts.append(f"<h2>{escape(folder)}</h2>\n")
        listed = sorted(folders[folder], key=lambda n: fold(n.title))
        parts.append(listing([(n.title, urls[n.path]) for n in listed], url))
    return Page(source=VaultPath("index.md"), url=url, title=name, body="".join(parts))
