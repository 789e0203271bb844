"""What is wrong within a note's text, save where its links lead."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from provenote.model import Block
from provenote.problems import Code, Problem
from provenote.source import Source, parts
from provenote.syntax import comments, inclusions


def flaws(tokens: list[Token], blocks: Sequence[Block], source: Source) -> Iterator[Problem]:
    yield from _doubled(blocks)
    yield from _formulas(tokens, source)
    yield from _not_included(tokens, source)
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


def _not_included(tokens: list[Token], source: Source) -> Iterator[Problem]:
    for token in tokens:
        if written := token.meta.get(inclusions.MISSING):
            text = f"{written.strip()} names no file"
            guess = "paths start at the `base_path` of pymdownx.snippets"
            yield Problem(Code.LINK_MISSING, source.line(token), text, guess)


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
