"""Suggested changes: `{++added++}`, `{--deleted--}`, `{~~old~>new~~}`, `{==marked==}{>>why<<}`."""

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from provenote.syntax import indented, lines

_ENDS = {"++": "++}", "--": "--}", "==": "==}", "~~": "~~}", ">>": "<<}"}
_BLOCKS = {f"{{{kind}": kind for kind in ("++", "--", "==")}


def plugin(md: MarkdownIt, convert: Callable[[str], str]) -> None:
    """Read them as the site's `mode` says, by what `convert` makes of one."""

    def change(state: StateInline, silent: bool) -> bool:
        start = state.pos + 3
        kind = state.src[state.pos : start].removeprefix("{")
        middle = _next(state, "~>", start) if kind == "~~" else start
        end = _next(state, _ENDS[kind], middle) if kind in _ENDS and middle >= 0 else -1
        if end < 0:
            return False
        if not silent:
            if kind == "~~":
                shown(state, "--", start, middle)
                shown(state, "++", middle + 2, end)
            elif kind == ">>":
                state.push("html_inline", "", 0).content = convert(state.src[state.pos : end + 3])
            else:
                shown(state, kind, start, end)
        state.pos = end + 3
        return True

    def shown(state: StateInline, kind: str, start: int, end: int) -> None:
        opening, kept, closing = element(kind)
        if kept:
            last = state.posMax
            state.push("html_inline", "", 1).content = opening
            state.pos, state.posMax = start, end
            state.md.inline.tokenize(state)
            state.posMax = last
            state.push("html_inline", "", -1).content = closing

    def element(kind: str) -> tuple[str, str, str]:
        """What opens and closes what is kept, with nothing between where it is left out."""
        return convert(f"{{{kind}x{_ENDS[kind]}").partition("x")

    def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        kind = _BLOCKS.get(lines.text(state, start))
        close = lines.closing(state, start, end, _ENDS[kind]) if kind else start
        if not kind or close == start or not indented.opens(state, start):
            return False
        if not silent:
            opening, kept, closing = element(kind)
            if kept:
                html(state, start, opening.replace('"critic"', '"critic block"'))
                lines.read(state, start + 1, close, "critic")
                html(state, close, closing)
            state.line = close + 1
        return True

    def html(state: StateBlock, line: int, content: str) -> None:
        if content:
            token = state.push("html_block", "", 0)
            token.content, token.map = f"{content}\n", [line, line + 1]

    md.inline.ruler.before("escape", "critic", change)
    md.block.ruler.before("fence", "critic", block, lines.INTERRUPTING)


def _next(state: StateInline, mark: str, start: int) -> int:
    found = _all(state.src, mark)
    at = bisect_left(found, start)
    return found[at] if at < len(found) and found[at] < state.posMax else -1


@lru_cache(maxsize=8)
def _all(text: str, mark: str) -> list[int]:
    """Where a mark stands: looked for once, however many would end with it."""
    return [match.start() for match in re.finditer(re.escape(mark), text)]
