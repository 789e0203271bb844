"""Write: a note, its targets and its results -> a Page."""

from provenote.pages.book import Book, Shown, shown
from provenote.pages.code import Highlighter
from provenote.pages.notebooks import executed
from provenote.pages.search import for_search, undivided
from provenote.pages.values import with_values
from provenote.pages.write import write

__all__ = [
    "Book",
    "Highlighter",
    "Shown",
    "executed",
    "for_search",
    "shown",
    "undivided",
    "with_values",
    "write",
]
