"""A list of links: what the pages that are made up consist of."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from provenote.model import Note, Url
from provenote.paths import fold, relative


@dataclass(frozen=True)
class Item:
    """A line of a list: a link, and what stands behind it."""

    title: str
    url: Url
    count: int | None = None
    """How many notes the page behind the link lists."""
    below: tuple["Item", ...] = ()
    """A list of its own."""


def listing(items: Iterable[Item], page: Url) -> str:
    """Items as a list of links, as it is written in `page`; nothing if there are none."""
    lines = "".join(f"<li>{_line(item, page)}</li>\n" for item in items)
    return f"<ul>\n{lines}</ul>\n" if lines else ""


def by_title(notes: Iterable[Note]) -> list[Note]:
    """Notes as a person looks for them."""
    return sorted(notes, key=lambda note: (fold(note.title), note.path))


def _line(item: Item, page: Url) -> str:
    link = f'<a class="pn-link" href="{escape(relative(item.url, page))}">{escape(item.title)}</a>'
    count = "" if item.count is None else f' <span class="pn-count">{item.count}</span>'
    below = f"\n{listing(item.below, page)}" if item.below else ""
    return link + count + below
