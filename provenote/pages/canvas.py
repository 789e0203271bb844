"""Canvases as HTML: cards where the author put them, and lines between.

It is one list of cards in reading order, each with where its lines lead. Where there is
room a style sheet puts the cards at their places and shows the lines; on a phone, and for
those who hear the page, it stays the list.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

from provenote.model import Canvas, CanvasEdge, CanvasNode, Url
from provenote.pages import edges
from provenote.paths import relative
from provenote.syntax.headings import plain_text

SCRIPT = Url("assets/provenote/canvas.js")
"""Zooms and pans; the drawing scrolls without it."""
_MARGIN = 40
_NAME = 60
"""Characters of a card's text that stand for it where a line leads to it."""


def drawing(
    canvas: Canvas,
    content: Callable[[CanvasNode], str],
    is_secret: Callable[[CanvasNode], bool],
    page: Url,
) -> str:
    """A canvas; `content` gives the HTML of a card's text or file, if that is no secret."""
    if canvas.broken:
        return f'<p class="pn-unresolved">This canvas {escape(canvas.broken)}</p>\n'
    left = min((node.x for node in canvas.nodes), default=0) - _MARGIN
    top = min((node.y for node in canvas.nodes), default=0) - _MARGIN
    width = max((node.x + node.width for node in canvas.nodes), default=0) + _MARGIN - left
    height = max((node.y + node.height for node in canvas.nodes), default=0) + _MARGIN - top
    lines = "".join(edges.line(edge, _style(edge.color)) for edge in canvas.edges)
    cards = _Cards(canvas, content, is_secret, (left, top)).html()
    return (
        '<div class="pn-canvas" tabindex="0" role="region" aria-label="Canvas">\n'
        f'<div class="pn-canvas-plane" style="width:{width:g}px;height:{height:g}px">\n'
        f'<svg width="{width:g}" height="{height:g}" aria-hidden="true" '
        f'viewBox="{left:g} {top:g} {width:g} {height:g}">\n{lines}</svg>\n{cards}</div>\n'
        f'</div>\n<script src="{relative(SCRIPT, page)}" defer></script>\n'
    )


class _Cards:
    """The cards as nested lists: those in a group within it."""

    def __init__(
        self,
        canvas: Canvas,
        content: Callable[[CanvasNode], str],
        is_secret: Callable[[CanvasNode], bool],
        origin: tuple[float, float],
    ) -> None:
        self._content = content
        self._is_secret = is_secret
        self._origin = origin
        self._nodes = canvas.nodes
        self._within = _by_group(canvas.nodes)
        self._from: dict[int, list[CanvasEdge]] = defaultdict(list)
        for edge in canvas.edges:
            self._from[id(edge.source)].append(edge)

    def html(self) -> str:
        """Small groups first, which larger ones then hold; however deep, nothing recurs."""
        inner: dict[int, str] = {}
        for group in sorted((n for n in self._nodes if n.group), key=_area):
            inner[id(group)] = self._list(self._within[id(group)], inner)
        return self._list(self._within[None], inner)

    def _list(self, nodes: Iterable[CanvasNode], inner: Mapping[int, str]) -> str:
        ordered = sorted(nodes, key=lambda node: (node.y, node.x))
        items = "".join(self._item(node, inner.get(id(node), "")) for node in ordered)
        return f'<ul class="pn-canvas-list">\n{items}</ul>\n' if items else ""

    def _item(self, node: CanvasNode, within: str) -> str:
        x, y = node.x - self._origin[0], node.y - self._origin[1]
        box = f"left:{x:g}px;top:{y:g}px;width:{node.width:g}px;height:{node.height:g}px"
        kind = "group" if node.group else "file" if node.link else "card"
        label = f'<p class="pn-canvas-label">{escape(node.label)}</p>\n' if node.label else ""
        content = self._content(node)
        inside = f'<div class="pn-canvas-content">\n{content}</div>\n' if content else ""
        card = f'<div class="pn-canvas-{kind}"{_style(node.color, box)}>\n{label}{inside}</div>\n'
        return f"<li>{card}{self._leads(node)}{within}</li>\n"

    def _leads(self, node: CanvasNode) -> str:
        """Where the lines from a card lead, for those who do not see them."""
        leads = "".join(f"<li>{escape(self._lead(edge))}</li>\n" for edge in self._from[id(node)])
        return f'<ul class="pn-canvas-leads">\n{leads}</ul>\n' if leads else ""

    def _lead(self, edge: CanvasEdge) -> str:
        arrow = _ARROWS[edge.source_arrow, edge.target_arrow]
        name = "Not published" if self._is_secret(edge.target) else _name(edge.target)
        return " ".join(filter(None, (*edge.label.split(), arrow, name)))


def _by_group(nodes: Sequence[CanvasNode]) -> dict[int | None, list[CanvasNode]]:
    """Cards by the smallest group around them, whose `id()` is the key."""
    groups = sorted((n for n in nodes if n.group), key=_area)
    within: dict[int | None, list[CanvasNode]] = defaultdict(list)
    for node in nodes:
        around = (group for group in groups if _holds(group, node))
        group = next(around, None)
        within[id(group) if group else None].append(node)
    return within


def _area(node: CanvasNode) -> float:
    return node.width * node.height


def _holds(group: CanvasNode, node: CanvasNode) -> bool:
    """Whether a card lies in a group; of two groups, only in the larger."""
    return (
        group.x <= node.x
        and group.y <= node.y
        and node.x + node.width <= group.x + group.width
        and node.y + node.height <= group.y + group.height
        and (group.width, group.height) != (node.width, node.height)
    )


_ARROWS = {(False, False): "–", (False, True): "→", (True, False): "←", (True, True): "↔"}


def _name(node: CanvasNode) -> str:
    """What a card is called where another leads to it."""
    if node.label:
        return node.label
    if node.link:
        return node.link.target.rpartition("/")[2].removesuffix(".md")
    if node.address:
        return node.address
    first = next((t for t in node.note.tokens if t.type == "inline"), None) if node.note else None
    words = plain_text(first.children or ()) if first else ""
    return words if len(words) <= _NAME else words[:_NAME].rstrip() + "…"


def _style(color: str, box: str = "") -> str:
    """A style attribute: a place, and a colour that the style sheet makes use of."""
    value = f"var(--pn-canvas-{color})" if len(color) == 1 else color
    parts = [part for part in (box, f"--pn-color:{value}" if color else "") if part]
    return f' style="{";".join(parts)}"' if parts else ""
