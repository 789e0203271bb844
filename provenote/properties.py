"""What a note says of itself that readers see: its properties, and the links in them."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from markdown_it.token import Token

from provenote.model import Link
from provenote.problems import Place
from provenote.syntax import parser
from provenote.syntax.embeds import is_image

_COVERS = ("cover", "image", "img")
"""Name the image that a note is shown with, the first first."""
_TREATMENT = frozenset(
    {
        *("title", "description", "tags", "cssclasses"),
        *("publish", "draft", "share", "permalink"),
        *("hide", "icon", "search", "template"),
    }
)
"""Say how a page is made, or are seen elsewhere on it; the last row is the theme's."""
_MOST = 500
"""How many parts of one property are looked at: YAML can name a list within itself."""

Scalar = str | int | float | bool | datetime.date


def seen(properties: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, Scalar]]]]:
    """Each property that readers see, with its values; a name within it stands before one."""
    hidden = {*_TREATMENT, cover(properties)[0]}
    for name, value in properties.items():
        if name.casefold() not in hidden:
            values = list(_values(value))
            if values:
                yield name, values


def cover(properties: Mapping[str, Any]) -> tuple[str, str]:
    """The property that names the note's image, and what it says; empty if none does."""
    given = {name.casefold(): value for name, value in properties.items()}
    for name in _COVERS:
        value = given.get(name)
        said = value.strip() if isinstance(value, str) else _bare_link(value)
        path = said.strip("[]!").partition("|")[0].partition("?")[0]
        if said and (name == "cover" or is_image(path)):
            return name, said
    return "", ""


def _values(value: Any) -> Iterator[tuple[str, Scalar]]:
    """All that a property holds, lists and mappings opened."""
    stack: list[tuple[str, Any]] = [("", value)]
    for _ in range(_MOST):
        if not stack:
            return
        name, part = stack.pop()
        if link := _bare_link(part):
            yield name, link
        elif isinstance(part, Mapping):
            stack += [(str(key), item) for key, item in reversed(list(part.items()))]
        elif isinstance(part, Sequence) and not isinstance(part, str | bytes):
            stack += [(name, item) for item in reversed(part)]
        elif isinstance(part, Scalar) and part != "":
            yield name, part


def _bare_link(part: Any) -> str:
    """`[[Note]]` without quotes, which YAML takes for a list within a list."""
    match part:
        case [[str(name)]]:
            return f"[[{name}]]"
    return ""


def links(properties: Mapping[str, Any], lines: Sequence[str], shown: str) -> Iterator[Link]:
    """The links in the properties, whose lines in the note are given."""
    places = _Places(lines, shown)
    for name, values in seen(properties):
        for _, value in values:
            if isinstance(value, str) and "[[" in value:
                yield from (_link(token, name, places) for token in wikilinks(value))
    name, image = cover(properties)
    if image:
        yield from _cover(image, name, places)


def wikilinks(value: str) -> list[Token]:
    """The links in one value."""
    tokens: list[Token] = []
    parser().inline.parse(value, parser(), {}, tokens)
    return [token for token in tokens if token.type in {"wikilink", "embed"}]


def _link(token: Token, name: str, places: "_Places") -> Link:
    meta = token.meta
    return Link(
        place=places.next(meta["written"], name),
        written=meta["written"],
        target=meta["target"],
        fragment=meta["fragment"],
        text=meta["text"],
        context=escape(token.content),
    )


def _cover(value: str, name: str, places: "_Places") -> Iterator[Link]:
    """A cover's link: `[[image.png]]` or its path; an address elsewhere is none."""
    tokens = wikilinks(value)
    if "://" not in value:
        target = tokens[0].meta["target"] if tokens else value
        yield Link(places.next(value, name), written=value, target=target, embed=True)


class _Places:
    """Where links stand in the lines of properties, of which YAML keeps no places."""

    def __init__(self, lines: Sequence[str], shown: str) -> None:
        self._text = "\n".join(lines)
        self._shown = shown
        self._behind: dict[str, int] = {}

    def next(self, written: str, name: str) -> Place:
        """The next place of a link; its property's, where it is written otherwise, as `it''s`."""
        at = self._text.find(written, self._behind.get(written, 0))
        if at < 0:
            named = re.search(rf"^[\"']?{re.escape(name)}\b", self._text, re.M | re.I)
            at = named.start() if named else 0
        self._behind[written] = at + 1
        line = self._text.count("\n", 0, at) + 1
        return Place(self._shown, line, at - self._text.rfind("\n", 0, at))
