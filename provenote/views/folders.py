"""Folders: a page for each that has none, so that every note can be reached from the first."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from posixpath import basename, dirname

from provenote.model import Note, Page, Url, VaultPath
from provenote.paths import fold, folder_url
from provenote.settings import Settings
from provenote.views.listing import Item, by_title, listing


@dataclass
class _Folder:
    path: str
    url: Url
    notes: list[Note] = field(default_factory=list)
    folders: list["_Folder"] = field(default_factory=list)
    total: int = 0
    """How many notes lie in it and below."""


def folder_pages(
    notes: Sequence[Note],
    urls: Mapping[VaultPath, Url],
    taken: Container[Url],
    settings: Settings,
) -> list[Page]:
    """Lists of what each folder holds, where nothing else has that address.

    That of the vault itself, the home page where there is no `index.md`, lists all.
    """
    folders = _folders(notes, settings)
    pages = []
    for folder in folders.values():
        if folder.url in taken:
            continue
        if folder.path:
            items = [Item(basename(f.path), f.url, f.total) for f in folder.folders]
            body = listing(items, folder.url) + _notes(folder, urls, folder.url)
        else:
            body = "".join(_section(f, urls, folder.url) for f in folders.values() if f.notes)
        pages.append(_page(folder, basename(folder.path) or settings.name, body))
    return pages


def _folders(notes: Sequence[Note], settings: Settings) -> dict[str, _Folder]:
    """Every folder with a note in or below it, in order; the vault itself is ''."""
    found: dict[str, _Folder] = {}

    def folder(path: str) -> _Folder:
        if path not in found:
            found[path] = _Folder(path, folder_url(path, directory_urls=settings.directory_urls))
            if path:
                folder(dirname(path)).folders.append(found[path])
        return found[path]

    if notes:
        folder("")
    for note in by_title(notes):
        path = dirname(note.path)
        folder(path).notes.append(note)
        folder(path).total += 1
        while path:
            path = dirname(path)
            folder(path).total += 1
    for known in found.values():
        known.folders.sort(key=lambda f: fold(f.path))
    return dict(sorted(found.items(), key=lambda item: fold(item[0])))


def _section(folder: _Folder, urls: Mapping[VaultPath, Url], page: Url) -> str:
    heading = f"<h2>{escape(folder.path)}</h2>\n" if folder.path else ""
    return heading + _notes(folder, urls, page)


def _notes(folder: _Folder, urls: Mapping[VaultPath, Url], page: Url) -> str:
    return listing([Item(note.title, urls[note.path]) for note in folder.notes], page)


def _page(folder: _Folder, title: str, content: str) -> Page:
    return Page(
        source=VaultPath(f"{folder.path}/index.md" if folder.path else "index.md"),
        url=folder.url,
        title=title,
        body=f"<h1>{escape(title)}</h1>\n{content}",
        properties={"search": {"exclude": True}},  # it holds nothing that the notes do not
    )
