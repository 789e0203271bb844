"""Symbols for what stands in for them: `-->`, `(c)`, `1/2`, as the site renders them."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.syntax import footnotes

_LIKELY = re.compile(
    r"(\((?:tm|c|r)\)|\+/-|=/=|\bc/o\b|<?(?<!-)-->|<--(?!-)|(?<!\d)\d/\d(?!\d)"
    r"|\b\d*(?:1st|2nd|3rd|\dth)\b)"
)
"""What may mean a symbol; whether it does, the site says."""
_TAG = re.compile(r"(<[^<>]+>)")


def plugin(md: MarkdownIt, convert: Callable[[str], str]) -> None:
    """Read what `pymdownx.smartsymbols` stands for, by what `convert` makes of it."""

    def replace(state: StateCore) -> None:
        for tokens in footnotes.texts(state):
            tokens[:] = _replaced(tokens, convert)

    md.core.ruler.before("text_join", "symbols", replace)  # where escaped text still stands apart


def _replaced(tokens: list[Token], convert: Callable[[str], str]) -> Iterator[Token]:
    in_address = False
    for token in tokens:
        parts = [] if in_address or token.type != "text" else _LIKELY.split(token.content)
        in_address = token.info == "auto" and token.nesting == 1
        if len(parts) < 2:
            yield token
            continue
        html = "".join(convert(part) if at % 2 else escape(part) for at, part in enumerate(parts))
        for at, part in enumerate(_TAG.split(html)):
            if at % 2:
                yield Token("html_inline", "", 0, content=part)
            elif part:
                yield Token("text", "", 0, content=unescape(part), level=token.level)
