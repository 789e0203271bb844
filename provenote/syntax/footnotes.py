"""Footnotes: `[^1]` with `[^1]: text` anywhere in the note, and `^[inline]`.

The definitions that something refers to stand at the end of the note's tokens, so that
a part of the note, embedded elsewhere, can take along those that it needs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import link as any_link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_tail

from provenote.syntax import lines


def plugin(md: MarkdownIt) -> None:
    md.use(footnote_plugin)
    md.block.ruler.at("footnote_def", _definition, {"alt": ["paragraph", "reference"]})
    md.core.ruler.at("footnote_tail", _tail)


def link(state: StateInline, silent: bool) -> bool:
    """A link, also by its text alone where a footnote follows: `[text][^1]`."""
    if any_link(state, silent):
        return True
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos, True)
    if end < 0 or not state.src.startswith("[^", end + 1):
        return False
    last, state.posMax = state.posMax, end + 1
    found = any_link(state, silent)
    state.posMax = last
    return found


_ALONE = re.compile(r"\[\^[^\s\]]+\]:")
_INDENT = 4


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A definition; below a mark that stands alone, two columns make text its own.

    So it is in Material's own pages, where a mark is indented as the list above it is.
    """
    if not silent and _ALONE.fullmatch(lines.text(state, start)):
        for line in range(start + 1, end):
            if state.isEmpty(line) or state.sCount[line] < state.sCount[start] + 2:
                break
            state.sCount[line] = max(state.sCount[line], state.blkIndent + _INDENT)
    return footnote_def(state, start, end, silent)


def texts(state: StateCore) -> Iterator[list[Token]]:
    """The tokens of each text, also of what `^[such footnotes]` say, before these are moved."""
    for block in state.tokens:
        if block.children:
            yield block.children
    for footnote in state.env.get("footnotes", {}).get("list", {}).values():
        if "tokens" in footnote:
            yield footnote["tokens"]


def _tail(state: StateCore) -> None:
    """Move the definitions to the end; an inline one knows its line there."""
    inline_at = dict(_lines(state.tokens))
    footnote_tail(state)
    for opening, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if opening.type == "footnote_open" and opening.meta["id"] in inline_at:
            line = inline_at[opening.meta["id"]]
            inline.map = [line, line + 1]


def _lines(tokens: Iterable[Token]) -> Iterable[tuple[int, int]]:
    """The number of each footnote that is defined where it is referred to, and its line."""
    for block in tokens:
        line, seen = block.map[0] if block.map else 0, 0
        for part in block.children or ():
            if part.type == "footnote_ref" and "label" not in part.meta and block.map:
                line += block.content.count("\n", seen, part.meta["pos"])
                seen = part.meta["pos"]
                yield part.meta["id"], line


def body(tokens: Sequence[Token]) -> Sequence[Token]:
    """A note's tokens without the definitions."""
    return tokens[: _end_of_body(tokens)]


def definitions(tokens: Sequence[Token]) -> dict[int, Sequence[Token]]:
    """What the footnotes of a note say, by their number."""
    found: dict[int, Sequence[Token]] = {}
    opened = 0
    for at in range(_end_of_body(tokens), len(tokens)):
        if tokens[at].type == "footnote_open":
            opened = at
        elif tokens[at].type == "footnote_close":
            found[tokens[opened].meta["id"]] = tokens[opened + 1 : at]
    return found


def _end_of_body(tokens: Sequence[Token]) -> int:
    if not tokens or tokens[-1].type != "footnote_block_close":
        return len(tokens)
    return next(at for at, token in enumerate(tokens) if token.type == "footnote_block_open")
