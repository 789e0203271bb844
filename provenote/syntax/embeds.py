"""Embeds of notes stand as blocks of their own: a paragraph is cut where it holds one."""

import re
from itertools import groupby
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

IMAGES = frozenset({"avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"})
"""File types that an embed shows as an image, within the text."""

_SIZE = re.compile(r"(\d+)(?:x(\d+))?")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("inline", "embed_blocks", _lift)


def is_image(target: str) -> bool:
    return target.rpartition(".")[2].lower() in IMAGES


def sized(text: str) -> tuple[str, str, str]:
    """`a kink|300x200` -> the words, the width and the height; what is not said is empty."""
    words, _, last = text.rpartition("|")
    size = _SIZE.fullmatch(last.strip())
    return (words.strip(), size[1], size[2] or "") if size else (text, "", "")


def is_local(address: str) -> bool:
    """Whether an address leads into the vault: it has no scheme, no host and more than a query."""
    return not (_SCHEME.match(address) or address.startswith(("//", "?")))


def _lift(state: StateCore) -> None:
    lifted: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        lifted.append(token)
        if (
            token.type != "inline"
            or len(lifted) < 2
            or not any(map(_is_block, token.children or ()))
        ):
            continue
        opening = lifted[-2]
        if opening.type == "paragraph_open":
            del lifted[-2:]
            lifted += _cut(opening, token, closing=next(tokens))
        elif opening.type in {"td_open", "th_open"}:
            token.children = [
                _as_block(child, token) if _is_block(child) else child
                for child in token.children or ()
            ]
    state.tokens = lifted


def _is_block(child: Token) -> bool:
    if child.level:
        return False
    if child.type == "image":
        source = str(child.attrs["src"])
        return is_local(source) and not is_image(unquote(source).partition("#")[0])
    return child.type == "embed" and not is_image(child.meta["target"])


def _cut(opening: Token, inline: Token, closing: Token) -> list[Token]:
    """The paragraph's text before, between and behind its embeds, and these.

    What the paragraph was named by, a block id, names them all together.
    """
    plain = opening.copy(attrs={}, meta={})
    pieces: list[Token] = []
    for is_block, group in groupby(inline.children or (), key=_is_block):
        children = list(group)
        if is_block:
            pieces += [_as_block(child, inline) for child in children]
        elif text := _trimmed(children):
            pieces += [plain, inline.copy(children=text), closing]
    if not opening.meta:
        return pieces
    start = opening.copy(type="block_open", tag="div", hidden=False)
    return [start, *pieces, closing.copy(type="block_close", tag="div", hidden=False)]


def _as_block(embed: Token, inline: Token) -> Token:
    # `content` is what the positions of its links are counted in.
    return embed.copy(block=True, map=inline.map, meta={**embed.meta, "content": inline.content})


def _trimmed(children: list[Token]) -> list[Token]:
    """Without line breaks and white space at both ends."""
    words = [i for i, child in enumerate(children) if not _is_space(child)]
    if not words:
        return []
    kept = children[words[0] : words[-1] + 1]
    if kept[0].type == "text":
        kept[0] = kept[0].copy(content=kept[0].content.lstrip())
    if kept[-1].type == "text":
        kept[-1] = kept[-1].copy(content=kept[-1].content.rstrip())
    return kept


def _is_space(child: Token) -> bool:
    # A footnote's mark and an image without a text have no content either, but are something.
    return child.type in {"softbreak", "hardbreak"} or (
        child.type == "text" and not child.content.strip()
    )
