"""Icons `:material-check:`, emoji `:smile:` and keys `++ctrl+c++`, as the site renders them."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_ATTRIBUTES = r"(?:\{:?[^{}\n]*\})?"
PATTERNS = {
    "pymdownx.emoji": re.compile(rf":[A-Za-z0-9+][\w+.-]*:{_ATTRIBUTES}"),
    "pymdownx.keys": re.compile(r"\+\+[\w\"'][^\n]{0,80}?\+\+"),
}
"""What each extension may mean; whether it does, it says itself."""


def plugin(md: MarkdownIt, extension: str, convert: Callable[[str], str]) -> None:
    """Read what `extension` stands for, by what `convert` makes of it."""
    pattern = PATTERNS[extension]

    def rule(state: StateInline, silent: bool) -> bool:
        match = pattern.match(state.src, state.pos, state.posMax)
        if not match:
            return False
        html = convert(match[0])
        if "<" not in html:
            return False
        if not silent:
            state.push("html_inline", "", 0).content = html
        state.pos = match.end()
        return True

    md.inline.ruler.before("escape", extension, rule)
