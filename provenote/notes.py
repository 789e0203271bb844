"""Parse: a file -> a Note."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape, unescape
from itertools import takewhile
from typing import Any
from urllib.parse import unquote

from markdown_it.token import Token

from provenote import front_matter
from provenote.dialect import OBSIDIAN, Dialect
from provenote.fences import read_fences
from provenote.flaws import flaws
from provenote.model import (
    Anchor,
    Block,
    Card,
    Heading,
    Image,
    Link,
    Note,
    Tag,
    VaultFile,
)
from provenote.paths import stem
from provenote.problems import Code, Place, Problem, cannot_read
from provenote.properties import links as property_links
from provenote.source import Source, parts
from provenote.syntax import block_ids, comments, parser, tags
from provenote.syntax.anchors import anchors
from provenote.syntax.attributes import TOC_LABEL
from provenote.syntax.embeds import is_image, is_local
from provenote.syntax.headings import plain_text
from provenote.syntax.html_addresses import addresses, without_alt

LARGEST = 4_000_000
"""Bytes of a note that is read as Markdown."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parse(file: VaultFile, dialect: Dialect = OBSIDIAN) -> Note:
    """Read one note; whatever is wrong with it is among its problems."""
    try:
        return from_bytes(file, file.absolute.read_bytes(), dialect)
    except OSError as error:
        return unreadable(file, error)


def unreadable(file: VaultFile, error: OSError) -> Note:
    """A note of which nothing is known but its name."""
    problem = cannot_read(file.shown, error)
    return Note(file, title=stem(file.path), properties={}, tokens=(), problems=(problem,))


def from_bytes(file: VaultFile, raw: bytes, dialect: Dialect = OBSIDIAN) -> Note:
    """The note that a file holds."""
    text, problems = decoded(raw, file.shown)
    properties, body_line, unreadable = front_matter.read(text, file.shown)
    lines = text.split("\n")
    body = "\n" * body_line + "\n".join(lines[body_line:])
    large = len(raw) > LARGEST
    whole = "\n\n".join([body, *dialect.appended])
    note = _as_it_is(file, body) if large else read(file, whole, Source(file.shown, body), dialect)
    return replace(
        note,
        title=_title(properties, note),
        properties=properties,
        links=(*note.links, *property_links(properties, lines[:body_line], file.shown)),
        tags=(*_property_tags(properties, file), *note.tags),
        problems=(*problems, *unreadable, *note.problems),
    )


def _as_it_is(file: VaultFile, text: str) -> Note:
    """A note that nobody wrote by hand: reading all of it would take gigabytes."""
    what = f"this note is larger than {LARGEST // 10**6} MB and is shown as its source"
    problem = Problem(Code.LARGE, Place(file.shown), what, "make several notes of it")
    shown = Token("code_block", "code", 0, content=text.strip("\n"), block=True)
    return Note(file, title="", properties={}, tokens=(shown,), problems=(problem,))


def read(file: VaultFile, text: str, source: Source, dialect: Dialect) -> Note:
    """Read Markdown that stands in a file, as the body of a note or a card of a canvas."""
    tokens = parser(dialect).parse(text)
    fences = tuple(read_fences(tokens, source, dialect))
    written = [*tokens, *(caption for fence in fences for caption in fence.captions)]
    blocks = tuple(_blocks(tokens, source))
    return Note(
        file=file,
        title=stem(file.path),
        properties={},
        tokens=tuple(tokens),
        headings=read_headings(tokens, source),
        blocks=blocks,
        anchors=tuple(anchors(tokens)),
        links=tuple(links(written, source)),
        tags=tuple(_tags(written, source)),
        fences=fences,
        cards=tuple(_cards(tokens, source)),
        images=tuple(_images(tokens, source)),
        problems=tuple(flaws(written, blocks, source)),
    )


def decoded(raw: bytes, shown: str) -> tuple[str, list[Problem]]:
    """The text of a file, whatever it is encoded in, and what is wrong with that."""
    problems = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if raw.startswith(_UTF16):  # its properties count, they may say that it is not published
            text = raw.decode("utf-16", errors="replace")
            line, what = 0, "the note is UTF-16, not UTF-8"
        else:
            text = raw.decode("utf-8", errors="replace")
            line = raw.count(b"\n", 0, error.start) + 1
            what = f"byte 0x{raw[error.start]:02x} is no UTF-8; the note is shown without it"
        place = Place(shown, line)
        problems.append(Problem(Code.NOT_UTF8, place, what, "save the note as UTF-8"))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"), problems


def _title(properties: Mapping[str, Any], note: Note) -> str:
    if isinstance(given := properties.get("title"), str | int | float) and str(given).strip():
        return str(given).strip()
    own = note.headings[0].text if note.opens_with_title else ""
    return own or stem(note.path)


def read_headings(tokens: list[Token], source: Source) -> tuple[Heading, ...]:
    return tuple(
        Heading(
            text=token.meta["text"],
            html=escape(token.meta.get(TOC_LABEL, ""))
            or _words(tokens[index + 1].children or ()).strip()
            or escape(token.meta["text"]),
            written=token.meta["written"],
            level=int(token.tag[1]),
            anchor=Anchor(token.meta["anchor"]),
            place=source.line(token),
            start=index,
        )
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    )


def _blocks(tokens: list[Token], source: Source) -> Iterator[Block]:
    for start, token in enumerate(tokens):
        if token.nesting >= 0 and block_ids.ATTRIBUTE in token.meta:
            block_id = token.meta[block_ids.ATTRIBUTE]
            yield Block(
                id=block_id,
                anchor=Anchor(_block_anchor(token)),
                place=source.name(token, f"^{block_id}"),
                start=start,
                stop=_end(tokens, start),
            )


def _block_anchor(token: Token) -> str:
    heading: str = token.meta.get("anchor", "")
    return heading or block_ids.anchor(token.meta[block_ids.ATTRIBUTE])


def _end(tokens: list[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index + 1
    return len(tokens)


def links(tokens: list[Token], source: Source) -> Iterator[Link]:
    """Read each link and leave it on its token, for whoever renders that."""
    sentences = _Sentences()
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if token.type in {"wikilink", "embed"}:
            link = Link(
                place=source.within(block, token.meta["pos"], token.meta["written"]),
                written=comments.without(token.meta["written"]),
                target=token.meta["target"],
                fragment=token.meta["fragment"],
                text=token.meta["text"],
                embed=token.type == "embed",
                context=sentences.around(siblings, at),
            )
        elif token.type in {"link_open", "image"} and is_local(_address(token)):
            link = _markdown_link(block, siblings, at, source)
            link = link._replace(context=sentences.around(siblings, at))
        elif token.type in {"html_block", "html_inline"}:
            found = _html_links(block, token, source)
            token.meta = {**token.meta, "links": found}
            yield from found.values()
            continue
        else:
            continue
        token.meta = {**token.meta, "link": link}
        yield link


def _address(token: Token) -> str:
    return str(token.attrs["src" if token.type == "image" else "href"])


def _markdown_link(block: Token, siblings: list[Token], at: int, source: Source) -> Link:
    token = siblings[at]
    address, _, fragment = _address(token).partition("#")
    embed = token.type == "image"
    written = token.meta["written"]
    return Link(
        place=source.within(block, token.meta["pos"], written),
        written=comments.without(written).replace("\n", " "),  # a message is a line
        target=unquote(address.partition("?")[0]),
        fragment=unquote(fragment),
        text=plain_text(token.children or ()) if embed else _link_text(siblings, at),
        embed=embed,
    )


def _html_links(block: Token, token: Token, source: Source) -> dict[str, Link]:
    """The files that raw HTML shows or links, by their addresses."""
    found: dict[str, Link] = {}
    for at, address, written, embed in addresses(token.content):
        place = _html_place(block, token, at, written, source)
        path, _, fragment = unescape(address).partition("#")
        target = unquote(path.partition("?")[0])
        found[address] = Link(place, written, target, unquote(fragment), embed=embed)
    return found


def _html_place(block: Token, token: Token, at: int, written: str, source: Source) -> Place:
    if token is block:
        return source.within(block, at, written)
    return source.within(block, token.meta["pos"], token.meta["written"])


def _link_text(siblings: list[Token], at: int) -> str:
    level = siblings[at].level
    behind = (siblings[index] for index in range(at + 1, len(siblings)))  # no copy of a long row
    inside = takewhile(lambda t: t.type != "link_close" or t.level != level, behind)
    return plain_text(inside)


_SENTENCE_END = re.compile(r"[.!?…](?:\s|$)")
_NEAR = 40
"""How many parts of a block around a link are looked at for its sentence."""


class _Sentences:
    """The sentences of blocks; the words of each are put down once for all of its links."""

    def __init__(self) -> None:
        self._siblings: list[Token] = []
        self._words: list[str] = []

    def around(self, siblings: list[Token], at: int) -> str:
        """The sentence around a part of a block."""
        if siblings is not self._siblings:
            self._siblings, self._words = siblings, [_words([part]) for part in siblings]
        before = "".join(self._words[max(0, at - _NEAR) : at])
        after = "".join(self._words[at : at + _NEAR])
        start = max((end.end() for end in _SENTENCE_END.finditer(before)), default=0)
        stop = _SENTENCE_END.search(after, len(self._words[at]))
        return (before[start:] + after[: stop.end() if stop else None]).strip()


def _words(tokens: Iterable[Token]) -> str:
    """What a reader sees of inline tokens as HTML: words, and formulas typeset."""
    return "".join(token.meta.get("mathml") or escape(plain_text([token])) for token in tokens)


def _tags(tokens: list[Token], source: Source) -> Iterator[Tag]:
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if token.type == "tag":
            yield Tag(token.content, source.within(block, token.meta["pos"], "#" + token.content))


def _property_tags(properties: Mapping[str, Any], file: VaultFile) -> Iterator[Tag]:
    for name in properties.get("tags", ()):
        clean = str(name).strip().strip("#,/").replace(" ", "-")
        if tags.valid(clean):
            yield Tag(clean, Place(file.shown, 1))


def _images(tokens: list[Token], source: Source) -> Iterator[Image]:
    for block, siblings, at in parts(tokens):
        token = siblings[at]
        if token.type in {"html_block", "html_inline"}:
            yield from _html_images(block, token, source)
            continue
        if token.type == "embed" and is_image(token.meta["target"]):
            name, text = token.meta["target"], token.meta["text"]
        elif token.type == "image":
            name, text = str(token.attrs["src"]), plain_text(token.children or ())
        else:
            continue
        written, link = token.meta["written"], token.meta.get("link")
        place = link.place if link else source.within(block, token.meta["pos"], written)
        yield Image(place, written, name, text, link)


def _html_images(block: Token, token: Token, source: Source) -> Iterator[Image]:
    links: dict[str, Link] = token.meta.get("links", {})
    for at, address, written in without_alt(token.content):
        place = _html_place(block, token, at, written, source)
        yield Image(place, written, address, "", links.get(address))


def _cards(tokens: list[Token], source: Source) -> Iterator[Card]:
    for index, token in enumerate(tokens):
        if token.type != "callout_open" or token.meta["callout"]["kind"] != "question":
            continue
        if block_id := token.meta.get(block_ids.ATTRIBUTE):
            title = tokens[index + 2].children or []
            yield Card(
                id=block_id,
                question=plain_text(t for t in title if t.type != "tag").strip(),
                tags=tuple(t.content for t in title if t.type == "tag"),
                place=source.line(token),
            )
