"""The footnotes of a note, or of a part of it that is embedded, under its text."""

from collections import Counter
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from provenote.model import Note
from provenote.syntax.footnotes import definitions


class Footnotes:
    """Numbers footnotes in the order in which something refers to them."""

    def __init__(self, note: Note, prefix: str) -> None:
        self._note = note
        self._prefix = prefix
        """Makes ids the page's own: a heading's anchor cannot hold a colon."""
        self._numbers: dict[int, int] = {}
        self._order: list[int] = []
        self._uses: Counter[int] = Counter()

    def reference(self, footnote: int) -> str:
        """The mark in the text."""
        if footnote not in self._numbers:
            self._order.append(footnote)
        number = self._numbers.setdefault(footnote, len(self._order))
        self._uses[footnote] += 1
        name = f"{self._prefix}{number}"
        return (
            f'<sup id="{self._back(footnote, self._uses[footnote])}">'
            f'<a class="footnote-ref" href="#fn:{name}">{number}</a></sup>'
        )

    def backlinks(self, footnote: int) -> str:
        """The ways back to all marks of a footnote; none where only a part of it is embedded."""
        number = self._numbers.get(footnote)
        return "".join(
            f'&#160;<a class="footnote-backref" href="#{self._back(footnote, use)}" '
            f'title="Jump back to footnote {number} in the text">↩</a>'
            for use in range(1, self._uses[footnote] + 1)
        )

    def section(self, render: Callable[[Sequence[Token]], str]) -> str:
        """All that was referred to; what a footnote refers to itself comes behind."""
        texts = definitions(self._note.tokens) if self._numbers else {}
        items: list[str] = []
        while len(items) < len(self._numbers):
            footnote = self._order[len(items)]
            name = f"fn:{self._prefix}{len(items) + 1}"
            items.append(f'<li id="{name}">\n{render(texts[footnote])}</li>\n')
        listed = "".join(items)
        return f'<div class="footnote">\n<hr>\n<ol>\n{listed}</ol>\n</div>\n' if items else ""

    def _back(self, footnote: int, use: int) -> str:
        again = f"-{use}" if use > 1 else ""
        return f"fnref:{self._prefix}{self._numbers[footnote]}{again}"
