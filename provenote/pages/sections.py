"""The part of a note that an embed shows."""

from collections.abc import Sequence

from markdown_it.token import Token

from provenote.model import Block, Found, Heading, Note
from provenote.syntax.footnotes import body


def part(note: Note, target: Found) -> Sequence[Token]:
    """The tokens of the section or block that an embed names, or all of the note."""
    named = target.fragment
    tokens = body(note.tokens)
    if isinstance(named, Heading):
        after = (h.start for h in note.headings if h.start > named.start and h.level <= named.level)
        return tokens[named.start : next(after, len(tokens))]
    if not isinstance(named, Block):
        return tokens
    tokens = note.tokens[named.start : named.stop]  # which may stand in a footnote
    return _as_list(tokens) if tokens[0].type == "list_item_open" else tokens


def _as_list(item: Sequence[Token]) -> Sequence[Token]:
    """A single item in a list of its own; a numbered one keeps its number."""
    number = item[0].info
    kind, tag = ("ordered_list", "ol") if number else ("bullet_list", "ul")
    attrs: dict[str, str | int | float] = {"start": int(number)} if number else {}
    return [
        Token(f"{kind}_open", tag, 1, attrs=attrs, block=True),
        *item,
        Token(f"{kind}_close", tag, -1, block=True),
    ]
