"""Block ids: `^like-this` at the end of a paragraph or item, or on a line below a block."""

import re
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.syntax import lines

_ID = r"\^([A-Za-z0-9-]+)[ \t]*"
_LINE = re.compile(_ID)
_AT_END = re.compile(rf"(?:[ \t\n]|(?<=\]\])){_ID}$")
_IN_ITEM = re.compile(rf"[ \t]{_ID}(?=\n)")
"""At the end of a line of an item, which may go on with an image below."""

ATTRIBUTE = "block"
"""Key in `Token.meta` of an opening token: the id of the block that it opens."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("table", "block_id", _line, lines.INTERRUPTING)
    md.core.ruler.after("block", "block_ids", _assign)


def anchor(block_id: str) -> str:
    """The id of the block's element: no heading's anchor can have the caret."""
    return f"^{block_id}"


def _line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An id on a line of its own, with which its block ends."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("^", begin) or state.is_code_block(start):
        return False
    match = _LINE.fullmatch(state.src, begin, state.eMarks[start])
    if not match or not _ends(state, start + 1):
        return False
    if not silent:
        token = state.push("block_id", "", 0)
        token.content = match[1]
        token.meta = {"apart": start == 0 or state.isEmpty(start - 1)}
        state.line = start + 1
    return True


def _ends(state: StateBlock, line: int) -> bool:
    """Whether no paragraph goes on at a line."""
    outside = line >= state.lineMax or state.isEmpty(line)
    if outside or state.sCount[line] < state.blkIndent:
        return True
    if state.src.startswith("^", state.bMarks[line] + state.tShift[line]):
        return False
    rules = state.md.block.ruler.getRules("paragraph")
    return any(rule(state, line, state.lineMax, True) for rule in rules)


def _assign(state: StateCore) -> None:
    """Take the marks off the text and note each on the token that opens its block."""
    kept: list[Token] = []
    taken: set[str] = set()
    for at, token in enumerate(state.tokens):
        if token.type == "block_id":
            if kept:
                above = _quote(kept, state.tokens, at) or _above(kept, apart=token.meta["apart"])
                _name(above, token.content, taken)
            continue
        kept.append(token)
        if token.type != "inline" or len(kept) < 2 or kept[-2].type not in _TEXT:
            continue
        match = _AT_END.search(token.content)
        if not match and kept[-3:-2] and kept[-3].type == "list_item_open":
            match = _IN_ITEM.search(token.content)
        if match:
            token.content = token.content[: match.start()] + token.content[match.end() :]
            owner = _owner(kept, len(kept) - 2)
            if owner is kept[-2]:
                owner = _quote(kept, state.tokens, at) or owner
            _name(owner, match[1], taken)
    state.tokens = kept


_TEXT = {"paragraph_open", "heading_open", "callout_title_open"}


def _name(token: Token, block_id: str, taken: set[str]) -> None:
    if ATTRIBUTE in token.meta:
        return
    token.meta = {**token.meta, ATTRIBUTE: block_id}
    # A heading keeps the anchor of its text, and of two blocks with one id the first has it.
    if token.type != "heading_open" and block_id not in taken:
        token.attrSet("id", anchor(block_id))
        taken.add(block_id)


def _quote(kept: list[Token], tokens: list[Token], at: int) -> Token | None:
    """The quote or callout that ends with the id at a token: Obsidian knows no parts of it.

    One that has a name already leaves the id to the part.
    """
    closing = None
    for token in islice(tokens, at + 1, None):
        if token.type == "blockquote_close":
            closing = token
        elif closing or token.type not in {"paragraph_close", "heading_close"}:
            break
    if closing is None or token.type == "block_id":
        return None
    quote = next(
        t for t in reversed(kept) if (t.type, t.level) == ("blockquote_open", closing.level)
    )
    return None if ATTRIBUTE in quote.meta else quote


def _above(kept: list[Token], *, apart: bool) -> Token:
    """The token that opens what an id below it names.

    That is the block before it; for an id right below an item's text, the item.
    """
    last = kept[-1]
    if last.nesting == 1:
        return last
    if last.nesting == 0:
        kept[-1:] = _wrapped(last)
    if not apart and last.type in {"bullet_list_close", "ordered_list_close"}:
        return next(t for t in reversed(kept) if t.type == "list_item_open")
    start = next(i for i in _back(kept) if kept[i].level == last.level and kept[i].nesting == 1)
    if not apart and last.level:
        parent = next(kept[i] for i in _back(kept) if kept[i].level < last.level)
        if parent.type == "list_item_open":
            return parent
    return _owner(kept, start)


def _back(tokens: list[Token]) -> range:
    return range(len(tokens) - 1, -1, -1)


def _wrapped(token: Token) -> list[Token]:
    """A block of a single token, such as a formula, in an element that can bear an id."""
    opening = Token("block_open", "div", 1, block=True, level=token.level)
    closing = Token("block_close", "div", -1, block=True, level=token.level)
    return [opening, token, closing]


_OWNERS = {("list_item_open", "paragraph_open"), ("blockquote_open", "callout_title_open")}


def _owner(kept: list[Token], start: int) -> Token:
    """An item for its first paragraph, a callout for its title, or else the block itself."""
    parent = kept[start - 1] if start else None
    if parent and (parent.type, kept[start].type) in _OWNERS:
        return parent
    return kept[start]
