"""Inline values in what is told of a note elsewhere: its title, its headings, its sentences."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from provenote.fences import INLINE_VALUE
from provenote.model import Display, Note
from provenote.pages.book import Shown
from provenote.problems import Place

Cells = Mapping[Place, Shown]


def with_values(note: Note, cells: Cells) -> Note:
    """A note whose title and headings say what their values are, not what computes them."""
    values = _values(note, cells)
    if not values:
        return note
    headings = (
        one._replace(text=_filled(one.text, values), html=filled(one.html, note, cells))
        for one in note.headings
    )
    return replace(note, title=_filled(note.title, values), headings=tuple(headings))


def filled(html: str, note: Note, cells: Cells) -> str:
    """HTML that quotes a note, with its values in the place of what computes them."""
    if INLINE_VALUE not in html:
        return html
    quoted = {escape(code): escape(value) for code, value in _values(note, cells).items()}
    return _filled(html, quoted)


def _values(note: Note, cells: Cells) -> Mapping[str, str]:
    """By what is written in the note, the text of each value that it has."""
    values: dict[str, str] = {}
    for fence in note.fences:
        shown = cells.get(fence.place) if fence.inline else None
        for output in shown.outputs if shown else ():
            if isinstance(output, Display) and "text/plain" in output.data:
                values[INLINE_VALUE + fence.code] = output.data["text/plain"]
    return values


def _filled(text: str, values: Mapping[str, str]) -> str:
    for code, value in values.items():
        text = text.replace(code, value)
    return text
