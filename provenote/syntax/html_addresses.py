"""Addresses in raw HTML: `<img src="a.png">` and `<a href="Note.md">` lead into the vault.

What stands in a comment, `<!-- -->` or `%% %%`, is the author's own.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple

from provenote.syntax.embeds import is_local

_TAG = re.compile(r"<(a|audio|embed|iframe|img|object|source|track|video)\b[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"\salt\b", re.IGNORECASE)
_TEXTS = "script|style|textarea"
"""Elements that hold text alone."""
_COMMENTS = tuple(
    re.compile(rf"({kept})|{comment}", re.DOTALL | re.IGNORECASE)
    for kept, comment in (
        (rf"<({_TEXTS})\b.*?(?:</\2\s*>|\Z)", r"<!--.*?(?:-->|\Z)"),
        (rf"<(code|pre|{_TEXTS})\b.*?(?:</\2\s*>|\Z)|<[a-z/][^<>]*>", "%%.*?%%"),
    )
)
"""Comments of either kind, and what is kept because nothing in it is one."""
_ADDRESS = re.compile(
    r"""(\s(?:src|href|data|poster)\s*=\s*)("[^"<>]+"|'[^'<>]+'|[^\s"'<>=]+)""", re.IGNORECASE
)
_PAGES = frozenset({"", "html", "htm", "php", "xml"})
"""Endings of what the site has and the vault has not."""


class Address(NamedTuple):
    """One address within the vault."""

    at: int
    """Where it stands in the HTML."""
    text: str
    written: str
    """As it is told of: `src="a.png"`."""
    embed: bool
    """Whether it is shown there, rather than linked."""


def addresses(html: str) -> Iterator[Address]:
    """The addresses within the vault."""
    for tag in _tags(html):
        for match in _ADDRESS.finditer(tag[0]):
            address, name = match[2].strip("\"'"), tag[1].lower()
            if _is_in_vault(address, shown=name not in {"a", "iframe"}):
                written = match[0].lstrip()
                at = tag.start() + match.end() - len(written)
                yield Address(at, address, written, name != "a")


def without_alt(html: str) -> Iterator[tuple[int, str, str]]:
    """Each image that has no alternative text, not even an empty one: where, its address, all."""
    for tag in _tags(html):
        if tag[1].lower() == "img" and not _ALT.search(tag[0]):
            address = _ADDRESS.search(tag[0])
            yield tag.start(), address[2].strip("\"'") if address else "", tag[0]


def _tags(html: str) -> Iterator[re.Match[str]]:
    return _TAG.finditer(without_comments(html, " "))


def without_comments(html: str, filler: str = "") -> str:
    """The HTML without comments of either kind, each of their characters replaced."""
    for pattern in _COMMENTS:
        html = pattern.sub(lambda part: part[1] or filler * len(part[0]), html)
    return html


def with_addresses(html: str, lead: Callable[[str], str | None]) -> str:
    """The HTML with each address as `lead` gives it, and without those that it gives up."""

    def led(match: re.Match[str]) -> str:
        quote = match[2][0] if match[2][0] in "\"'" else '"'
        address = lead(match[2].strip(quote))
        return "" if address is None else f"{match[1]}{quote}{address}{quote}"

    return _TAG.sub(lambda tag: _ADDRESS.sub(led, tag[0]), html)


def is_address(written: str) -> bool:
    """Whether a link was written so, as an attribute of raw HTML."""
    return _ADDRESS.match(f" {written}") is not None


def runs_a_script(address: str) -> bool:
    """Whether a browser takes the address for code; it passes over white space in it."""
    bare = re.sub(r"[\x00-\x20]", "", unescape(address)).lower()
    return bare.startswith(("javascript:", "vbscript:"))


def _is_in_vault(address: str, *, shown: bool) -> bool:
    """What is not shown but linked may be any page of the site: a file it is by its ending."""
    if not is_local(address) or address.startswith("#"):
        return False
    name = address.partition("#")[0].partition("?")[0].rpartition("/")[2]
    is_page = name.rpartition(".")[2].lower() in _PAGES or "." not in name
    return shown or not (is_page or address.startswith("/"))
