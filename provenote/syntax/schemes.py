"""Schemes of addresses: one that runs a script, or names the author's own disk, is no link.

Drawings are data that runs nothing where an image shows it, and clipped pages are full of them.
"""

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import validateLink


def plugin(md: MarkdownIt) -> None:
    md.validateLink = _is_allowed  # type: ignore[method-assign, assignment]


def _is_allowed(address: str) -> bool:
    return validateLink(address) or address.lower().startswith("data:image/svg+xml")
