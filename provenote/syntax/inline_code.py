"""Inline code that says its language: `#!python range(9)`, or `:::python range(9)`.

A blank before the marks makes them text: ` #!python `.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from provenote.syntax import footnotes

_CODE = re.compile(r"(?:#!|:::)([\w#.+-]+)\s+(.+)", re.DOTALL)
_BLANK = re.compile(r"`+\s")

LANGUAGE = "language"
"""Key in `Token.meta` of it."""


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("inline", "inline_code", _tell)


def _tell(state: StateCore) -> None:
    for tokens in footnotes.texts(state):
        for token in tokens:
            if token.type != "code_inline" or _BLANK.match(token.meta["written"]):
                continue
            if match := _CODE.fullmatch(token.content):
                token.meta = {**token.meta, LANGUAGE: match[1]}
                token.content = match[2]
