"""Files that raw HTML shows: `<img src="a.png">` leads into the vault, like an embed."""

import re
from collections.abc import Callable, Iterator

from provenote.syntax.embeds import is_local

_SOURCE = re.compile(
    r"""(<(?:img|audio|video|source)\b[^<>]*?\ssrc\s*=\s*)("[^"<>]+"|'[^'<>]+')""", re.IGNORECASE
)


def sources(html: str) -> Iterator[tuple[int, str]]:
    """The addresses within the vault, and where in the text each stands."""
    for match in _SOURCE.finditer(html):
        address = match[2].strip("\"'")
        if is_local(address) and not address.startswith("#"):
            yield match.start(2) + 1, address


def with_sources(html: str, lead: Callable[[str], str]) -> str:
    """The HTML with each address as `lead` gives it."""
    return _SOURCE.sub(lambda m: f"{m[1]}{m[2][0]}{lead(m[2][1:-1])}{m[2][0]}", html)
