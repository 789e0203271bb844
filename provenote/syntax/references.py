"""References to figures and tables, as in Quarto: `@fig-sigmoid` and `[@tbl-losses]`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_LABEL = r"@((?:[Ff]ig|[Tt]bl)-[\w-]*\w)"
_REFERENCE = re.compile(rf"{_LABEL}|\[{_LABEL}\](?![(\[])")
_NO_BORDER = re.compile(r"[\w@./\\-]")
"""What may not stand before it: it would be an address, or the name of a package."""


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("link", "reference", _inline)


def _inline(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "@[" or state.linkLevel:
        return False
    match = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not match or _NO_BORDER.match(state.src[state.pos - 1 : state.pos]):
        return False
    if not silent:
        label: str = match[1] or match[2]
        token = state.push("wikilink", "", 0)
        token.content = match[0]
        token.meta = {
            "pos": state.pos,
            "written": match[0],
            "target": "",
            "fragment": label[0].lower() + label[1:],
            "text": "",
        }
    state.pos = match.end()
    return True


def is_reference(written: str) -> bool:
    """Whether a link was written so."""
    return written.startswith(("@", "[@"))
