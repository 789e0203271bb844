"""Comments: `%%seen by the author only%%`, within a line or over several."""

import re

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from provenote.syntax import lines, open_marks

OPEN = "open_comment"
"""Type of the token of a mark that nothing closes; one within a paragraph is text."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "comment", _block, lines.INTERRUPTING)
    md.inline.ruler.before("escape", "comment", _inline)
    md.add_render_rule(OPEN, _render)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A comment that opens at the start of a line and runs over whole lines.

    One that is never closed runs to the end of the note, as in Obsidian. What follows
    the closing mark is read as the start of a line.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("%%", begin) or state.is_code_block(start):
        return False
    if open_marks.closes(state, start, "%%"):
        return False
    at = -1
    for line in range(start, end):
        opened = begin + 2 if line == start else state.bMarks[line]
        at = state.src.find("%%", opened, state.eMarks[line])
        if at >= 0:
            break
    rest = at + 2 if at >= 0 else state.eMarks[line]
    tail = state.src[rest : state.eMarks[line]]
    if tail.strip() and line == start:  # a line like any other: leave it to the inline rule
        return False
    if not silent:
        if at < 0:
            state.push(OPEN, "", 0).map = [start, line + 1]
        state.line = line + 1
        if tail.strip():
            state.line = line
            state.bMarks[line] = rest
            state.tShift[line] = len(tail) - len(tail.lstrip())
            state.sCount[line] = state.blkIndent
    return True


_CLOSED = re.compile(r"%%.*?%%", re.DOTALL)


def _inline(state: StateInline, silent: bool) -> bool:
    """A comment within a paragraph; a mark alone is text, and `flaws` says so."""
    if not state.src.startswith("%%", state.pos):
        return False
    match = _CLOSED.match(state.src, state.pos, state.posMax)
    if not match and not silent:
        token = state.push(OPEN, "", 0)
        token.content = "%%"
        token.meta = {"pos": state.pos}
    state.pos = match.end() if match else state.pos + 2
    return True


_HIDDEN = re.compile(r"((?<!`)(`+)(?!`).*?(?<!`)\2(?!`)|\\.)|%%.*?%%|<!--.*?(?:-->|\Z)", re.DOTALL)
"""Comments of either kind, and before them what is kept: code and escapes, which are none."""


def without(text: str) -> str:
    """The source of a line or paragraph without the comments in it, of either kind."""
    return _HIDDEN.sub(lambda part: part[1] or "", text)


def _render(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return tokens[index].content
