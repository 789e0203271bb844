"""Captions: `/// caption` below a picture, a table or any other block, up to `///`."""

import re
from collections import Counter

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.syntax import indented, lines

_OPENING = re.compile(
    r"(?P<mark>/{3,}) *(?:(?P<kind>figure|table)-)?caption"
    r"(?: *\| *(?P<where>[<>])? *(?P<number>[1-9]\d{0,8})? *(?P<names>(?:[#.][\w-]+)*))?"
)
_OPTION = re.compile(r"attrs: *\{(.*)\}")
_NAMES = re.compile(r"(?P<sign>[#.]|id: *|class: *)[\"']?(?P<name>[\w-]+(?: +[\w-]+)*)")
_BEAR_NONE = frozenset({"box_title_open", "callout_title_open", "figure_open", "heading_open"})
_NUMBERED = "numbered"
"""Key in `Token.meta` of a caption of what it is numbered as."""
_NUMBER = "number"
"""Key in `Token.meta` of its number, 0 for the next."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "caption", _caption, lines.INTERRUPTING)
    md.core.ruler.after("inline", "numbered_captions", _number)


def _caption(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = _OPENING.fullmatch(lines.text(state, start)) if indented.opens(state, start) else None
    close = lines.closing(state, start, end, match["mark"]) if match else start
    if not match or close == start:
        return False
    if silent:
        return True
    at = _last_block(state)
    if at is None:
        return False
    block = state.tokens[at:]
    del state.tokens[at:]
    for token in block:
        token.level += 1
    figure = state.push("figure_open", "figure", 1)
    figure.map = [block[0].map[0] if block[0].map else start, close + 1]
    option = _OPTION.fullmatch(lines.text(state, start + 1))
    for given in _NAMES.finditer(option[1] if option else match["names"] or ""):
        name = "class" if given["sign"][0] in ".c" else "id"
        figure.attrJoin(name, given["name"])
    above = match["where"] == "<"
    if not above:
        state.tokens += block
    caption = state.push("figcaption_open", "figcaption", 1)
    if match["kind"]:
        caption.meta = {_NUMBERED: match["kind"], _NUMBER: int(match["number"] or 0)}
    lines.read(state, start + 1 + bool(option), close, "caption")
    state.push("figcaption_close", "figcaption", -1)
    if above:
        state.tokens += block
    state.push("figure_close", "figure", -1)
    state.line = close + 1
    return True


def _last_block(state: StateBlock) -> int | None:
    """Where the block starts that the caption is of, if there is one."""
    for at in range(len(state.tokens) - 1, -1, -1):
        token = state.tokens[at]
        if token.level < state.level:
            return None
        if token.level == state.level and token.nesting >= 0:
            return None if token.type in _BEAR_NONE else at
    return None


def _number(state: StateCore) -> None:
    """Say "Figure 1." and "Table 1." where `/// figure-caption` and `/// table-caption` ask."""
    figures: list[Token] = []
    numbers: Counter[str] = Counter()
    for token, first, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if token.type == "figure_open":
            figures.append(token)
        elif token.type == "figure_close":
            figures.pop()
        elif _NUMBERED in token.meta and first.type == "paragraph_open":
            kind = token.meta[_NUMBERED]
            numbers[kind] = token.meta[_NUMBER] or numbers[kind] + 1
            figures[-1].attrs.setdefault("id", f"__{kind}-caption_{numbers[kind]}")
            inline.children = [
                Token("html_inline", "", 0, content='<span class="caption-prefix">'),
                Token("text", "", 0, content=f"{kind.capitalize()} {numbers[kind]}."),
                Token("html_inline", "", 0, content="</span> "),
                *(inline.children or ()),
            ]
