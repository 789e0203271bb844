"""Inclusions: `--8<-- "file.md"`, whose text is read as the note's own."""

import re
from itertools import filterfalse
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from provenote.dialect import Dialect, Included
from provenote.syntax import lines

_LINE = re.compile(r";*-+8<-+[ \t]+(?:\"[^\"]+\"|'[^']+')$")
_MARK = re.compile(r"-+8<-+$")
NOT_INCLUDED = "not_included"
"""Key in `Token.meta` of an inclusion that shows nothing."""
_WITHIN = "within_inclusion"
_RUN = re.compile(r"\s+run\b.*")


class NotIncluded(NamedTuple):
    """Why an inclusion shows nothing."""

    why: str
    withheld: bool
    """Whether it is of what is not published."""


def plugin(md: MarkdownIt, dialect: Dialect) -> None:
    """Read the lines that the dialect includes, in the text and within fences."""

    def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        stop = _stop(state, start, end)
        if stop and not silent:
            written = state.getLines(start, stop, state.blkIndent, False)
            state.line = stop
            found = dialect.include(written)
            if wrong := refused(found, dialect):
                token = state.push("code_block", "code", 0)
                token.content, token.map = written, [start, stop]
                _mark(token, wrong)
            else:
                _read(state, start, stop, found.text)
        return bool(stop)

    def fences(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "fence" and "8<" in token.content:
                found = dialect.include(token.content)
                if wrong := refused(found, dialect):
                    _mark(token, wrong)
                else:
                    token.content = found.text.rstrip("\n") + "\n"

    md.block.ruler.before("fence", "inclusion", block, lines.INTERRUPTING)
    md.core.ruler.after("block", "included_code", fences)


def refused(found: Included, dialect: Dialect) -> NotIncluded | None:
    """Why what was found is not shown, if it is not."""
    if found.wrong:
        return NotIncluded(found.wrong, withheld=False)
    withheld = next(filterfalse(dialect.may_include, found.files), None)
    return NotIncluded(f"{withheld} is not published", withheld=True) if withheld else None


def _mark(token: Token, wrong: NotIncluded) -> None:
    """Leave the lines as they are written, but for the name of what is not published."""
    token.meta = {**token.meta, NOT_INCLUDED: wrong}
    if wrong.withheld:
        token.type, token.content = "unpublished", ""


def _stop(state: StateBlock, start: int, end: int) -> int:
    """The line behind an inclusion, 0 if there is none: one line, or names between marks."""
    line = lines.text(state, start)
    if "8<" not in line or state.is_code_block(start) or _WITHIN in state.env:
        return 0
    if _LINE.match(line):
        return start + 1
    if not _MARK.match(line):
        return 0
    for at in range(start + 1, end):
        if state.sCount[at] < state.blkIndent and not state.isEmpty(at):
            break  # the list item ends here
        if _MARK.match(lines.text(state, at)):
            return at + 1
    return 0


def _read(state: StateBlock, start: int, stop: int, text: str) -> None:
    """Read the text as blocks that all stand where it is included.

    Code in it does not run: two cells cannot stand in one place.
    """
    tokens: list[Token] = []
    state.env[_WITHIN] = True
    state.md.block.parse(text, state.md, state.env, tokens)
    del state.env[_WITHIN]
    for token in tokens:
        token.level += state.level
        token.map = [start, stop]
        if token.type == "fence":
            token.info = _RUN.sub("", token.info)
    state.tokens += tokens
