"""How deep quotes and lists may nest: beyond that, their marks are text.

markdown-it gives up on what lies deeper and drops it; an outline of ten levels is real,
and a row of a hundred thousand `>` must neither vanish nor exhaust Python's stack.
"""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block

DEPTH = 96
"""Levels of quotes, lists and items; an item in a list is two of them."""

Rule = Callable[[StateBlock, int, int, bool], bool]


def plugin(md: MarkdownIt) -> None:
    md.options["maxNesting"] = DEPTH + 4
    ends = ["paragraph", "reference", "blockquote"]
    md.block.ruler.at("blockquote", _bounded(blockquote), {"alt": [*ends, "list"]})
    md.block.ruler.at("list", _bounded(list_block), {"alt": ends})


def _bounded(rule: Rule) -> Rule:
    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < DEPTH and rule(state, start, end, silent)

    return bounded
