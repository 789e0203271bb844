"""Canvases: a `.canvas` file (JSON Canvas 1.0, https://jsoncanvas.org) -> a Note.

A canvas is a note like another to all that links, lists and publishes; its one token
is the drawing.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

from provenote.dialect import OBSIDIAN, Dialect
from provenote.fences import runs
from provenote.halves import from_json
from provenote.model import (
    Canvas,
    CanvasEdge,
    CanvasNode,
    Link,
    Note,
    Vault,
    VaultFile,
    VaultPath,
)
from provenote.notes import read
from provenote.problems import Code, Place, Problem
from provenote.source import Spot

TOKEN = "canvas"
"""The type of the token that holds a drawing, in its `meta` under the same name."""
SIDES = ("top", "right", "bottom", "left")
_KINDS = ("text", "file", "link", "group")
_SUFFIX = ".canvas"
_ID = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_COLOR = re.compile(r"[1-6]|#(?:[0-9a-fA-F]{3}){1,2}")
_FARTHEST = 1e6
_DEFAULTS = {"x": 0, "y": 0, "width": 250, "height": 60}
"""What Obsidian makes a new card; for one that lacks a number."""


def is_canvas(path: VaultPath) -> bool:
    return path.endswith(_SUFFIX)


def files(vault: Vault) -> list[VaultFile]:
    """The canvases among a vault's files."""
    return [file for file in vault.attachments if is_canvas(file.path)]


def unreadable(file: VaultFile, error: OSError) -> Note:
    """A canvas of which nothing is known but its name."""
    reader = _Reader(file, OBSIDIAN)
    return _note(reader, reader.broken(error.strerror or str(error), Place(file.shown)))


def from_bytes(file: VaultFile, raw: bytes, dialect: Dialect = OBSIDIAN) -> Note:
    """The canvas that a file holds."""
    reader = _Reader(file, dialect)
    return _note(reader, reader.canvas(raw))


def _note(reader: "_Reader", canvas: Canvas) -> Note:
    file = reader.file
    texts = [node.note for node in canvas.nodes if node.note]
    return Note(
        file=file,
        title=file.path.rpartition("/")[2].removesuffix(_SUFFIX),
        properties={"hide": ["toc"]},  # a drawing is wide
        tokens=(Token(TOKEN, "", 0, block=True, meta={TOKEN: canvas}),),
        links=(
            *(node.link for node in canvas.nodes if node.link),
            *(link for text in texts for link in text.links),
        ),
        tags=tuple(tag for text in texts for tag in text.tags),
        fences=tuple(f for text in texts for f in text.fences if not runs(f)),
        problems=(*reader.problems, *(problem for text in texts for problem in text.problems)),
    )


class _Reader:
    """Reads one file, and keeps what is wrong with it."""

    def __init__(self, file: VaultFile, dialect: Dialect) -> None:
        self.file = file
        self._dialect = dialect
        self._places: dict[str, Place] = {}
        self.problems: list[Problem] = []

    def canvas(self, raw: bytes) -> Canvas:
        try:
            text = raw.decode("utf-8-sig")
            data = from_json(text) if text.strip() else {}
        except json.JSONDecodeError as error:
            return self.broken(f"{error.msg}", Place(self.file.shown, error.lineno, error.colno))
        except (ValueError, RecursionError) as error:
            return self.broken(str(error), Place(self.file.shown))
        if not isinstance(data, dict):
            return self.broken("it is no object", Place(self.file.shown))
        self._places = _places(text, self.file.shown)
        nodes = tuple(self._nodes(_items(data, "nodes")))
        named = {node.id: node for node in reversed(nodes)}  # the first of a name
        return Canvas(nodes, tuple(self._edges(_items(data, "edges"), named)))

    def broken(self, reason: str, place: Place) -> Canvas:
        text = f"cannot be read as JSON Canvas: {reason}"
        self.problems.append(Problem(Code.CANVAS, place, text))
        return Canvas(broken=text)

    def _wrong(self, name: str, text: str) -> None:
        place = self._places.get(name, Place(self.file.shown))
        self.problems.append(Problem(Code.CANVAS, place, text))

    # ---------------------------------------------------------------- nodes

    def _nodes(self, items: Sequence[Any]) -> Iterator[CanvasNode]:
        for number, item in enumerate(items):
            if isinstance(item, dict):
                yield self._node(item, _text(item, "id") or f"nodes[{number}]")
            else:
                self._wrong("", f"nodes[{number}] is no card")

    def _node(self, item: Mapping[str, Any], name: str) -> CanvasNode:
        box = {side: _number(item.get(side)) for side in _DEFAULTS}
        if lacking := [side for side, value in box.items() if value is None]:
            self._wrong(name, f"card {name!r} has no number for {', '.join(lacking)}")
        x, y, width, height = (
            default if (value := box[side]) is None else value
            for side, default in _DEFAULTS.items()
        )
        kind = item.get("type")
        if kind not in _KINDS:
            self._wrong(name, f"card {name!r} is of type {kind!r}, not text, file, link or group")
        group = kind == "group"
        path, address = _text(item, "background" if group else "file"), _text(item, "url")
        place = self._places.get(name, Place(self.file.shown))
        text = _text(item, "text")
        if address and not re.match(r"https?://", address, re.IGNORECASE):
            text, address = f"`{address}`\n\n{text}", ""  # shown; a click runs nothing
        return CanvasNode(
            id=name,
            x=x,
            y=y,
            width=max(width, 1),
            height=max(height, 1),
            color=self._color(item, name),
            group=group,
            label=_text(item, "label"),
            note=read(self.file, text, Spot(place), self._dialect) if text else None,
            link=_link(path, _text(item, "subpath"), place) if path else None,
            address=address,
        )

    def _color(self, item: Mapping[str, Any], name: str) -> str:
        color = _text(item, "color")
        if color and not _COLOR.fullmatch(color):
            self._wrong(name, f"{color!r} is no colour; there are 1 to 6 and #rrggbb")
            return ""
        return color

    # ---------------------------------------------------------------- edges

    def _edges(self, items: Sequence[Any], nodes: Mapping[str, CanvasNode]) -> Iterator[CanvasEdge]:
        for number, item in enumerate(items):
            if not isinstance(item, dict):
                self._wrong("", f"edges[{number}] is no line")
                continue
            name = _text(item, "id") or f"edges[{number}]"
            ends = [_text(item, end) for end in ("fromNode", "toNode")]
            if gone := [end for end in ends if end not in nodes]:
                self._wrong(name, f"line {name!r} ends at a card {gone[0]!r}, which is not there")
                continue
            yield CanvasEdge(
                source=nodes[ends[0]],
                target=nodes[ends[1]],
                source_side=_side(item, "fromSide"),
                target_side=_side(item, "toSide"),
                source_arrow=item.get("fromEnd", "none") == "arrow",
                target_arrow=item.get("toEnd", "arrow") == "arrow",
                color=self._color(item, name),
                label=_text(item, "label"),
            )


def _places(text: str, shown: str) -> dict[str, Place]:
    """Where each id stands: all that tells one card of a file from another."""
    found: dict[str, Place] = {}
    line, start, seen = 1, 0, 0
    for match in _ID.finditer(text):
        line += text.count("\n", seen, match.start())
        start = text.rfind("\n", 0, match.start()) + 1
        seen = match.start()
        found.setdefault(json.loads(match[1]), Place(shown, line, seen - start + 1))
    return found


def _items(data: Mapping[str, Any], name: str) -> list[Any]:
    items = data.get(name)
    return items if isinstance(items, list) else []


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name, "")
    return value if isinstance(value, str) else ""


def _side(item: Mapping[str, Any], name: str) -> str:
    side = _text(item, name)
    return side if side in SIDES else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= _FARTHEST else None  # neither infinity nor NaN


def _link(path: str, subpath: str, place: Place) -> Link:
    return Link(
        place=place,
        written=path + subpath,
        target=f"/{path}",
        fragment=subpath.removeprefix("#"),
        embed=True,
    )
