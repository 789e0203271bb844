"""Where on a page its cells are shown: each with ids of its own."""

from collections.abc import Callable, Sequence

from provenote.model import Figure
from provenote.pages.book import Shown
from provenote.pages.outputs import Spot
from provenote.pages.printed import line
from provenote.problems import Problem


class Placing:
    """Gives a spot to each cell of one page."""

    def __init__(self, ids: set[str], report: Callable[[Problem], None]) -> None:
        self._ids = ids
        """What the page has; links lead to where a label first is."""
        self._report = report
        self._cells = 0

    def spot(
        self,
        shown: Shown,
        captions: Sequence[str] | None,
        figure: Figure | None,
        *,
        copy: bool,
        origin: str = "",
    ) -> Spot:
        """A place for a cell; a copy of what stands elsewhere has no ids.

        `captions` are those of a note's cell as HTML; a script's are read here.
        """
        self._cells += 1
        label = shown.cell.options.label
        return Spot(
            prefix=f"cell-{self._cells}",
            report=self._report,
            keeps_id=lambda name: not copy and self._is_new(name),
            anchors=bool(label) and not copy and self._is_new(label),
            origin=origin,
            captions=self._said(shown) if captions is None else captions,
            number=figure.name if figure else "",
        )

    def _said(self, shown: Shown) -> list[str]:
        options, place = shown.cell.options, shown.cell.place
        return [line(text, place, self._report) for text in options.tbl_cap or options.fig_cap]

    def _is_new(self, name: str) -> bool:
        if name in self._ids:
            return False
        self._ids.add(name)
        return True
