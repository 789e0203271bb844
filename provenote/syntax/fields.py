"""Inline fields of Dataview: `[due:: 2026-01-05]`, `(due:: 2026-01-05)`, and `due:: 2026-01-05`
on a line of its own, which is text like another.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline, text
from markdown_it.token import Token

from provenote.syntax import comments

_KEY = r"(?:[^\W_]|[^\x00-\x7f])(?:[\w /-]|[^\x00-\x7f]){0,60}?"
# No reader sees the key in parentheses, so `(std::vector)` must be none.
_OPENING = re.compile(rf"(?:\[[ \t]*({_KEY})[ \t]*::(?!:)|\([ \t]*({_KEY})[ \t]*::(?=[ \t\d\"\[]))")
_MARKS = "[*_~=]{0,3}"
_LINE = re.compile(rf"[ \t]*{_MARKS}({_KEY}){_MARKS}[ \t]*::{_MARKS}(?:[ \t]+|$)")
_CLOSING = {"[": "]", "(": ")"}
_CODE = re.compile(r"(`+)(?:.|\n)*?\1")


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("link", "field", _inline)
    md.inline.ruler.at("text", _text)
    md.add_render_rule("field_key", _key)


def _key(_self: Any, tokens: list[Token], idx: int, _options: Any, _env: Any) -> str:
    return f'<span class="pn-field-key">{escape(tokens[idx].content.strip())}</span> '


def _text(state: StateInline, silent: bool) -> bool:
    """Text, which does not run over a parenthesis that may open a field."""
    if not _may_hold_any(state.src):
        return text(state, silent)
    found = state.md.inline.terminator_re.search(state.src, state.pos, state.posMax)
    stop = found.start() if found else state.posMax
    at = state.src.find("(", state.pos, stop)
    while at >= 0 and not _OPENING.match(state.src, at, state.posMax):
        at = state.src.find("(", at + 1, stop)
    stop = at if at >= 0 else stop
    if stop == state.pos:
        return False
    if not silent:
        state.append_pending(state.src[state.pos : stop])
    state.pos = stop
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    opening = state.src[state.pos]
    if opening not in _CLOSING or state.linkLevel or state.level >= state.md.options.maxNesting:
        return False
    if not _may_hold_any(state.src):
        return False
    match = _OPENING.match(state.src, state.pos, state.posMax)
    close = _pairs(state.src).get(state.pos, -1)
    if not match or not match.end() <= close < state.posMax or _is_link(state, close):
        return False
    if not silent:
        key, start, end = match[1] or match[2], match.end(), state.posMax
        token = state.push("field_open", "span", 1)
        token.attrs = {"class": "pn-field"}
        token.meta = {"key": key.strip(), "value": comments.without(state.src[start:close]).strip()}
        if opening == "[":
            state.push("field_key", "", 0).content = f"{key.strip()} "
        while start < close and state.src[start] in " \t":
            start += 1
        state.pos, state.posMax = start, close
        state.md.inline.tokenize(state)
        state.posMax = end
        state.push("field_close", "span", -1)
    state.pos = close + 1
    return True


def _is_link(state: StateInline, close: int) -> bool:
    """Whether the brackets are the text of a link: `[std::vector](…)`, or one defined below."""
    if state.src.startswith(("](", "]["), close):
        return True
    label = normalizeReference(state.src[state.pos + 1 : close][:200])
    return label in state.env.get("references", {})


@lru_cache(maxsize=4)
def _may_hold_any(source: str) -> bool:
    """Looked up, for a long paragraph has many texts to ask it for."""
    return "::" in source


@lru_cache(maxsize=4)
def _pairs(source: str) -> Mapping[int, int]:
    """For each bracket that opens the place of the one that closes it in its line."""
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = {"]": [], ")": []}
    for found in re.finditer(r"\\.|[\[\]()\n]", source):
        mark, at = found[0], found.start()
        if mark in _CLOSING:
            opened[_CLOSING[mark]].append(at)
        elif mark == "\n":
            opened = {"]": [], ")": []}
        elif opened.get(mark):
            pairs[opened[mark].pop()] = at
    return pairs


def fields(inline: Token) -> Iterator[tuple[str, str]]:
    """The keys and values in a paragraph, item or cell: in brackets, else of a whole line."""
    bracketed = [t.meta for t in inline.children or () if t.type == "field_open"]
    yield from ((meta["key"], meta["value"]) for meta in bracketed)
    if "::" not in inline.content:
        return
    text = comments.without(inline.content)
    seen = _CODE.sub(_blank, text)
    start = 0
    for line in seen.split("\n"):
        if (match := _LINE.match(line)) and not _OPENING.search(line):
            yield match[1].strip(), text[start + match.end() : start + len(line)].strip()
        start += len(line) + 1


def _blank(code: re.Match[str]) -> str:
    """Code holds no fields; its lines still count."""
    return re.sub(r"[^\n]", "\0", code[0])
