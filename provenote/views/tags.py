"""Tags: a page for each, its parents included, and a page of them all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from provenote.model import Note, Page, Url, VaultPath
from provenote.paths import fold, page_url, relative
from provenote.syntax.tags import with_parents
from provenote.views.listing import Item, by_title, listing

ALL = "tags"
"""The page of all tags, and the directory of the pages of each."""


@dataclass
class _Tag:
    spelling: str
    """As the first note writes it."""
    url: Url
    notes: dict[VaultPath, Note] = field(default_factory=dict)
    children: list[str] = field(default_factory=list)


def tag_urls(notes: Iterable[Note], *, directory_urls: bool) -> dict[str, Url]:
    """The address of each tag, its parents included, by its folded name."""
    return {
        fold(name): page_url(f"{ALL}/{fold(name)}", directory_urls)
        for note in notes
        for tag in note.tags
        for name in with_parents(tag.name)
    }


def tag_pages(
    notes: Sequence[Note],
    urls: Mapping[VaultPath, Url],
    tag_urls: Mapping[str, Url],
    *,
    directory_urls: bool,
) -> list[Page]:
    """A page a tag, with its notes and the tags within it, and a page of all tags."""
    if not tag_urls:
        return []
    tags = _tags(notes, tag_urls)
    every = page_url(ALL, directory_urls)
    top = [_item(name, tags) for name in sorted(tags) if "/" not in name]
    pages = [_page(f"{ALL}.md", every, "Tags", listing(top, every))]
    for name, tag in sorted(tags.items()):
        body = _path(name, tags, every) + listing(
            [_item(child, tags) for child in sorted(tag.children)], tag.url
        )
        body += listing(
            [Item(n.title, urls[n.path]) for n in by_title(tag.notes.values())], tag.url
        )
        pages.append(_page(f"{ALL}/{name}.md", tag.url, f"#{tag.spelling}", body))
    return pages


def _tags(notes: Iterable[Note], urls: Mapping[str, Url]) -> dict[str, _Tag]:
    tags: dict[str, _Tag] = {}
    for note in notes:
        for tag in note.tags:
            for name in with_parents(tag.name):
                known = tags.setdefault(fold(name), _Tag(name, urls[fold(name)]))
                known.notes[note.path] = note
    for name in tags:
        if parent := name.rpartition("/")[0]:
            tags[parent].children.append(name)
    return tags


def _item(name: str, tags: Mapping[str, _Tag]) -> Item:
    """A tag as a line of a list, with the tags within it below."""
    tag = tags[name]
    below = tuple(_item(child, tags) for child in sorted(tag.children))
    return Item(f"#{tag.spelling}", tag.url, len(tag.notes), below)


def _path(name: str, tags: Mapping[str, _Tag], every: Url) -> str:
    """The way from all tags down to this one."""
    here = tags[name].url
    parents = [tags[parent] for parent in with_parents(name)[:-1]]
    steps = [("Tags", every), *((f"#{parent.spelling}", parent.url) for parent in parents)]
    links = " / ".join(
        f'<a class="pn-link" href="{escape(relative(url, here))}">{escape(title)}</a>'
        for title, url in steps
    )
    return f'<nav class="pn-path" aria-label="Parent tags">{links}</nav>\n'


def _page(source: str, url: Url, title: str, content: str) -> Page:
    return Page(
        source=VaultPath(source),
        url=url,
        title=title,
        body=f"<h1>{escape(title)}</h1>\n{content}",
        properties={"search": {"exclude": True}},  # it holds nothing that the notes do not
        listed=False,
    )
