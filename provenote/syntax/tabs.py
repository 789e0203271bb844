"""Content tabs: `=== "Title"`, one behind the other, as `pymdownx.tabbed` shows them."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.syntax import indented, lines

_TAB = re.compile(r'===(?P<how>\+!?|!\+?)? +"(?P<title>.*?)" *$')

_ID = re.compile(r'<input[^<>]*? id="(?!__tabbed_)([^"]+)"')
IDS = "ids"
"""Key in `Token.meta` of the ids of a set's tabs, where the site names these by their titles."""


class _Tab(NamedTuple):
    title: str
    how: str
    """`+` opens this tab first, `!` begins another set of tabs."""
    start: int
    stop: int


def plugin(md: MarkdownIt, convert: Callable[[str], str]) -> None:
    """Read tabs, and ask `convert` whether their titles are ids, when headings have theirs."""

    def name(state: StateCore) -> None:
        has_tabs = any(token.type == "tabs_open" for token in state.tokens)
        if not has_tabs or not _ID.search(convert('=== "Any"')):
            return
        heading, opened = "", Token("", "", 0)
        taken = {token.meta["anchor"] for token in state.tokens if token.type == "heading_open"}
        used: Counter[str] = Counter()
        for token, inline in pairwise(state.tokens):
            if token.type == "heading_open":
                heading = token.meta["anchor"]
            elif token.type == "tabs_open":
                opened = token
            elif token.type == "tab_label_open" and (
                found := _ID.search(convert(f'# x {{ #{heading} }}\n\n=== "{inline.content}"'))
            ):
                opened.meta.setdefault(IDS, []).append(_free(found[1], taken, used))

    md.block.ruler.before("fence", "tabs", _tabs, lines.INTERRUPTING)
    md.core.ruler.push("tab_ids", name)


def _free(wanted: str, taken: set[str], used: Counter[str]) -> str:
    """An id that the note does not have yet, as Python-Markdown makes it."""
    free = wanted
    while free in taken:
        used[wanted] += 1
        free = f"{wanted}_{used[wanted]}"
    taken.add(free)
    return free


def _tabs(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _tab(state, start, end)
    if first is None:
        return False
    if silent:
        return True
    tabs = [first]
    while (tab := _next(state, tabs[-1].stop, end)) and "!" not in tab.how:
        tabs.append(tab)
    opened = [number for number, tab in enumerate(tabs) if "+" in tab.how] or [0]
    opening = state.push("tabs_open", "div", 1)
    opening.map = [start, tabs[-1].stop]
    opening.meta = {"tabs": len(tabs), "first": opened[-1] + 1}
    _labels(state, tabs)
    state.push("tab_contents_open", "div", 1).attrSet("class", "tabbed-content")
    for tab in tabs:
        block = state.push("tab_open", "div", 1)
        block.attrSet("class", "tabbed-block")
        block.map = [tab.start, tab.stop]
        indented.read(state, tab.start, tab.stop)
        state.push("tab_close", "div", -1)
    state.push("tab_contents_close", "div", -1)
    state.push("tabs_close", "div", -1)
    return True


def _tab(state: StateBlock, line: int, end: int) -> _Tab | None:
    if not indented.opens(state, line):
        return None
    match = _TAB.match(lines.text(state, line))
    if not match:
        return None
    return _Tab(match["title"], match["how"] or "", line, indented.end(state, line, end))


def _next(state: StateBlock, line: int, end: int) -> _Tab | None:
    """The tab that follows, perhaps after blank lines, on the same level."""
    while line < end and state.isEmpty(line):
        line += 1
    if line >= end or state.sCount[line] < state.blkIndent:
        return None
    return _tab(state, line, end)


def _labels(state: StateBlock, tabs: list[_Tab]) -> None:
    state.push("tab_labels_open", "div", 1).attrSet("class", "tabbed-labels")
    for number, tab in enumerate(tabs, start=1):
        opened = [tab.start, tab.start + 1]
        label = state.push("tab_label_open", "label", 1)
        label.map, label.meta = opened, {"tab": number}
        inline = state.push("inline", "", 0)
        inline.content, inline.map, inline.children = tab.title, opened, []
        state.push("tab_label_close", "label", -1)
    state.push("tab_labels_close", "div", -1)
