"""Callouts: `> [!type]± title`, a quote whose first line says what it is."""

import re

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from provenote.syntax import lines

# What follows the type needs no space before it, but `[!type](…)` is a link.
_HEADER = re.compile(r"\[!([^\]|]+)(?:\|([^\]]*))?\]([+-]?)(?![(\[])[ \t]*(.*)$")

KINDS = {
    "note": "note",
    "abstract": "abstract",
    "summary": "abstract",
    "tldr": "abstract",
    "info": "info",
    "todo": "info",
    "tip": "tip",
    "hint": "tip",
    "important": "tip",
    "success": "success",
    "check": "success",
    "done": "success",
    "question": "question",
    "help": "question",
    "faq": "question",
    "warning": "warning",
    "caution": "warning",
    "attention": "warning",
    "failure": "failure",
    "fail": "failure",
    "missing": "failure",
    "danger": "danger",
    "error": "danger",
    "bug": "bug",
    "example": "example",
    "quote": "quote",
    "cite": "quote",
}
"""Obsidian's names and aliases -> the class by which Material styles an admonition."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("table", "callout_header", _header)
    md.core.ruler.after("block", "callouts", _convert)
    for kind, render in _RENDER.items():
        md.add_render_rule(kind, render)


def _header(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The first line of a quote, if it is a callout's.

    It is a block of its own, so that a list, a table or a rule may follow directly.
    """
    if silent or not state.tokens or state.tokens[-1].type != "blockquote_open":
        return False
    match = _HEADER.match(lines.text(state, start))
    if not match:
        return False
    name = match[1].strip().lower()
    state.tokens[-1].meta["callout"] = {
        "name": name,
        "kind": KINDS.get(name, "note"),
        "metadata": match[2] or "",
        "fold": match[3],
    }
    state.push("callout_title_open", "p", 1).map = [start, start + 1]
    title = state.push("inline", "", 0)
    title.content = match[4] or name.replace("-", " ").capitalize()
    title.map = [start, start + 1]
    title.children = []
    state.push("callout_title_close", "p", -1)
    state.line = start + 1
    if start + 1 < end and state.sCount[start + 1] < state.blkIndent:
        state.sCount[start + 1] = state.blkIndent  # a lazy line right under the title
    return True


def _convert(state: StateCore) -> None:
    """Rename the quotes that have a header."""
    opened: list[Token] = []
    titles: list[Token] = []
    for token in state.tokens:
        if token.type == "blockquote_open":
            opened.append(token)
            if "callout" in token.meta:
                token.type = "callout_open"
        elif token.type == "blockquote_close":
            opening = opened.pop()
            if opening.type == "callout_open":
                token.type, token.meta = "callout_close", _callout(opening)
        elif token.type == "callout_title_open":
            titles.append(token)
            token.meta = _callout(opened[-1])
        elif token.type == "callout_title_close":
            token.meta = titles.pop().meta


def _callout(opening: Token) -> dict[str, dict[str, str]]:
    return {"callout": opening.meta["callout"]}


def _open(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    callout = token.meta["callout"]
    token = Token("", "", 0, attrs=dict(token.attrs))
    token.attrJoin("class", callout["kind"] if callout["fold"] else f"admonition {callout['kind']}")
    token.attrSet("data-callout", callout["name"])
    if callout["metadata"]:
        token.attrSet("data-callout-metadata", callout["metadata"])
    if callout["fold"] == "+":
        token.attrSet("open", "")
    return f"<{_tag(callout)}{self.renderAttrs(token)}>\n"


def _close(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return f"</{_tag(tokens[index].meta['callout'])}>\n"


def _title_open(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    folds = tokens[index].meta["callout"]["fold"]
    return "<summary>" if folds else '<p class="admonition-title">'


def _title_close(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return "</summary>\n" if tokens[index].meta["callout"]["fold"] else "</p>\n"


def _tag(callout: dict[str, str]) -> str:
    return "details" if callout["fold"] else "div"


_RENDER = {
    "callout_open": _open,
    "callout_close": _close,
    "callout_title_open": _title_open,
    "callout_title_close": _title_close,
}
