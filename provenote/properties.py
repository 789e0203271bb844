"""What a note says of itself that readers see: its properties, and the links in them."""

import datetime
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
TREATMENT = frozenset(
    {
        *("title", "description", "tags", "tag", "cssclasses", "cssclass"),
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
    hidden = {*TREATMENT, cover(properties)[0]}
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
    values = [value for _, parts in seen(properties) for _, value in parts]
    for value in values:
        if isinstance(value, str) and "[[" in value:
            yield from (_link(token, lines, shown) for token in wikilinks(value))
    _, image = cover(properties)
    if image:
        yield from _cover(image, lines, shown)


def wikilinks(value: str) -> list[Token]:
    """The links in one value."""
    tokens: list[Token] = []
    parser().inline.parse(value, parser(), {}, tokens)
    return [token for token in tokens if token.type in {"wikilink", "embed"}]


def _link(token: Token, lines: Sequence[str], shown: str) -> Link:
    meta = token.meta
    return Link(
        place=_place(meta["written"], lines, shown),
        written=meta["written"],
        target=meta["target"],
        fragment=meta["fragment"],
        text=meta["text"],
        context=escape(token.content),
    )


def _cover(value: str, lines: Sequence[str], shown: str) -> Iterator[Link]:
    """A cover's link: `[[image.png]]` or its path; an address elsewhere is none."""
    tokens = wikilinks(value)
    if "://" not in value:
        target = tokens[0].meta["target"] if tokens else value
        place = _place(value, lines, shown)
        yield Link(place=place, written=value, target=target, embed=True)


def _place(written: str, lines: Sequence[str], shown: str) -> Place:
    for number, line in enumerate(lines, start=1):
        if (column := line.find(written)) >= 0:
            return Place(shown, number, column + 1)
    return Place(shown, 1)
