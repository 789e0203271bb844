"""Tags: `#nested/tag`, with at least one character that is no digit."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Obsidian takes letters of any script, digits, `_`, `-`, `/` and symbols such as emoji;
# what ends a tag is white space and ASCII or general punctuation.
TAG = re.compile(r"#((?:[\w/-]|[^\x00-\x7f\u2000-\u206f\u3000-\u303f\s])+)")
_LONGEST = 200
"""Bytes of a tag, whose page no file system has a name for that is longer than 255."""


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("escape", "tag", _inline)


def valid(name: str) -> bool:
    """Whether this is a tag's name: `42` is not, `y42` is; nor is a text without spaces."""
    is_tag = TAG.fullmatch("#" + name) and any(not c.isdigit() and c != "/" for c in name)
    return bool(is_tag) and len(name.encode()) <= _LONGEST


def with_parents(name: str) -> list[str]:
    """A tag after all that it lies in: `#a/b` is an `#a` too."""
    parts = name.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def _inline(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if state.src[pos] != "#" or state.linkLevel:
        return False
    if pos and state.src[pos - 1] not in "*_=~" and not _is_apart(state):
        return False
    match = TAG.match(state.src, pos, state.posMax)
    if not match or not valid(name := match[1].rstrip("/")):
        return False
    if not silent:
        token = state.push("tag", "", 0)
        token.content = name
        token.meta = {"pos": pos}
    state.pos = pos + 1 + len(name)
    return True


def _is_apart(state: StateInline) -> bool:
    """Whether white space or another tag is before: to Obsidian, `(#this)` is none."""
    if state.src[state.pos - 1].isspace():
        return True
    return not state.pending and bool(state.tokens) and state.tokens[-1].type == "tag"
