"""Mermaid diagrams, drawn when the site is built: a page needs no script to show one.

A diagram is drawn twice, in light and in dark colours; what differs between the two
drawings is their colours alone, and each pair of them becomes one `light-dark(…)`, which
follows the reader's palette.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from provenote.model import Fence
from provenote.problems import Code, Problem

_ID = "pnDiagram0"
"""Stands in a drawing for the id that its page gives it."""
_COLOR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|\b(?:white|black|gr[ae]y|lightgr[ae]y|navy|red)\b"
)
_LIGHT = {
    "darkMode": False,
    "background": "#ffffff",
    "primaryColor": "#e8eaf6",
    "secondaryColor": "#e0f2f1",
    "tertiaryColor": "#fafafa",
    "primaryBorderColor": "#7986cb",
    "lineColor": "#616161",
    "textColor": "#212121",
    "noteBkgColor": "#fff8e1",
    "noteBorderColor": "#ffca28",
}
_DARK = {
    "darkMode": True,
    "background": "#1e2129",
    "primaryColor": "#343a56",
    "secondaryColor": "#1f4644",
    "tertiaryColor": "#272b35",
    "primaryBorderColor": "#8490d0",
    "lineColor": "#a9adb8",
    "textColor": "#e4e6eb",
    "noteBkgColor": "#453d22",
    "noteBorderColor": "#a98f3a",
}
"""Colours from which Mermaid makes the others; `background` is that of Material's palettes."""
_LIGHT_SERIES = ("#c5cae9", "#b2dfdb", "#ffe0b2", "#f8bbd0", "#dcedc8", "#b3e5fc")
_DARK_SERIES = ("#3d4577", "#24585a", "#6b4a22", "#6d2f49", "#46602c", "#205473")
"""Of slices and branches, one after the other."""
_NAMED = re.compile(r'(<[^<>]*?)\sid="([^"]*)"')
_WIDTH = re.compile(r'width="100%"(.*?) style="max-width: ([\d.]+)px;')
_FONT = "arial, helvetica, sans-serif"
"""The font by whose widths the drawing is laid out, which it must therefore be shown in."""


@dataclass(frozen=True)
class Undrawn:
    """Why there is no drawing, and where in the source, both counted from 1."""

    reason: str
    guess: str = ""
    line: int = 1
    column: int = 0


def is_diagram(fence: Fence) -> bool:
    return fence.info.partition(" ")[0].strip("{}") == "mermaid"


def figure(fence: Fence, name: str) -> tuple[str, list[Problem]]:
    """A diagram, whose ids start with `name`; or nothing, and why."""
    drawn = _drawn(fence.code)
    if isinstance(drawn, Undrawn):
        place = fence.at(drawn.line, drawn.column)
        return "", [Problem(Code.DIAGRAM, place, f"diagram: {drawn.reason}", drawn.guess)]
    svg = drawn.replace(_ID, name)
    return f'<figure class="pn-diagram" tabindex="0">{svg}</figure>\n', []


def _sized(svg: str) -> str:
    """As wide as it is drawn, or else as its column; where letters get small, it scrolls."""
    return _WIDTH.sub(r'\1 style="width:min(\2px, max(100%, calc(\2px * 0.6)));', svg, count=1)


@lru_cache(maxsize=1024)
def _drawn(source: str) -> str | Undrawn:
    if _engine() is None:
        reason, guess = "diagrams are drawn by the package merman", "provenote[diagrams] brings it"
        return Undrawn(reason, guess)
    light = _svg(source, _variables(_LIGHT, _LIGHT_SERIES))
    dark = _svg(source, _variables(_DARK, _DARK_SERIES))
    if isinstance(light, Undrawn) or isinstance(dark, Undrawn):
        return light if isinstance(light, Undrawn) else dark
    light, dark = _sized(light), _sized(dark)
    if _COLOR.split(light) != _COLOR.split(dark):  # not so for any diagram that we know
        return light
    dark_colors = iter(_COLOR.findall(dark))
    return _COLOR.sub(lambda found: _pair(found[0], next(dark_colors)), light)


def _pair(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light},{dark})"


def _variables(colors: Mapping[str, Any], series: Sequence[str]) -> Mapping[str, Any]:
    """Colours under all the names that Mermaid has for them."""
    text, plain = colors["textColor"], colors["background"]
    texts = ("primary", "secondary", "tertiary")
    numbered = [series[n % len(series)] for n in range(12)]
    return {
        **colors,
        **{f"{name}TextColor": text for name in texts},
        **{f"cScale{n}": color for n, color in enumerate(numbered)},
        **{f"cScaleLabel{n}": text for n in range(12)},
        **{f"pie{n + 1}": color for n, color in enumerate(numbered)},
        **{f"git{n}": color for n, color in enumerate(numbered[:8])},
        **{f"gitBranchLabel{n}": text for n in range(8)},
        **{f"gitInv{n}": text for n in range(8)},
        "edgeLabelBackground": plain,
        "noteTextColor": text,
        "pieStrokeColor": colors["lineColor"],
        "pieOuterStrokeColor": colors["lineColor"],
        "titleColor": text,
        "fontFamily": _FONT,
        "fontSize": "16px",
    }


def _svg(source: str, variables: Mapping[str, Any]) -> str | Undrawn:
    merman = _engine()
    options = {
        "svg": {"diagram_id": _ID},
        "site_config": {
            "theme": "base",
            "look": "classic",
            "fontFamily": _FONT,
            "themeVariables": variables,
        },
    }
    client = merman.Merman()
    try:
        svg = client.render_svg(source, json.dumps(options))
        return _named_once(svg)
    except merman.MermanError as error:
        return _undrawn(client.analyze_json(source, None), str(error))


def _named_once(svg: str) -> str:
    """A drawing without the ids that it gives twice; the actors of two drawings differ."""
    taken: set[str] = set()

    def own(match: re.Match[str]) -> str:
        name = match[2] if match[2].startswith(_ID) else f"{_ID}-{match[2]}"
        if name in taken:
            return match[1]
        taken.add(name)
        return f'{match[1]} id="{name}"'

    return _NAMED.sub(own, svg)


def _undrawn(analysis: str, message: str) -> Undrawn:
    """The first error that the analysis finds; else what drawing said."""
    for found in json.loads(analysis)["diagnostics"]:
        if found["severity"] == "error":
            span = found["span"] or {"line": 1, "column": 0}
            return Undrawn(found["message"], line=span["line"], column=span["column"])
    return Undrawn(message.rpartition("message=")[2].strip("'"))


@cache
def _engine() -> Any:
    try:
        import merman  # noqa: PLC0415 - 20 MB that only a vault with diagrams needs
    except ImportError:
        return None
    return merman
