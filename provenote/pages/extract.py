"""What the page of one note is written from: of all that is known, only this.

A page that is written from its extract alone depends on nothing that its name in the
memo does not tell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from markdown_it.token import Token

from provenote.memo import key
from provenote.model import Block, Found, Heading, Link, Note, Target, VaultPath
from provenote.pages.book import Book
from provenote.paths import fold
from provenote.queries import Question


def extract(note: Note, book: Book) -> Book:
    """The book as far as the page of one note shows it: what it links to and embeds.

    Answers to queries hold parts of other notes, which link and are tagged for themselves.
    """
    notes = _shown(note, book)
    answers = book.answered(notes)
    said = list(_tokens(answers))
    links = [*(link for one in notes.values() for link in one.links), *_links(said)]
    targets = {link: book.targets[link] for link in links}
    backlinks = book.backlinks.get(note.path, ())
    tags = dict.fromkeys(fold(tag.name) for one in notes.values() for tag in one.tags)
    tags |= dict.fromkeys(fold(token.content) for token in said if token.type == "tag")
    files = dict.fromkeys(target.file.path for target in targets.values() if target.file)
    places = [fence.place for one in notes.values() for fence in one.fences]
    places += [token.meta["fence"].place for token in said if "fence" in token.meta]
    linked = dict.fromkeys([*notes, *files, *(link.source for link in backlinks)])
    return replace(
        book,
        notes=notes,
        urls={path: book.urls[path] for path in linked if path in book.urls},
        tag_urls={name: book.tag_urls[name] for name in tags if name in book.tag_urls},
        targets=targets,
        cells={place: book.cells[place] for place in places if place in book.cells},
        scripts={path: book.scripts[path] for path in files if path in book.scripts},
        figures={path: book.figures[path] for path in linked if path in book.figures},
        backlinks={note.path: backlinks},
        answers=answers,
    )


def _tokens(answers: Mapping[Question, Sequence[Token]]) -> Iterator[Token]:
    for tokens in answers.values():
        for token in tokens:
            yield token
            yield from token.children or ()


def _links(tokens: Iterable[Token]) -> Iterator[Link]:
    for token in tokens:
        if "link" in token.meta:
            yield token.meta["link"]
        yield from token.meta.get("links", {}).values()


def _shown(note: Note, book: Book) -> dict[VaultPath, Note]:
    """The note, what it embeds, and what that embeds."""
    shown = {note.path: note}
    waiting = [note]
    while waiting:
        one = waiting.pop()
        answers = _links(_tokens(book.answered([one.path])))
        for path in _embedded(chain(one.links, answers), book):
            if path not in shown:
                shown[path] = book.notes[path]
                waiting.append(book.notes[path])
    return shown


def _embedded(links: Iterable[Link], book: Book) -> Iterator[VaultPath]:
    for link in links:
        target = book.targets[link] if link.embed else None
        if isinstance(target, Found) and target.file.path in book.notes:
            yield target.file.path


def name(note: Note, known: Book) -> str | None:
    """The name in the memo of the page that is written from this extract.

    None where a note in it has no digest. What a note says of itself, its digest tells.
    """
    if not all(one.digest for one in known.notes.values()):
        return None
    return key(
        "page",
        (note.path, known.from_source, known.highlighter.name),
        [(path, one.digest) for path, one in known.notes.items()],
        [*known.urls.items(), None, *known.tag_urls.items()],
        [_of_target(target) for target in known.targets.values()],
        [(one.cell, one.outputs) for one in known.cells.values()],
        [(path, shown) for path, (_, shown) in known.scripts.items()],
        [(path, *figures.values()) for path, figures in known.figures.items()],
        [(link.source, link.title, link.contexts) for link in known.backlinks[note.path]],
        list(known.answers.items()),
    )


def _of_target(target: Target) -> tuple[object, ...]:
    if not isinstance(target, Found):
        path = target.file.path if target.file else None
        return ("missing", target.problem.code.value, target.problem.text, path)
    part = target.fragment
    if isinstance(part, Heading | Block):
        return (type(part).__name__, target.file.path, target.name, part.anchor, part.start)
    return ("found", target.file.path, target.name, part)
