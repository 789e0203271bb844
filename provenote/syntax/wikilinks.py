"""Wikilinks `[[note#heading|text]]` and embeds `![[note]]`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

IMAGES = frozenset({"avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"})
"""File types that an embed shows as an image, within the text."""

_LINK = re.compile(r"(!?)\[\[([^\[\]\n|#]*)((?:#[^\[\]\n|#]*)*)(?:\|([^\n]*?))?\]\]")


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("link", "wikilink", _inline)
    md.core.ruler.after("inline", "embed_blocks", _lift_embeds)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    match = _LINK.match(state.src, state.pos, state.posMax)
    if not match or not (match[2].strip() or match[3].strip("# ")):
        return False
    if not silent:
        token = state.push("embed" if match[1] else "wikilink", "", 0)
        # A bar in a table cell is written `\|`; a backslash cannot end a name.
        token.meta = {
            "pos": state.pos,
            "written": match[0],
            "target": match[2].rstrip("\\").strip(),
            "fragment": match[3].rstrip("\\").removeprefix("#").strip(),
            "text": (match[4] or "").strip(),
        }
        token.content = match[4] or (match[2] + match[3]).strip()
    state.pos = match.end()
    return True


def is_image(target: str) -> bool:
    return target.rpartition(".")[2].lower() in IMAGES


def _lift_embeds(state: StateCore) -> None:
    """A paragraph of nothing but embedded notes becomes one block an embed."""
    lifted: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        lifted.append(token)
        if token.type != "inline" or lifted[-2].type != "paragraph_open":
            continue
        embeds = _embeds_only(token)
        if embeds:
            lifted[-2:] = embeds
            next(tokens)  # the paragraph's end
    state.tokens = lifted


def _embeds_only(inline: Token) -> list[Token]:
    children = [c for c in inline.children or () if c.content.strip()]
    if not all(c.type == "embed" and not is_image(c.meta["target"]) for c in children):
        return []
    for child in children:
        child.block, child.map = True, inline.map
        child.meta["content"] = inline.content
    return children
