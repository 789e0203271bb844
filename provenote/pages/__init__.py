"""Write: a note, its targets and its results -> a Page."""

from provenote.pages.book import Book, Shown, shown
from provenote.pages.notebooks import executed
from provenote.pages.values import with_values
from provenote.pages.write import without_backlinks, write

__all__ = ["Book", "Shown", "executed", "shown", "with_values", "without_backlinks", "write"]
