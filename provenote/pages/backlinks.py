"""What links to a page, listed below it."""

from html import escape

from provenote.model import Url, VaultPath
from provenote.pages.book import Book
from provenote.paths import relative

_BACKLINKS = '<nav class="pn-backlinks" aria-labelledby="linked-from" data-search-exclude>'


def backlinks(path: VaultPath, book: Book, page: Url) -> str:
    """The list below a page of what links to it; nothing if nothing does."""
    links = book.backlinks.get(path)
    if not links:
        return ""
    items = "".join(
        f'<li><a class="pn-link" href="{escape(relative(book.urls[link.source], page))}">'
        f"{escape(link.title)}</a>"
        f"{''.join(map(_context, link.contexts))}</li>\n"
        for link in links
    )
    return (
        f"{_BACKLINKS}\n"
        f'<h2 id="linked-from" data-search-exclude>Linked from</h2>\n<ul>\n{items}</ul>\n</nav>\n'
    )


def without_backlinks(body: str) -> str:
    """A page's body as search has it: the words around its backlinks are other notes'."""
    return body.rpartition(_BACKLINKS)[0] or body if body.endswith("</nav>\n") else body


def _context(sentence: str) -> str:
    return f'<span class="pn-context">{sentence}</span>'
