"""Answers as tokens: a part of a note, which is rendered, linked and embedded as any other."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from provenote.links import lead
from provenote.model import Found, Link, Missing, Target
from provenote.notes import links
from provenote.problems import Code, Place, Problem
from provenote.queries.answer import Cards, Inline, Listing, Part, Table, Tasks, View
from provenote.queries.items import Item
from provenote.queries.library import Desk
from provenote.queries.values import Reference, Value, date_text, text_of
from provenote.source import Spot
from provenote.syntax.embeds import is_image

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_DEEPEST = 20
"""How deep lists within lists are shown as such."""


class Writer:
    """Makes tokens of what one note's query gives, and notes where the links in them lead."""

    def __init__(self, desk: Desk, place: Place, md: MarkdownIt, *, bases: bool = False) -> None:
        self._desk = desk
        self._place = place
        self._md = md
        self._bases = bases
        self.targets: dict[Link, Target] = {}

    def parts(self, parts: Sequence[Part]) -> tuple[Token, ...]:
        """All that a query gives, one below the other."""
        if len(parts) == 1 and isinstance(parts[0], Inline):
            return (self._inline(parts[0].value),)
        tokens = [token for part in parts for token in self._part(part)]
        return tuple(_within("div", tokens or _nothing(), "pn-query"))

    def _part(self, part: Part) -> list[Token]:
        match part:
            case Table():
                tokens = self._table(part) if part.rows else _nothing()
            case Listing():
                tokens = self._list(part.items) if part.items else _nothing()
            case Cards():
                tokens = self._cards(part) if part.rows else _nothing()
            case Tasks():
                tokens = self._tasks([task.item for task in part.items])
            case Inline():
                tokens = [self._inline(part.value)]
            case View():
                tokens = _within("p", [_text(part.name)], "pn-view")
        title = getattr(part, "title", None)
        return tokens if title is None else [*self._title(title), *tokens]

    def _title(self, title: Value) -> list[Token]:
        return _within("p", [self._inline(title)], "pn-group")

    # ------------------------------------------------------------- shapes

    def _table(self, table: Table) -> list[Token]:
        texts = (_within("th", [_text(name)]) for name in table.headings)
        head = _within("thead", _within("tr", _joined(texts)))
        body = _within("tbody", _joined(self._row(row) for row in table.rows))
        foot = _within("tfoot", self._row(table.footer)) if table.footer else []
        return _within("table", [*head, *body, *foot])

    def _row(self, row: Sequence[Value]) -> list[Token]:
        return _within("tr", _joined(_within("td", self._block(value)) for value in row))

    def _list(self, items: Sequence[Value], deep: int = 0) -> list[Token]:
        return _within("ul", _joined(_within("li", self._item(item, deep)) for item in items))

    def _item(self, item: Value, deep: int) -> list[Token]:
        if not isinstance(item, tuple):
            return self._block(item, deep)
        name, value = item
        inner = self._block(value, deep)
        first = [self._inline(name), _text(": ")]
        return [*first, *inner]

    def _cards(self, cards: Cards) -> list[Token]:
        return _within(
            "ul",
            _joined(map(self._card, cards.rows, cards.images, [cards.headings] * len(cards.rows))),
            "pn-cards",
        )

    def _card(self, row: Sequence[Value], image: Value, headings: Sequence[str]) -> list[Token]:
        tokens: list[Token] = []
        if image is not None:
            tokens += _within("div", [self._image(image)], "pn-card-image")
        tokens += _within("div", self._block(row[0]), "pn-card-title") if row else []
        for name, value in zip(headings[1:], row[1:], strict=True):
            if value is not None:
                label = _within("span", [_text(name)], "pn-card-name")
                tokens += _within("div", [*label, *self._block(value)])
        return _within("li", tokens)

    def _image(self, value: Value) -> Token:
        """An image by a link, an address or a path."""
        if isinstance(value, Reference):
            return self._inline(Reference(value.path, value.fragment, "", True, value.file))
        text = str(value).strip()
        if _ADDRESS.fullmatch(text):
            return self._markdown(f"![]({text})")
        return self._inline(Reference(text, embed=True, file=self._desk.resolve(text).file))

    def _tasks(self, items: Iterable[Item]) -> list[Token]:
        return _within("ul", _joined(map(self._task, items)))

    def _task(self, item: Item) -> list[Token]:
        """As it stands in its note, without what leads within that note."""
        known = item.inline.children or ()
        children = [t for t in known if not t.type.startswith("footnote")]
        tokens = [Token("inline", "", 0, children=children, level=1)]
        if item.children:
            tokens += self._tasks(item.children)
        inner = _within("li", tokens)
        if item.is_task:
            inner[0].attrs = {"class": "task-list-item", "data-task": item.mark}
        return inner

    # ------------------------------------------------------------- values

    def _block(self, value: Value, deep: int = 0) -> list[Token]:
        """A value in a cell or item of its own, where a list is a list."""
        if deep < _DEEPEST and isinstance(value, list | tuple) and len(value) > 1:
            return self._list(list(value), deep + 1)
        if deep < _DEEPEST and isinstance(value, Mapping) and value:
            return self._list([(str(name), part) for name, part in value.items()], deep + 1)
        return [self._inline(value)]

    def _inline(self, value: Value) -> Token:
        return Token("inline", "", 0, children=list(self._children(value)), level=1)

    def _children(self, value: Value, deep: int = 0) -> Iterator[Token]:
        match value:
            case Reference():
                yield self._link(value)
            case bool() if self._bases:
                checked = " checked" if value else ""
                yield _html(f'<input type="checkbox" disabled{checked}>')
            case datetime():
                date = date_text(value)
                yield _html(f'<time datetime="{escape(date)}">{escape(date)}</time>')
            case str():
                yield from self._markdown(value).children or ()
            case list() | tuple() if deep < _DEEPEST:
                for number, item in enumerate(value):
                    if number:
                        yield _word(", ")
                    yield from self._children(item, deep + 1)
            case _:
                yield _word(text_of(value, null="" if self._bases else "-"))

    def _markdown(self, text: str) -> Token:
        """A text, which may hold links and marks."""
        if _ADDRESS.fullmatch(text):
            opening = Token("link_open", "a", 1, attrs={"href": text})
            children = [opening, _word(text), Token("link_close", "a", -1)]
            return Token("inline", "", 0, children=children, level=1)
        inline = self._md.parseInline(text)[0]
        for link in links([inline], Spot(self._place)):
            self._note(link)
        return inline

    def _link(self, reference: Reference) -> Token:
        written = text_of(reference)
        kind = "embed" if reference.embed and is_image(reference.path) else "wikilink"
        fragment = reference.fragment
        link = Link(
            self._place, written, f"/{reference.path}", fragment, reference.text, kind == "embed"
        )
        if reference.file is None:
            self.targets[link] = self._nowhere()
        else:
            self._note(link)
        meta = {"link": link, "target": reference.path, "written": written, "text": reference.text}
        return Token(kind, "", 0, content=reference.shown, meta=meta)

    def _note(self, link: Link) -> None:
        """Whatever a link in an answer may miss, its own note says."""
        note = self._desk.library.notes[self._desk.source]
        found, _ = lead(link, note, self._desk.library.index)
        self.targets[link] = found if isinstance(found, Found) or found.file else self._nowhere()

    def _nowhere(self) -> Missing:
        return Missing(Problem(Code.LINK_UNPUBLISHED, self._place, "leads nowhere"))


# --------------------------------------------------------------------- tokens

_NAMES = {"ul": "bullet_list", "li": "list_item", "p": "paragraph"}


def _within(tag: str, tokens: Iterable[Token], css: str = "") -> list[Token]:
    name = _NAMES.get(tag, tag)
    block = tag != "span"
    attrs: Any = {"class": css} if css else {}
    opening = Token(f"{name}_open", tag, 1, attrs=attrs, block=block)
    return [opening, *tokens, Token(f"{name}_close", tag, -1, block=block)]


def _joined(parts: Iterable[list[Token]]) -> list[Token]:
    return [token for part in parts for token in part]


def _word(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _text(text: str) -> Token:
    return Token("inline", "", 0, children=[_word(text)], level=1)


def _html(html: str) -> Token:
    return Token("html_inline", "", 0, content=html)


def _nothing() -> list[Token]:
    return _within("p", [_text("No results")], "pn-empty")
