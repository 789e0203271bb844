"""All that pages are written from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from markdown_it.token import Token

from provenote import expectations
from provenote.model import (
    Anchor,
    Backlink,
    Block,
    Cell,
    Figure,
    Found,
    Heading,
    Link,
    Note,
    Output,
    Result,
    Session,
    SessionId,
    Target,
    Url,
    Vault,
    VaultFile,
    VaultPath,
)
from provenote.pages.code import PLAIN, Highlighter
from provenote.paths import asset_url, relative
from provenote.problems import Place
from provenote.queries import Question


@dataclass(frozen=True)
class Shown:
    """A cell with what it gave, as a page shows it."""

    cell: Cell
    outputs: tuple[Output, ...]
    ran: bool = True
    differs: bool = False
    """Whether it gave something else than the note says."""
    skipped: str = ""
    """Why its session does not run, on the first of its cells."""


Scripts = Mapping[VaultPath, tuple[Session, tuple[Shown, ...]]]
"""Snippet files, by path, with what their cells gave."""


def shown(
    sessions: Sequence[Session], results: Mapping[SessionId, Result], vault: Vault
) -> tuple[Mapping[Place, Shown], Scripts]:
    """Cells beside their outputs: those of notes by place, those of snippet files by file."""
    cells: dict[Place, Shown] = {}
    scripts: dict[VaultPath, tuple[Session, tuple[Shown, ...]]] = {}
    paths = {file.shown: file.path for file in vault.snippets}
    for session in sessions:
        both = beside(session, results.get(session.id))
        if session.script:
            scripts[paths[session.id]] = (session, both)
        else:
            cells.update((one.cell.place, one) for one in both)
    return cells, scripts


def beside(session: Session, result: Result | None) -> tuple[Shown, ...]:
    """The cells of one session beside their outputs."""
    outputs = result.outputs if result else ((),) * len(session.cells)
    blocks = [cell for cell in session.cells if not cell.inline]
    return tuple(
        Shown(
            cell,
            given,
            ran=result is not None and cell.options.eval and bool(given or not result.failure),
            differs=expectations.differs(cell, given) if result and not result.failure else False,
            skipped=session.skip if cell in blocks[:1] else "",
        )
        for cell, given in zip(session.cells, outputs, strict=True)
    )


@dataclass(frozen=True)
class Book:
    """Everything resolved and run: what any page may need to know of the others."""

    notes: Mapping[VaultPath, Note]
    urls: Mapping[VaultPath, Url]
    """Addresses of notes, and of other files that have a page of their own."""
    tag_urls: Mapping[str, Url]
    targets: Mapping[Link, Target]
    cells: Mapping[Place, Shown] = field(default_factory=dict)
    """The cells of notes, by the place of their fence."""
    scripts: Scripts = field(default_factory=dict)
    """The embedded snippet files, by path."""
    figures: Mapping[VaultPath, Mapping[str, Figure]] = field(default_factory=dict)
    """The numbered figures of each note, by their labels."""
    backlinks: Mapping[VaultPath, tuple[Backlink, ...]] = field(default_factory=dict)

    answers: Mapping[Question, tuple[Token, ...]] = field(default_factory=dict)
    """What the queries of each note give."""
    highlighter: Highlighter = PLAIN
    contents: range = range(1, 7)
    """Levels of the headings that stand in a table of contents."""
    from_source: bool = False
    """Whether the host takes links for relative to a note's file, and writes them anew."""

    @cached_property
    def asked(self) -> Mapping[VaultPath, Sequence[Question]]:
        """The queries that are answered in each note."""
        asked: dict[VaultPath, list[Question]] = defaultdict(list)
        for question in self.answers:
            asked[question[0]].append(question)
        return asked

    def answered(self, paths: Iterable[VaultPath]) -> Mapping[Question, tuple[Token, ...]]:
        """The answers that stand in some notes."""
        return {q: self.answers[q] for path in paths for q in self.asked.get(path, ())}

    def here(self, note: Note) -> Url:
        """What the links on a note's page are relative to."""
        return asset_url(note.path) if self.from_source else self.urls[note.path]

    def url(self, file: VaultFile) -> Url:
        """Where a file of the vault is in the site."""
        return self.urls.get(file.path, asset_url(file.path))

    def href(self, found: Found, page: Url) -> str:
        """A link to what was found, as it is written in `page`."""
        fragment = anchor(found.fragment)
        own = page == asset_url(found.file.path)
        path = "" if own else relative(self.url(found.file), page)
        return path + (f"#{fragment}" if fragment or not path else "")

    def numbered(self, note: VaultPath, cell: Cell) -> Figure | None:
        """The figure or table that a cell is in a note, if its label says so."""
        return self.figures.get(note, {}).get(cell.options.label)

    def reads(self, link: Link) -> str:
        """What a link reads, where its author says nothing and it is not as it is written."""
        target = self.targets[link]
        if not isinstance(target, Found) or link.text:
            return ""
        figure = self.figures.get(target.file.path, {}).get(anchor(target.fragment))
        if figure:
            return " > ".join(filter(None, (target.name or link.target, figure.name)))
        if target.name:
            rest = f"{link.target}#{link.fragment}".removeprefix(target.name)
            return " > ".join([target.name, *filter(None, map(str.strip, rest.split("#")))])
        return ""


def anchor(fragment: Heading | Block | str | None) -> Anchor:
    """The id of the element that a link's fragment names."""
    if isinstance(fragment, Heading | Block):
        return fragment.anchor
    return Anchor(fragment or "")
