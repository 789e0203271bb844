"""A note's properties as its page shows them, under the title."""

import datetime
from collections.abc import Iterator
from html import escape

from markdown_it.token import Token

from provenote.model import Link, Note
from provenote.pages.renderer import NoteRenderer
from provenote.properties import Scalar, seen, wikilinks
from provenote.properties import cover as cover_of
from provenote.syntax import bare_addresses, parser


def properties(note: Note, renderer: NoteRenderer) -> str:
    """Names and values as a list; nothing if there are none that readers see."""
    links = {link.written: link for link in note.links}
    parts = []
    for name, values in seen(note.properties):
        shown = ", ".join(
            (f"{escape(key)}: " if key else "") + _value(value, links, renderer)
            for key, value in values
        )
        parts.append(f"<div><dt>{escape(name)}</dt><dd>{shown}</dd></div>\n")
    return f'<dl class="pn-properties">\n{"".join(parts)}</dl>\n' if parts else ""


def cover(note: Note, renderer: NoteRenderer) -> str:
    """The image that the note is shown with."""
    _, given = cover_of(note.properties)
    if not given:
        return ""
    link = next((link for link in note.links if link.embed and link.written == given), None)
    image = Token("image", "img", 0, attrs={"src": given}, content="")
    image.meta = {"link": link} if link else {}
    return f'<p class="pn-cover">{_rendered([image], renderer)}</p>\n'


def _value(value: Scalar, links: dict[str, Link], renderer: NoteRenderer) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        text = value.isoformat(" ", timespec="minutes")
        return f'<time datetime="{value.isoformat()}">{text}</time>'
    if isinstance(value, datetime.date):
        return f'<time datetime="{value}">{value}</time>'
    return _rendered(list(_tokens(str(value), links)), renderer)


def _tokens(value: str, links: dict[str, Link]) -> Iterator[Token]:
    """A text as tokens: what is a link in it, and the rest as it is."""
    for token in wikilinks(value) if "[[" in value else ():
        written = token.meta["written"]
        before, _, value = value.partition(written)
        yield from _text(before)
        if link := links.get(written):
            token.type = "wikilink"
            token.meta = {**token.meta, "link": link}
            yield token
        else:
            yield Token("text", "", 0, content=written)
    yield from _text(value)


def _text(text: str) -> Iterator[Token]:
    for part, is_address in bare_addresses.split(parser(), text):
        words = Token("text", "", 0, content=part)
        if is_address:
            yield Token("link_open", "a", 1, attrs={"href": part})
            yield words
            yield Token("link_close", "a", -1)
        elif part:
            yield words


def _rendered(tokens: list[Token], renderer: NoteRenderer) -> str:
    return renderer.renderInline(tokens, parser().options, {})
