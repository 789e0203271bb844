"""The frame of a page: its title, tags, body, and what links to it."""

from collections.abc import Sequence
from html import escape

from provenote.memo import Memo
from provenote.model import Heading, Note, Page, TocEntry, Url, VaultPath
from provenote.pages.backlinks import backlinks
from provenote.pages.book import Book
from provenote.pages.extract import extract
from provenote.pages.extract import name as named
from provenote.pages.properties import cover, properties
from provenote.pages.renderer import NoteRenderer
from provenote.paths import fold, relative
from provenote.problems import Problem
from provenote.records import reader

_PROBLEMS = reader(tuple[Problem, ...])


def write(note: Note, book: Book, memo: Memo) -> tuple[Page, tuple[Problem, ...]]:
    """Write one note's page; the problems are those that only writing shows."""
    known = extract(note, book)
    name = named(note, known) if memo else None
    kept = memo.recall(name) if name else None
    if kept is None:
        body, problems = _body(note, known)
    else:
        body, problems = kept.text, _PROBLEMS(kept.value)
    if name and kept is None:
        memo.keep(name, problems, body)
    page = Page(
        source=note.path if note.path.endswith(".md") else VaultPath(f"{note.path}.md"),
        url=book.urls[note.path],
        title=note.title,
        body=body,
        toc=table_of_contents([h for h in note.headings if h.level in book.contents]),
        properties=note.properties,
        file=note.file.absolute if note.path.endswith(".md") else None,
    )
    return page, problems


def _body(note: Note, book: Book) -> tuple[str, tuple[Problem, ...]]:
    here = book.here(note)
    renderer = NoteRenderer(book, here)
    title, content = _titled(note, renderer.note(note))
    about = (properties(note, renderer), _tags(note, book, here), cover(note, renderer))
    body = _classes(note, "".join((title, *about, content))) + backlinks(note.path, book, here)
    return body, tuple(renderer.problems)


def _classes(note: Note, body: str) -> str:
    names = " ".join(map(str, note.properties.get("cssclasses", ())))
    return f'<div class="{escape(names)}">{body}</div>' if names else body


def _titled(note: Note, content: str) -> tuple[str, str]:
    """The `h1`, which may be the one that the note opens with, and what follows."""
    if not note.opens_with_title:
        return f"<h1>{escape(note.title)}</h1>\n", content
    title, end, rest = content.partition("</h1>\n")
    return title + end, rest


def _tags(note: Note, book: Book, url: Url) -> str:
    """The tags of the properties; those in the text stand there, or the host shows them."""
    if not book.tag_urls:
        return ""
    first = {fold(tag.name): tag for tag in note.tags if not tag.place.column}
    links = "".join(
        f'<a class="md-tag" href="{escape(relative(book.tag_urls[name], url))}">'
        f"{escape(tag.name)}</a>"
        for name, tag in first.items()
    )
    return f'<nav class="md-tags pn-tags" aria-label="Tags">{links}</nav>\n' if links else ""


def table_of_contents(headings: Sequence[Heading]) -> tuple[TocEntry, ...]:
    """Headings as a tree; a level that is left out does not matter."""
    later: list[TocEntry] = []  # the nearest last
    for heading in reversed(headings):
        below = []
        while later and later[-1].level > heading.level:
            below.append(later.pop())
        later.append(TocEntry(heading.html, heading.anchor, heading.level, tuple(below)))
    return tuple(reversed(later))
