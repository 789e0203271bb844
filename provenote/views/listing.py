"""A list of links: what the pages that are made up consist of."""

from collections.abc import Iterable
from html import escape

from provenote.model import Url
from provenote.paths import relative


def listing(items: Iterable[tuple[str, Url]], page: Url) -> str:
    """Titles and addresses as a list of links, as it is written in `page`."""
    links = "".join(
        f'<li><a class="pn-link" href="{escape(relative(url, page))}">{escape(title)}</a></li>\n'
        for title, url in items
    )
    return f"<ul>\n{links}</ul>\n"
