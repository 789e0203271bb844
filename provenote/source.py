"""From tokens back to places: markdown-it knows lines; authors want columns too."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from markdown_it.token import Token

from provenote.problems import Place

_CLOSE = 2
"""How many lines below a block its name may stand."""


class Source:
    """The text of one note, to point into."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._lines = text.split("\n")
        self._last = _Content("", None, [0, 1], [-1])

    def line(self, token: Token, down: int = 0) -> Place:
        """The line where a block starts, or so many lines below.

        What is appended to every note stands in no line of it: it is placed at the end.
        """
        line = token.map[0] + 1 + down if token.map else 0
        return Place(self._shown, min(line, len(self._lines)))

    def name(self, token: Token, written: str) -> Place:
        """Where what names a block ends one of its lines, or one that follows it closely."""
        first, stop = token.map or (0, 0)
        for number, line in enumerate(self._lines[first : stop + _CLOSE], start=first + 1):
            if line.rstrip().endswith(written):
                return Place(self._shown, number, line.rindex(written) + 1)
        return self.line(token)

    def indent(self, token: Token, code: str) -> int:
        """How many characters stand before the first line of a fence's code."""
        return max(0, self._text(token, 1).find(code.partition("\n")[0]))

    def within(self, block: Token, pos: int, written: str) -> Place:
        """Where offset `pos` of a block's inline content stands in the note.

        Quote marks, list marks and indentation are not in the content, and a table's
        cell is only a part of its line, its bars without their backslashes: so the
        line's content is looked for in it.
        """
        known = self._of(block)
        number = min(bisect_right(known.starts, pos), len(known.columns)) - 1
        start, stop = known.starts[number : number + 2]
        line, text = self.line(block, number).line, self._text(block, number)
        written = (written or known.content[pos : stop - 1]).partition("\n")[0]
        column = known.columns[number] + pos - start
        if known.columns[number] >= 0 and written and text.startswith(written, column):
            return Place(self._shown, line, column + 1)
        for prefix in (known.content[start:pos], ""):
            for bar in ("|", "\\|"):
                ahead, wanted = prefix.replace("|", bar), written.replace("|", bar)
                column = text.find(ahead + wanted)
                if wanted and column >= 0:
                    return Place(self._shown, line, column + len(ahead) + 1)
        return Place(self._shown, line)

    def _of(self, block: Token) -> "_Content":
        """What is known of a block: many links may stand in one."""
        content: str = block.meta.get("content") or block.content
        if self._last.content is not content or self._last.map != block.map:
            lines = content.split("\n")
            self._last = _Content(
                content,
                block.map,
                starts=[0, *accumulate(len(line) + 1 for line in lines)],
                columns=[self._text(block, at).find(line) for at, line in enumerate(lines)],
            )
        return self._last

    def _text(self, block: Token, down: int) -> str:
        line = self.line(block, down).line
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""


class _Content(NamedTuple):
    """The inline content of a block."""

    content: str
    map: list[int] | None
    """The block's, by markdown-it."""
    starts: list[int]
    """Where its lines begin, and where a next one would."""
    columns: list[int]
    """Where each stands in its line of the note; -1 where it does not."""


class Spot(Source):
    """Points to one place: that of a text which stands in no line of its own."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.path, "")
        self._place = place

    def line(self, token: Token, down: int = 0) -> Place:
        return self._place

    def within(self, block: Token, pos: int, written: str) -> Place:
        return self._place


def parts(tokens: list[Token]) -> Iterator[tuple[Token, list[Token], int]]:
    """Each token in document order: its block, its siblings, its index among them."""
    for token in tokens:
        yield token, [token], 0
        for at in range(len(token.children or ())):
            yield token, token.children or [], at
