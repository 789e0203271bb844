"""Wikilinks `[[note#heading|text]]` and embeds `![[note]]`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from provenote.syntax import comments

# Names may hold brackets in pairs, `photo [1].png`, and one that closes, `a]b`; a text any
# that are not doubled.
# But `[[[note]]]` is a link in brackets, not one to a name that is all brackets.
# Nothing is tried twice (`(?>…)`), so that a row of open brackets takes linear time. `*+`
# would say the same, but in Python 3.11.2, Debian's, a look-ahead within it loses the match.
_PAIR = r"\[[^\[\]\n|#]*\](?!\](?!\]))"
_NAME = rf"(?>(?:[^\[\]\n|#]|{_PAIR}|\](?!\]))*)"
_TEXT = rf"(?>(?:[^\[\]\n]|{_PAIR}|\[(?!\[)|\](?!\]))*)"
_LINK = re.compile(
    rf"(!?)\[\[(?!\[[^\[\]\n|#]*\]{{3}})({_NAME})((?>(?:#{_NAME})*))(?:\|({_TEXT}))?\]\]"
)


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("link", "wikilink", _inline)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    match = _LINK.match(state.src, state.pos, state.posMax)
    if not match or not (match[2].strip() or match[3].strip("# ")):
        return False
    if not silent:
        token = state.push("embed" if match[1] else "wikilink", "", 0)
        # A bar in a table cell is written `\|`; a backslash cannot end a name.
        text = comments.without(match[4] or "").strip()
        token.meta = {
            "pos": state.pos,
            "written": match[0],
            "target": match[2].rstrip("\\").strip(),
            "fragment": match[3].rstrip("\\ ").removeprefix("#"),
            "text": text,
        }
        named = (match[2].rstrip("\\"), *match[3].rstrip("\\").split("#"))
        token.content = text or " > ".join(p for p in map(str.strip, named) if p)
    state.pos = match.end()
    return True
