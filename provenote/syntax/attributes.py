"""Attribute lists: `[text](address){ .md-button }`, `# Heading { #id }`, a line `{ .class }`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from provenote.syntax import footnotes

_ITEM = r"""[^\s{}"'=]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"']+)|[.#]?[\w:-]+"""
_LIST = re.compile(rf"\{{:?[ \t]*((?:{_ITEM})(?:[ \t]+(?:{_ITEM}))*)[ \t]*\}}")
_EACH = re.compile(_ITEM)
_SAYS = re.compile(r"[.#=]|\bdata-")
"""What sets a list behind a text apart from words in braces."""

ATTRIBUTES = "attributes"
"""Key in `Token.meta` of what an attribute list stands behind."""
TOC_LABEL = "toc_label"
"""Key in `Token.meta` of a heading: what the table of contents calls it."""
_SINGLE = frozenset({"code_inline", "embed", "image", "wikilink"})
_PAIRS = frozenset(
    {"em_close", "ins_close", "link_close", "mark_close", "s_close", "strong_close"}
    | {"sub_close", "sup_close"}
)
BEARERS = (*_SINGLE, *(name.replace("close", "open") for name in _PAIRS))
"""The types of tokens that may be that."""
_ON_THE_LINE = frozenset({"dt_open", "heading_open", "td_open", "th_open"})


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("block", "block_attributes", _blocks)
    md.inline.ruler.before("escape", "attributes", _inline)
    md.core.ruler.after("inline", "inline_attributes", _apply)


def _read(written: str) -> dict[str, str]:
    attrs: dict[str, str] = {}
    for item in _EACH.findall(written):
        name, _, value = item.partition("=")
        if item[0] == "." and item[1:]:
            attrs["class"] = f"{attrs.get('class', '')} {item[1:]}".strip()
        elif item[0] == "#" and item[1:]:
            attrs["id"] = item[1:]
        else:
            attrs[name] = value.strip("\"'") or ("" if name.startswith("data-") else name)
    return attrs


def _blocks(state: StateCore) -> None:
    """Take a list off the end of a heading, a cell or a paragraph, whose last line it fills."""
    for index, inline in enumerate(state.tokens):
        if inline.type != "inline" or not index or not inline.content.endswith("}"):
            continue
        opening = state.tokens[index - 1]
        mark = "\n" if opening.type == "paragraph_open" else "{"
        if mark == "{" and opening.type not in _ON_THE_LINE:
            continue
        at = inline.content.rfind(mark)
        match = _LIST.fullmatch(inline.content[at:].strip()) if at > 0 else None
        if not match or not _SAYS.search(match[1]):
            continue
        if mark == "{" and not inline.content[at - 1].isspace():
            continue  # it stands behind a part of the text
        inline.content = inline.content[:at].rstrip()
        if opening.hidden:
            opening = state.tokens[index - 2]
        given = _read(match[1])
        if label := given.pop("data-toc-label", ""):
            opening.meta = {**opening.meta, TOC_LABEL: label}
        for name, value in given.items():
            opening.attrJoin(name, value) if name == "class" else opening.attrSet(name, value)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{" or not state.pos or state.src[state.pos - 1].isspace():
        return False
    match = _LIST.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.meta = {"list": match[1], "written": match[0]}
    state.pos = match.end()
    return True


def _apply(state: StateCore) -> None:
    for tokens in footnotes.texts(state):
        tokens[:] = _applied(tokens)


def _applied(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if token.type != "attributes":
            kept.append(token)
        elif bearer := _bearer(kept):
            given = {**bearer.meta.get(ATTRIBUTES, {}), **_read(token.meta["list"])}
            bearer.meta = {**bearer.meta, ATTRIBUTES: given}
        else:
            token.type, token.content = "text", token.meta["written"]
            kept.append(token)
    return kept


def _bearer(before: list[Token]) -> Token | None:
    """What a list behind these tokens is about."""
    if before and before[-1].type == "text" and not before[-1].content:
        before = before[:-1]  # what a delimiter left behind
    if not before or before[-1].type in _SINGLE:
        return before[-1] if before else None
    if before[-1].type not in _PAIRS:
        return None
    depth = 0
    for token in reversed(before):
        depth -= token.nesting
        if depth == 0:
            return token
    return None
