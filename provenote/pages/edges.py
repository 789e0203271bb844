"""Lines between the cards of a canvas, as SVG."""

from html import escape

from provenote.model import CanvasEdge, CanvasNode

_NORMALS = {"top": (0, -1), "right": (1, 0), "bottom": (0, 1), "left": (-1, 0)}
_ARROW = 14
"""Length of an arrow's head."""
_Point = tuple[float, float]


def line(edge: CanvasEdge, style: str) -> str:
    """One line with its heads and its label."""
    source_side, target_side = _sides(edge)
    start, end = _middle(edge.source, source_side), _middle(edge.target, target_side)
    reach = max(40.0, (abs(start[0] - end[0]) + abs(start[1] - end[1])) / 3)
    first, last = _out(start, source_side, reach), _out(end, target_side, reach)
    curve = f"M{_at(start)} C{_at(first)} {_at(last)} {_at(end)}"
    heads = (_head(end, target_side) if edge.target_arrow else "") + (
        _head(start, source_side) if edge.source_arrow else ""
    )
    label = _label(edge.label, (start, first, last, end)) if edge.label else ""
    return f'<g{style}><path d="{curve}"/>{heads}{label}</g>\n'


def _sides(edge: CanvasEdge) -> tuple[str, str]:
    """The sides that a line joins: those that face each other where none are named."""
    across = _center(edge.target)[0] - _center(edge.source)[0]
    down = _center(edge.target)[1] - _center(edge.source)[1]
    if abs(across) > abs(down):
        facing = ("right", "left") if across > 0 else ("left", "right")
    else:
        facing = ("bottom", "top") if down > 0 else ("top", "bottom")
    return edge.source_side or facing[0], edge.target_side or facing[1]


def _center(node: CanvasNode) -> _Point:
    return node.x + node.width / 2, node.y + node.height / 2


def _middle(node: CanvasNode, side: str) -> _Point:
    """The middle of a card's side, where its lines end."""
    (x, y), (right, down) = _center(node), _NORMALS[side]
    return x + right * node.width / 2, y + down * node.height / 2


def _out(point: _Point, side: str, reach: float) -> _Point:
    right, down = _NORMALS[side]
    return point[0] + right * reach, point[1] + down * reach


def _head(tip: _Point, side: str) -> str:
    """A triangle that points at the card."""
    (x, y), (right, down) = _out(tip, side, _ARROW), _NORMALS[side]
    half = _ARROW / 2
    corners = (tip, (x - down * half, y + right * half), (x + down * half, y - right * half))
    return f'<polygon points="{" ".join(map(_at, corners))}"/>'


def _label(text: str, curve: tuple[_Point, _Point, _Point, _Point]) -> str:
    """A label halfway along a Bézier curve, each line of it centred."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = curve
    x, y = (ax + 3 * bx + 3 * cx + dx) / 8, (ay + 3 * by + 3 * cy + dy) / 8
    lines = text.splitlines()
    spans = "".join(
        f'<tspan x="{x:g}" dy="{"1.2em" if number else f"{0.6 * (1 - len(lines)):g}em"}">'
        f"{escape(words)}</tspan>"
        for number, words in enumerate(lines)
    )
    return f'<text y="{y:g}">{spans}</text>'


def _at(point: _Point) -> str:
    return f"{point[0]:g},{point[1]:g}"
