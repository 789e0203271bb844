"""Markdown within HTML blocks: `<div class="grid cards" markdown>`."""

import re
from collections import defaultdict
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from provenote.syntax import lines
from provenote.syntax.nesting import DEPTH

_ATTRIBUTE = re.compile(r"\s+markdown(?:=(?:\"(\w*)\"|'(\w*)'|(\w+)))?(?=[\s>])")
_OPENING = re.compile(r"<([a-z][a-z0-9]*)(?:\s[^<>]*)?>$")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b")
_ONE_LINE = re.compile(r"<([a-z][a-z0-9]*)(?:\s[^<>]*)?>(?P<text>.*)</\1>$")
_WITHIN = "within_elements"
"""Key in a state's environment of how many elements are around."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("html_block", "markdown_in_html", _rule, lines.INTERRUPTING)


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An element that says `markdown`; its marks are HTML, what is between them is the note's."""
    line = lines.text(state, start)
    if not line.startswith("<") or state.is_code_block(start):
        return False
    tag = line[: line.find(">") + 1]
    asked = _ATTRIBUTE.search(tag)
    whole, opening = _ONE_LINE.match(line), _OPENING.match(line)
    close = start if whole else _close(state, start, end, opening[1]) if opening else 0
    within = state.env.get(_WITHIN, 0)
    if not asked or not (whole or close) or within >= DEPTH:
        return False
    if silent:
        return True
    inline = whole or "span" in asked.groups()
    _html(state, start, tag.replace(asked[0], "", 1) + ("" if inline else "\n"))
    if whole:
        _inline(state, start, start + 1, whole["text"])
    elif inline:
        text = state.getLines(start + 1, close, state.blkIndent, False).strip()
        _inline(state, start + 1, close, text)
    else:
        before, state.lineMax, state.env[_WITHIN] = state.lineMax, close, within + 1
        state.md.block.tokenize(state, start + 1, close)
        state.lineMax, state.env[_WITHIN] = before, within
    _html(state, close, f"</{(whole or opening)[1]}>\n")  # type: ignore[index]
    state.line = close + 1
    return True


def _close(state: StateBlock, start: int, end: int, name: str) -> int:
    """The line of the closing tag that belongs to the opening one; 0 if there is none."""
    line = _pairs(state.src).get((start, name), end)
    within = line < end and state.sCount[line] >= state.blkIndent
    return line if within and lines.text(state, line) == f"</{name}>" else 0


@lru_cache(maxsize=4)
def _pairs(text: str) -> dict[tuple[int, str], int]:
    """For each line that opens an element of a name, the line that closes it."""
    pairs: dict[tuple[int, str], int] = {}
    opened: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.split("\n")):
        for closes, name in _TAG.findall(line):
            if not closes:
                opened[name].append(number)
            elif opened[name]:
                pairs[opened[name].pop(), name] = number
    return pairs


def _html(state: StateBlock, line: int, html: str) -> None:
    token = state.push("html_block", "", 0)
    token.content, token.map = html, [line, line + 1]


def _inline(state: StateBlock, start: int, stop: int, text: str) -> None:
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = text, [start, stop], []
