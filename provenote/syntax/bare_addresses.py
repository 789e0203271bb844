"""Bare addresses: `https://example.org` is a link; `example.org` and `a@b.org` are text."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core import linkify as linkify_all
from markdown_it.rules_inline import StateInline, linkify

_LIKELY = re.compile(r"(?:https?|ftp)://|mailto:", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)


def plugin(md: MarkdownIt) -> None:
    md.enable("linkify")
    assert md.linkify is not None
    md.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    md.linkify.add("//", None)  # `//` alone opens a comment more often than an address
    md.inline.ruler.at("linkify", _inline)
    md.core.ruler.at("linkify", _core)


def _core(state: StateCore) -> None:
    """markdown-it's rule, which is slow, only for a note that can have an address."""
    if _LIKELY.search(state.src):
        linkify_all(state)


def _inline(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, which looks through all the text before: only for a known scheme."""
    if state.src[state.pos] != ":" or not _SCHEME.search(
        state.src[max(0, state.pos - 5) : state.pos]
    ):
        return False
    return linkify(state, silent)
