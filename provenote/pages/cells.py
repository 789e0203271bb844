"""Cells: the source of a snippet and what running it gave."""

from collections.abc import Callable, Iterable
from html import escape

from provenote.model import Cell, Display, Fence, Found, Link, Session, Show
from provenote.pages.book import Book, Shown
from provenote.pages.outputs import Spot, outputs, value
from provenote.pages.unresolved import no_cell, not_found
from provenote.paths import fold
from provenote.problems import Problem

Highlighted = Callable[[str, str], str]
"""Makes code HTML, given what its fence says."""


def cell(shown: Shown, spot: Spot, highlighted: Highlighted, info: str = "python") -> str:
    """A cell as it stands in the page: its source, then its outputs."""
    source = _source(shown.cell, info, spot.origin, highlighted)
    return f'<div class="pn-cell"{_anchor(shown, spot)}>\n{source}{_below(shown, spot)}</div>\n'


def embedded(  # noqa: PLR0913 - what only the page knows, one by one
    link: Link,
    target: Found,
    book: Book,
    href: str,
    *,
    spot: Callable[[Shown, str], Spot],
    highlighted: Highlighted,
) -> tuple[str, tuple[Problem, ...]]:
    """A snippet file that is embedded, or the cell of it that the link names."""
    session, shown = book.scripts[target.file.path]
    name = escape(target.file.path.rpartition("/")[2])
    origin = f'<a class="pn-source" href="{href}" download>{name}</a>'
    if not isinstance(target.fragment, str):
        below = [(one, spot(one, "")) for one in shown]
        return _script(session, below, origin, highlighted), ()
    chosen = [s for s in shown if fold(s.cell.name) == fold(target.fragment)]
    if not chosen:
        problem = no_cell(link, name, (one.cell.name for one in shown))
        return f'<p class="pn-unresolved">{not_found(link)}</p>\n', (problem,)
    origin += f" › {escape(target.fragment)}"
    return "".join(cell(one, spot(one, origin), highlighted) for one in chosen), ()


def _script(
    session: Session, shown: Iterable[tuple[Shown, Spot]], origin: str, highlighted: Highlighted
) -> str:
    """A whole file: its source folded under a link to the file, then its outputs."""
    source = highlighted("".join(c.source for c in session.cells), "python")
    below = "".join(
        f"<div{_anchor(one, spot)}>{html}</div>\n"
        for one, spot in shown
        if (html := _below(one, spot))
    )
    return f'<div class="pn-cell">\n{_folded(source, origin)}{below}</div>\n'


def _below(shown: Shown, spot: Spot) -> str:
    reason = f"Not run: {escape(shown.skipped)}"
    return f'<p class="pn-skipped">{reason}</p>\n' if shown.skipped else outputs(shown, spot)


def contradiction(says: Fence) -> str:
    """What the note says in vain that a cell prints."""
    text = f"The note says:\n{escape(says.code)}"
    return f'<pre class="pn-output pn-failure" role="alert">{text}</pre>\n'


def _anchor(shown: Shown, spot: Spot) -> str:
    label = shown.cell.options.label
    return f' id="{escape(label)}"' if label and spot.anchors else ""


def inline(shown: Shown, spot: Spot) -> str:
    """The value of an inline expression, as it stands in the prose."""
    for output in shown.outputs:
        if isinstance(output, Display):
            return value(output.data, shown, spot)
    expression = escape(shown.cell.source.strip())
    return f'<code class="pn-unresolved">{expression}</code>'


def _source(cell: Cell, info: str, origin: str, highlighted: Highlighted) -> str:
    options = cell.options
    if options.show is Show.HIDDEN:
        return ""
    code = highlighted(cell.source, info)
    if options.show is not Show.OPEN:
        summary = escape(options.code_summary) or origin or "Code"
        return _folded(code, summary, opened=options.show is Show.UNFOLDED)
    return f'<p class="pn-origin">{origin}</p>\n{code}\n' if origin else code + "\n"


def _folded(code: str, summary: str, *, opened: bool = False) -> str:
    state = " open" if opened else ""
    return f'<details class="pn-code"{state}><summary>{summary}</summary>\n{code}</details>\n'
