"""How deep quotes and lists may nest: beyond that, their marks are text.

markdown-it gives up on what lies deeper and drops it; an outline of ten levels is real,
and a row of a hundred thousand `>` must neither vanish nor exhaust Python's stack.
"""

from collections.abc import Callable, Sequence
from itertools import islice, takewhile

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.token import Token

DEPTH = 96
"""Levels of quotes, lists and items; an item in a list is two of them."""
_LAZY_LINES = "lazy_lines"
"""Key in a state's environment of how many lazy lines a quote needed, by level and line."""

Rule = Callable[[StateBlock, int, int, bool], bool]


def plugin(md: MarkdownIt) -> None:
    md.options["maxNesting"] = DEPTH + 4
    ends = ["paragraph", "reference", "blockquote"]
    md.block.ruler.at("blockquote", _bounded(_quote), {"alt": [*ends, "list"]})
    md.block.ruler.at("list", _bounded(list_block), {"alt": ends})


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEPTH and rule(state, start, end, silent)

    return bounded


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule, for as many lines as the quote may have.

    By itself it takes each line below for a lazy one of the quote's last paragraph before it
    knows whether there is one: thousands of quoted headings, each with a line of text right
    below, would take minutes. So it is given lines up to the first such line, and only if a
    paragraph is open there, more. How many it needed is remembered for the next attempt of
    a quote around it: otherwise each level would double the time.
    """
    if silent or not _is_quoted(state, start):
        return blockquote(state, start, end, silent)
    before, bound = len(state.tokens), state.lineMax
    needed = state.env.setdefault(_LAZY_LINES, {})
    while True:
        lazy = needed.get((state.level, start), 1)
        stop = _lazy_line(state, start, end, lazy)
        state.lineMax = bound if stop == end else stop
        found = blockquote(state, start, stop, silent)
        state.lineMax = bound
        if not found or state.line < stop or stop == end or not _goes_on(state.tokens):
            return found
        del state.tokens[before:]
        state.line = start
        needed[state.level, start] = 2 * lazy


def _lazy_line(state: StateBlock, start: int, end: int, number: int) -> int:
    """The line where text without `>` follows lines with it for so manieth a time, or the end.

    The next item of a list, say, ends the quote: nobody looks further.
    """
    ends = state.md.block.ruler.getRules("blockquote")

    def goes_on(line: int) -> bool:
        if state.isEmpty(line):
            return False
        return _is_quoted(state, line) or not any(rule(state, line, end, True) for rule in ends)

    within = takewhile(goes_on, range(start + 1, end))
    lazy = (n for n in within if not _is_quoted(state, n) and _is_quoted(state, n - 1))
    return next(islice(lazy, number - 1, None), end)


def _is_quoted(state: StateBlock, line: int) -> bool:
    return state.src.startswith(">", state.bMarks[line] + state.tShift[line])


def _goes_on(tokens: Sequence[Token]) -> bool:
    """Whether a line of text below would belong to the quote that ends these tokens."""
    last = next(token for token in reversed(tokens) if token.type not in _CLOSINGS)
    return last.type in _OPEN_ENDED


_KINDS = (
    "blockquote",
    "bullet_list",
    "dd",
    "dl",
    "footnote_reference",
    "list_item",
    "ordered_list",
)
_CLOSINGS = frozenset(f"{kind}_close" for kind in _KINDS)
_OPEN_ENDED = frozenset({"callout_title_close", "html_block", "open_comment", "paragraph_close"})
