"""Ids that a note's page has and Obsidian does not know of: addresses may name them."""

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from provenote.syntax.attributes import ATTRIBUTES
from provenote.syntax.tabs import IDS

_VALUE = r"""("[^"]*"|'[^']*'|[^\s>"']+)"""
ID = re.compile(rf"(<[a-z][^<>]*?)\sid\s*=\s*{_VALUE}", re.IGNORECASE)
"""What stands before an id in its tag, and the id."""
_NAME = re.compile(rf"(<a\b[^<>]*?)\sname\s*=\s*{_VALUE}", re.IGNORECASE)
"""An id as HTML had it before there were ids."""

FENCE_ID = re.compile(r"""(\{\s*(?=[.#])(?:"[^"]*"|'[^']*'|[^{}"'])*?)(?<![\w.])#([\w:-]+)""")
"""What stands before the id of a code block, `{ .python #id }`, and it."""


def anchors(tokens: Iterable[Token]) -> Iterator[str]:
    """Those of headings in a callout, a quote or a list, in attribute lists and in raw HTML."""
    for token in tokens:
        if token.type == "heading_open":
            if token.level:
                yield token.meta["anchor"]
        elif given := token.attrs.get("id") or token.meta.get(ATTRIBUTES, {}).get("id"):
            yield str(given)
        elif token.type == "fence" and (named := FENCE_ID.search(token.info)):
            yield named[2]
        elif token.type == "tabs_open":
            yield from token.meta.get(IDS, ())
        elif token.type in {"html_block", "html_inline"}:
            for kind in (ID, _NAME):
                yield from (match[2].strip("\"'") for match in kind.finditer(token.content))
        yield from anchors(token.children or ())
