"""An anchor for each heading, made of its text as Material makes them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from pymdownx.slugs import slugify

from provenote.syntax.embeds import is_image, is_local, sized

_slug = slugify(case="lower")
OF_THE_FRAME = frozenset({"linked-from"})
"""Ids that every page may have around its note."""


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.push("heading_anchors", _anchors)


def plain_text(tokens: Iterable[Token]) -> str:
    """What a reader sees of inline tokens, without markup."""
    parts: list[str] = []
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif token.type == "tag":
            parts.append("#" + token.content)
        elif token.type == "image":
            parts.append(sized(plain_text(token.children or ()))[0])
        elif token.type == "embed" and is_image(token.meta["target"]):
            parts.append(sized(token.meta["text"])[0])
        elif token.type != "html_inline":
            parts.append(token.content)
    return "".join(parts)


def _pictured(tokens: Iterable[Token]) -> str:
    """What is said of images that nothing is said of: their names."""
    shown = (str(t.meta["target"] if t.type == "embed" else t.attrs.get("src", "")) for t in tokens)
    return ", ".join(PurePosixPath(unquote(name)).stem for name in shown if name and is_local(name))


def _anchors(state: StateCore) -> None:
    give_anchors(state.tokens)


def give_anchors(tokens: Sequence[Token]) -> None:
    """Note on each token that opens a heading what it says, and its anchor."""
    taken = set(OF_THE_FRAME)
    used: Counter[str] = Counter()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = plain_text(inline.children or ()).strip() or _pictured(inline.children or ())
        base = anchor = str(opening.attrs.get("id", "")) or _slug(text, "-") or "section"
        while anchor in taken:
            used[base] += 1
            anchor = f"{base}-{used[base] + 1}"
        taken.add(anchor)
        opening.meta = {
            **opening.meta,
            "text": text,
            "written": inline.content.strip(),
            "anchor": anchor,
        }
        opening.attrs["id"] = anchor
