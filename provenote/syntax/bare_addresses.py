"""Bare addresses: `https://example.org` is a link; `example.org` and `a@b.org` are text."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core import linkify as linkify_all
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_LIKELY = re.compile(r"(?:https?|ftp)://|mailto:", re.IGNORECASE)
_SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)\Z", re.IGNORECASE)
_LONGEST = 4_000
"""Characters of an address: each is looked for in no more, however many stand in a row."""
_STOPS = ".,:;!?"
_MARKS = "*_~=^"
_FAR = 100
"""How many marks before an address are looked through for one that is open."""


def plugin(md: MarkdownIt) -> None:
    md.enable("linkify")
    assert md.linkify is not None
    md.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    md.linkify.add("//", None)  # `//` alone opens a comment more often than an address
    md.inline.ruler.at("linkify", _inline)
    md.core.ruler.at("linkify", _core)


def split(md: MarkdownIt, text: str) -> Iterator[tuple[str, bool]]:
    """A text that is no Markdown, in parts of which some are addresses, which is said of each."""
    found = md.linkify.match(text) if md.linkify and _LIKELY.search(text) else None
    done = 0
    for address in found or ():
        yield text[done : address.index], False
        yield address.raw, True
        done = address.last_index
    yield text[done:], False


def _core(state: StateCore) -> None:
    """markdown-it's rule, which is slow, only for a note that can have an address."""
    if _LIKELY.search(state.src):
        linkify_all(state)


def _inline(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, which looks through all the text before and behind each address."""
    if state.linkLevel or not state.src.startswith("://", state.pos, state.posMax):
        return False
    before = _SCHEME.search(state.pending[-len(" https") :])
    if before is None or state.md.linkify is None:
        return False
    scheme = before[1]
    start = state.pos - len(scheme)
    found = state.md.linkify.match_at_start(state.src[start : start + _LONGEST])
    written = _without_end(found.url, state.delimiters) if found else ""
    address = state.md.normalizeLink(written)
    if not written or not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        link = state.push("link_open", "a", 1)
        link.attrs = {"href": address}
        link.markup, link.info = "linkify", "auto"
        state.push("text", "", 0).content = state.md.normalizeLinkText(written)
        link = state.push("link_close", "a", -1)
        link.markup, link.info = "linkify", "auto"
    state.pos += len(written) - len(scheme)
    return True


def _without_end(written: str, marks: Sequence[Delimiter]) -> str:
    """An address without stops and without marks that close what is open: `==https://e.org==`."""
    bare = written.rstrip(_STOPS)
    while bare and bare[-1] in _MARKS and _is_open(bare[-1], marks):
        bare = bare.rstrip(bare[-1]).rstrip(_STOPS)
    return bare


def _is_open(mark: str, marks: Sequence[Delimiter]) -> bool:
    depth = 0
    for before in marks[-_FAR:]:
        if before.marker == ord(mark):
            if before.close and depth:
                depth -= 1
            elif before.open:
                depth += 1
    return depth > 0
