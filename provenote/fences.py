"""The code of a note: fenced blocks with their options, and values within the prose."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from provenote.cell_options import CAPTIONS
from provenote.dialect import Dialect
from provenote.model import Fence, Option
from provenote.openings import opening
from provenote.option_lines import split
from provenote.source import Source, parts
from provenote.syntax import line_parser

OUTPUT = frozenset({"output", "text output"})
"""What a block says of itself that tells what the cell above it prints."""
INLINE_VALUE = "{python} "
"""What inline code starts with whose value stands in the prose."""
INLINE_QUERY = "="
"""What an inline query's fence says of itself."""
INLINE_SCRIPT = "$="
"""And one in JavaScript."""
_QUERY = re.compile(
    # of a note, or by a function
    r"(?P<query>=)(?: |(?=(?:\w+\()*(?:this\b|\[\[)))(?=.*(?:\bthis\b|\[\[|\w\())\S.*"
    r"|(?P<script>\$=) ?(?=dv\.).*",
    re.DOTALL,
)
"""Inline code that Dataview reads; other code may start with an equals sign too."""


def read_fences(tokens: list[Token], source: Source, dialect: Dialect) -> Iterator[Fence]:
    """Each code block and inline value, in order; it is left on its token as well."""
    above: Fence | None = None
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if token.type == "fence" and token.map:
            fence = _fence(token, source, dialect)
            if above is not None and opening(above.info).runs and fence.info in OUTPUT:
                fence = replace(fence, output_of=above.place)
            above = fence
        elif token.type == "code_inline" and token.content.startswith(INLINE_VALUE):
            place = source.within(block, token.meta["pos"], token.meta["written"])
            code = token.content.removeprefix(INLINE_VALUE)
            indent = max(place.column - 1, 0) + len(f"`{INLINE_VALUE}")
            fence = Fence("", code, place, opened=place, inline=True, indent=indent)
        elif token.type == "code_inline" and (match := _QUERY.fullmatch(token.content)):
            place = source.within(block, token.meta["pos"], token.meta["written"])
            mark = INLINE_QUERY if match["query"] else INLINE_SCRIPT
            fence = Fence(mark, token.content.removeprefix(mark).strip(), place, opened=place)
        else:
            above = None if token is block else above
            continue
        token.meta = {**token.meta, "fence": fence}
        yield fence
        # What a caption tells of its cell is known when that has run.
        yield from read_fences(list(fence.captions), source, dialect)


def runs(fence: Fence) -> bool:
    """Whether a fence is code to run, rather than code to look at."""
    return fence.inline or opening(fence.info).runs


def _fence(token: Token, source: Source, dialect: Dialect) -> Fence:
    info, opened, place = token.info.strip(), source.line(token), source.line(token, 1)
    said = opening(info)
    indent = source.indent(token, token.content)
    if not said.runs:
        return Fence(info, token.content, place, opened, indent=indent)
    below, code, code_place = split(token.content, place, directive=said.directive)
    options = (*(Option(name, value, opened) for name, value in said.options), *below)
    captions = tuple(_captions(options, dialect))
    return Fence(info, code, code_place, opened, options, captions, indent=indent)


def _captions(options: Sequence[Option], dialect: Dialect) -> Iterator[Token]:
    """Captions are Markdown; their places are those of their options."""
    for option in options:
        if option.name in CAPTIONS and option.value:
            for text in [option.value] if isinstance(option.value, str) else option.value:
                token = line_parser(dialect).parseInline(text)[0]
                token.map = [option.place.line - 1, option.place.line]
                yield token
