"""From tokens back to places: markdown-it knows lines; authors want columns too."""

from collections.abc import Iterator

from markdown_it.token import Token

from provenote.problems import Place


class Source:
    """The text of one note, to point into."""

    def __init__(self, shown: str, text: str) -> None:
        self._shown = shown
        self._lines = text.split("\n")

    def line(self, token: Token, down: int = 0) -> Place:
        """The line where a block starts, or so many lines below."""
        return Place(self._shown, token.map[0] + 1 + down if token.map else 0)

    def indent(self, token: Token, code: str) -> int:
        """How many characters stand before the first line of a fence's code."""
        line = self.line(token, 1).line
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return max(0, text.find(code.partition("\n")[0]))

    def within(self, block: Token, pos: int, written: str) -> Place:
        """Where offset `pos` of a block's inline content stands in the note.

        Quote marks, list marks and indentation are not in the content, and a table's
        cell is only a part of its line, its bars without their backslashes: so the
        line's content is looked for in it.
        """
        content = block.meta.get("content") or block.content
        before = content[:pos]
        line = self.line(block, before.count("\n")).line
        start = before.rpartition("\n")[2]
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        written = (written or content[pos:]).partition("\n")[0]
        for prefix in (start, ""):
            for bar in ("|", "\\|"):
                ahead, wanted = prefix.replace("|", bar), written.replace("|", bar)
                column = text.find(ahead + wanted)
                if wanted and column >= 0:
                    return Place(self._shown, line, column + len(ahead) + 1)
        return Place(self._shown, line)


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
