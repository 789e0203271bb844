"""Tags: a page for each, its parents included, and a page of them all."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from provenote.model import Note, Page, Url, VaultPath
from provenote.paths import fold
from provenote.views.listing import listing

ALL = "tags"
"""The page of all tags, and the directory of the pages of each."""


def tag_urls(notes: Iterable[Note], *, directory_urls: bool) -> dict[str, Url]:
    """The address of each tag, by its folded name: `#a/b` is an `#a` too."""
    return {
        fold(name): _url(f"{ALL}/{fold(name)}", directory_urls)
        for note in notes
        for tag in note.tags
        for name in _with_parents(tag.name)
    }


def tag_pages(
    notes: Sequence[Note], urls: Mapping[VaultPath, Url], *, directory_urls: bool
) -> list[Page]:
    """A page a tag that lists its notes, and one that lists the tags."""
    spelling: dict[str, str] = {}
    tagged: dict[str, dict[VaultPath, Note]] = {}
    for note in notes:
        for tag in note.tags:
            for name in _with_parents(tag.name):
                spelling.setdefault(fold(name), name)
                tagged.setdefault(fold(name), {})[note.path] = note
    if not tagged:
        return []
    address = tag_urls(notes, directory_urls=directory_urls)
    pages = [
        _page(
            f"{ALL}/{name}.md",
            address[name],
            f"#{spelling[name]}",
            [(n.title, urls[n.path]) for n in tagged[name].values()],
        )
        for name in sorted(tagged)
    ]
    every = [(f"#{spelling[name]}", address[name]) for name in sorted(tagged)]
    return [_page(f"{ALL}.md", _url(ALL, directory_urls), "Tags", every), *pages]


def _page(source: str, url: Url, title: str, items: list[tuple[str, Url]]) -> Page:
    body = f"<h1>{escape(title)}</h1>\n{listing(items, url)}"
    return Page(source=VaultPath(source), url=url, title=title, body=body, listed=False)


def _url(name: str, directory_urls: bool) -> Url:
    return Url(quote(name) + ("/" if directory_urls else ".html"))


def _with_parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
