"""Comments in HTML: none of their lines is seen, wherever on a line they open."""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block

_TEXT = re.compile(r"\s*<(?:script|style|textarea)\b", re.IGNORECASE)
"""What holds text alone, where nothing is a comment."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.at("html_block", _block, {"alt": ["paragraph", "reference", "blockquote"]})


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block that does not end within a comment, if that is closed anywhere.

    In CommonMark it ends with the line on which the comment that opens it ends, or with a
    blank line, and what the author hid from there on is text.
    """
    if not html_block(state, start, end, silent):
        return False
    if not silent and (line := _end(state, end)) > state.line:
        token = state.tokens[-1]
        token.map = [start, line]
        token.content = state.getLines(start, line, state.blkIndent, True)
        state.line = line
    return True


def _end(state: StateBlock, end: int) -> int:
    """The line below the last token and the comments that run on from it."""
    text, line = state.tokens[-1].content, state.line
    while _is_open(text) and line < end and state.bMarks[line] <= _last(state.src):
        closing = next((n for n in range(line, end) if "-->" in _text(state, n)), None)
        if closing is None:
            break
        text, line = _text(state, closing), closing + 1
    return line


def _is_open(html: str) -> bool:
    opened = html.rfind("<!--")
    return opened >= 0 and html.find("-->", opened) < 0 and not _TEXT.match(html)


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


@lru_cache(maxsize=4)
def _last(source: str) -> int:
    """Where the last comment ends: nobody looks for an end behind it."""
    return source.rfind("-->")
