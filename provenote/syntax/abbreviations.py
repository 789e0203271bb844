"""Abbreviations: `*[HTML]: Hyper Text Markup Language` explains each HTML of its note."""

import re
from collections.abc import Iterator, Mapping
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.syntax import comments, footnotes, lines

_MEANING = re.compile(r"\*\[([^\\\]]+)\] ?:\s*(\S.*)")
_GIVEN = "abbreviations"
"""Key in a state's environment of what abbreviations stand for."""


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before(
        "reference", "abbreviation", _meaning, {"alt": ["paragraph", "reference"]}
    )
    md.core.ruler.after("inline", "abbreviations", _explain)


def _meaning(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = None if state.is_code_block(start) else _MEANING.fullmatch(lines.text(state, start))
    if match and not silent:
        state.env.setdefault(_GIVEN, {})[match[1].strip()] = comments.without(match[2])
        state.line = start + 1
    return match is not None


def _explain(state: StateCore) -> None:
    given: Mapping[str, str] = state.env.get(_GIVEN, {})
    if not given:
        return
    longest_first = sorted(given, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    for tokens in footnotes.texts(state):
        tokens[:] = [part for token in tokens for part in _explained(token, pattern, given)]


def _explained(token: Token, pattern: re.Pattern[str], given: Mapping[str, str]) -> Iterator[Token]:
    parts = pattern.split(token.content) if token.type == "text" else []
    if len(parts) < 2:
        yield token
        return
    for at, part in enumerate(parts):
        text = Token("text", "", 0, content=part, level=token.level)
        if at % 2:
            title = escape(given[part])
            yield Token("html_inline", "", 0, content=f'<abbr title="{title}">')
            yield text
            yield Token("html_inline", "", 0, content="</abbr>")
        elif part:
            yield text
