"""Comments: `%%seen by the author only%%`, within a line or over several."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before(
        "fence", "comment", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.inline.ruler.before("escape", "comment", _inline)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment that opens at the start of a line and fills all its lines.

    One that is never closed runs to the end of the note, as in Obsidian.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("%%", begin) or state.is_code_block(start):
        return False
    last, rest = end - 1, ""
    for line in range(start, end):
        text = state.src[state.bMarks[line] : state.eMarks[line]]
        at = text.find("%%", state.tShift[line] + 2 if line == start else 0)
        if at >= 0:
            last, rest = line, text[at + 2 :]
            break
    if rest.strip():  # text follows on the closing line: leave it to the inline rule
        return False
    if not silent:
        state.line = last + 1
    return True


_CLOSED = re.compile(r"%%.*?%%", re.DOTALL)


def _inline(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    match = _CLOSED.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    state.pos = match.end()
    return True
