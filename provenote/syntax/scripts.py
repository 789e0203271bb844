"""What stands above or below the line: `A^T^A`, `H~2~O`; and `^^insertions^^`, by the same sign."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from provenote.syntax import doubled


def carets(md: MarkdownIt) -> None:
    doubled.plugin(md, "^", "ins")
    _script(md, "^", "sup")


def tildes(md: MarkdownIt) -> None:
    """Two of them strike text out, with or without this."""
    _script(md, "~", "sub")


def _script(md: MarkdownIt, sign: str, tag: str) -> None:
    """Read what stands between two signs without a blank."""
    pattern = re.compile(rf"\{sign}((?:\\\S|[^\\\s{sign}])+)\{sign}(?!\{sign})")

    def rule(state: StateInline, silent: bool) -> bool:
        match = pattern.match(state.src, state.pos, state.posMax)
        if not match or silent:
            return False
        last = state.posMax
        state.push(f"{tag}_open", tag, 1).markup = sign
        state.pos, state.posMax = match.span(1)
        state.md.inline.tokenize(state)
        state.push(f"{tag}_close", tag, -1).markup = sign
        state.pos, state.posMax = match.end(), last
        return True

    md.inline.ruler.after("emphasis", tag, rule)
