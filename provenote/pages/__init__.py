"""Write: a note, its targets and its results -> a Page."""

from provenote.pages.backlinks import without_backlinks
from provenote.pages.book import Book, Shown, shown
from provenote.pages.notebooks import executed
from provenote.pages.values import with_values
from provenote.pages.write import write

__all__ = ["Book", "Shown", "executed", "shown", "with_values", "without_backlinks", "write"]
