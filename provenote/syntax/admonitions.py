"""Admonitions: `!!! note "Title"`, and foldable ones, `??? note` and `???+ note`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from provenote.syntax import indented, lines

_BOX = re.compile(r'!!! ?(?P<kind>[\w-]+(?: +[\w-]+)*)(?: +"(?P<title>.*?)")? *$')
_DETAILS = re.compile(
    r'\?{3}(?P<open>\+)? ?(?:(?P<kind>[\w-]+(?: +[\w-]+)*?)?(?: +"(?P<title>.*?)")'
    r"|(?P<only>[\w-]+(?: +[\w-]+)*?)) *$"
)


def boxes(md: MarkdownIt) -> None:
    """Read `!!!`."""
    md.block.ruler.before("fence", "admonition", _box, lines.INTERRUPTING)


def details(md: MarkdownIt) -> None:
    """Read `???` and `???+`."""
    md.block.ruler.before("fence", "details", _details, lines.INTERRUPTING)


def _box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = lines.text(state, start)
    match = _BOX.match(line) if line.startswith("!!!") and indented.opens(state, start) else None
    if match and not silent:
        kind = _classes(match["kind"])
        title = kind.partition(" ")[0].capitalize() if match["title"] is None else match["title"]
        opening = state.push("admonition_open", "div", 1)
        opening.attrSet("class", f"admonition {kind}")
        opening.map = [start, indented.end(state, start, end)]
        if title:  # `!!! note ""` has none
            _title(state, start, "p", title, {"class": "admonition-title"})
        indented.read(state, start, opening.map[1])
        state.push("admonition_close", "div", -1)
    return bool(match)


def _details(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    line = lines.text(state, start)
    match = _DETAILS.match(line) if line.startswith("?") and indented.opens(state, start) else None
    if match and not silent:
        kind = _classes(match["only"] or match["kind"] or "")
        opening = state.push("details_open", "details", 1)
        opening.map = [start, indented.end(state, start, end)]
        if kind:
            opening.attrSet("class", kind)
        if match["open"]:
            opening.attrSet("open", "open")
        title = match["title"] or ("" if match["kind"] else kind.partition(" ")[0].capitalize())
        _title(state, start, "summary", title, {})
        indented.read(state, start, opening.map[1])
        state.push("details_close", "details", -1)
    return bool(match)


def _classes(given: str) -> str:
    return " ".join(given.lower().split())


def _title(
    state: StateBlock, line: int, tag: str, content: str, attrs: dict[str, str | int | float]
) -> None:
    opening = state.push("box_title_open", tag, 1)
    opening.attrs, opening.map = attrs, [line, line + 1]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [line, line + 1], []
    state.push("box_title_close", tag, -1)
