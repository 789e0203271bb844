"""Block ids: `^like-this` at the end of a paragraph or list item, or under a block."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_AT_END = re.compile(r"(?:^|[ \t\n])\^([A-Za-z0-9-]+)[ \t]*$")

ATTRIBUTE = "block"
"""Key in `Token.meta` of an opening token: the id of the block that it opens."""


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("block", "block_ids", _assign)


def anchor(block_id: str) -> str:
    """The id of the block's element: no heading's anchor can have the caret."""
    return f"^{block_id}"


def _assign(state: StateCore) -> None:
    """Take the marks off the text and note each on the token that opens its block."""
    kept: list[Token] = []
    for index, token in enumerate(state.tokens):
        kept.append(token)
        if token.type != "inline" or kept[-2].type not in {"paragraph_open", "heading_open"}:
            continue
        match = _AT_END.search(token.content)
        if not match:
            continue
        token.content = token.content[: match.start()]
        if token.content:
            _name(_owner(kept), match[1])
        elif (before := _block_before(kept[:-2])) is not None:
            _name(before, match[1])
            del kept[-2:]
            state.tokens[index + 1].hidden = True  # the emptied paragraph's end
            state.tokens[index + 1].meta["emptied"] = True
    state.tokens = [t for t in kept if not t.meta.get("emptied")]


def _name(token: Token, block_id: str) -> None:
    token.meta = {**token.meta, ATTRIBUTE: block_id}
    if token.type != "heading_open":  # a heading keeps the anchor of its text
        token.attrSet("id", anchor(block_id))


def _owner(kept: list[Token]) -> Token:
    """The list item whose first paragraph this is, or else the paragraph itself."""
    opening = kept[-2]
    return kept[-3] if len(kept) > 2 and kept[-3].type == "list_item_open" else opening


def _block_before(kept: list[Token]) -> Token | None:
    """The token that opens the sibling that ends here: a list, a table, a quote, code."""
    if not kept or kept[-1].nesting == 1:
        return None
    depth = 0
    for token in reversed(kept):
        depth -= token.nesting
        if depth == 0:
            return token
    return None
