"""What is wrong within a note's text, save where its links lead."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from provenote.model import Block
from provenote.problems import Code, Place, Problem
from provenote.source import Source, parts
from provenote.syntax import comments, inclusions


def flaws(tokens: list[Token], blocks: Sequence[Block], source: Source) -> Iterator[Problem]:
    yield from _doubled(blocks)
    yield from _formulas(tokens, source)
    yield from (
        not_included(token.meta[inclusions.NOT_INCLUDED], source.line(token))
        for token in tokens
        if inclusions.NOT_INCLUDED in token.meta
    )
    yield from _open_comments(tokens, source)


def _doubled(blocks: Sequence[Block]) -> Iterator[Problem]:
    first: dict[str, Block] = {}
    for block in blocks:
        before = first.setdefault(block.id, block)
        if before is not block:
            yield Problem(
                Code.DOUBLED_BLOCK,
                block.place,
                f"^{block.id} stands here and at line {before.place.line}",
                "links lead to the first",
            )


def not_included(wrong: inclusions.NotIncluded, place: Place, written: str = "--8<--") -> Problem:
    """What is said of an inclusion that shows nothing."""
    text = f"`{written}`: {wrong.why}"
    if wrong.withheld:
        return Problem(Code.LINK_UNPUBLISHED, place, text, "readers see none of it")
    guess = "paths start at the `base_path` of pymdownx.snippets"
    return Problem(Code.LINK_MISSING, place, text, guess)


def _formulas(tokens: list[Token], source: Source) -> Iterator[Problem]:
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if "error" not in token.meta:
            continue
        if token.type == "math_block":
            before = token.content[: token.meta["offset"]]
            place = source.line(token, before.count("\n"))
        else:
            offset = token.meta["pos"] + token.meta["offset"]
            place = source.within(block, offset, "")
        yield Problem(Code.MATH, place, f"formula: {token.meta['error']}")


def _open_comments(tokens: list[Token], source: Source) -> Iterator[Problem]:
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if token.type != comments.OPEN:
            continue
        place = source.within(block, token.meta.get("pos", 0), "%%")
        if token is block:
            text = "`%%` opens a comment that is never closed, so readers see nothing from here on"
            guess = "close it with `%%`; for text, `\\%%`"
        else:
            text = "`%%` opens a comment that its paragraph does not close, so readers see it"
            guess = "a comment of several paragraphs starts on a line of its own; for text, `\\%%`"
        yield Problem(Code.OPEN_COMMENT, place, text, guess)
