"""Wikilinks `[[note#heading|text]]` and embeds `![[note]]`."""

import re
from itertools import groupby

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
        named = (match[2].rstrip("\\"), *match[3].rstrip("\\").split("#"))
        token.content = (match[4] or "").strip() or " > ".join(
            p for p in map(str.strip, named) if p
        )
    state.pos = match.end()
    return True


def is_image(target: str) -> bool:
    return target.rpartition(".")[2].lower() in IMAGES


def _lift_embeds(state: StateCore) -> None:
    """Cut each paragraph at the notes that it embeds: an embed is a block of its own."""
    lifted: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        lifted.append(token)
        if token.type == "inline" and lifted[-2].type == "paragraph_open" and _holds_embed(token):
            opening = lifted[-2]
            del lifted[-2:]
            lifted += _cut(opening, token, closing=next(tokens))
    state.tokens = lifted


def _holds_embed(inline: Token) -> bool:
    return any(_is_block(child) for child in inline.children or ())


def _is_block(child: Token) -> bool:
    return child.type == "embed" and child.level == 0 and not is_image(child.meta["target"])


def _cut(opening: Token, inline: Token, closing: Token) -> list[Token]:
    """The paragraph's text before, between and behind its embeds, and these."""
    pieces: list[Token] = []
    for is_block, group in groupby(inline.children or (), key=_is_block):
        children = list(group)
        if is_block:
            pieces += [_as_block(child, inline) for child in children]
        elif text := _trimmed(children):
            pieces += [opening, inline.copy(children=text), closing]
    return pieces


def _as_block(embed: Token, inline: Token) -> Token:
    # `content` is what the positions of its links are counted in.
    return embed.copy(block=True, map=inline.map, meta={**embed.meta, "content": inline.content})


def _trimmed(children: list[Token]) -> list[Token]:
    """Without line breaks and white space at both ends."""
    blank = [c.type in {"softbreak", "hardbreak"} or not c.content.strip() for c in children]
    words = [i for i, c in enumerate(children) if not blank[i] or c.nesting]
    return children[words[0] : words[-1] + 1] if words else []
