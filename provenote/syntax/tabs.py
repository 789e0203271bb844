"""Content tabs: `=== "Title"`, one behind the other, as `pymdownx.tabbed` shows them."""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from provenote.syntax import indented, lines

_TAB = re.compile(r'===(?P<how>\+!?|!\+?)? +"(?P<title>.*?)" *$')


class _Tab(NamedTuple):
    title: str
    how: str
    """`+` opens this tab first, `!` begins another set of tabs."""
    start: int
    stop: int


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "tabs", _tabs, lines.INTERRUPTING)


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
