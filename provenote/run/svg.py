"""A figure's SVG as text: follow the page's colours, and share no id with another figure."""

import html
import re

FOREGROUND = "#010203"
"""Text, axes and ticks are drawn in this colour, which no author would choose."""
GRID = "#010305"
BLACK = "#010204"
"""What `color="k"` or `"black"` draws."""
WHITE = "#fefdfc"
"""What `color="w"` or `"white"` draws."""

KIND = "image/svg+xml"

ALT = "text/x-alt"
"""MIME type under which a figure carries a description made from its titles and labels."""
SIZE = "text/x-size"
"""MIME type under which an image says how wide and high it is shown: `320 200`."""

_FG = "var(--pn-figure-fg, currentColor)"
_BG = "var(--pn-figure-bg, transparent)"
_MUTED = "var(--pn-figure-grid, rgba(128, 128, 128, 0.35))"
_FONTS = re.compile(r"'DejaVu Sans', [^;\"]*")
_FORMULA_FONT = "font-family: 'DejaVu Sans'"
"""Of formulas: each sign has its place, computed for this font or one as wide."""
_PREAMBLE = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_GLOBAL_STYLE = re.compile(r"\s*<defs>\s*<style type=\"text/css\">\*\{[^<]*</style>\s*</defs>")
_TEXT = re.compile(r"<text\b[^>]*>")
_IDS = re.compile(r"(\bid=\"|\bhref=\"#|url\(#)([^\")]+)")
_ROOT = re.compile(r"<svg\b")


def themed(svg: str) -> str:
    """Turn matplotlib's SVG into one that follows the site's light and dark colours."""
    svg = _PREAMBLE.sub("", svg)
    # Its style sheet would reach every SVG of the page; on the root it is inherited.
    svg = _GLOBAL_STYLE.sub("", svg)
    svg = _ROOT.sub('<svg style="stroke-linejoin: round; stroke-linecap: butt"', svg, count=1)
    svg = _FONTS.sub("var(--pn-figure-font, inherit)", svg)
    svg = svg.replace(_FORMULA_FONT, f"{_FORMULA_FONT}, Verdana, sans-serif")
    on_colour = any(WHITE in tag for tag in _TEXT.findall(svg))
    svg = _TEXT.sub(lambda match: _text_colours(match[0], on_colour=on_colour), svg)
    for drawn, meant in ((FOREGROUND, _FG), (GRID, _MUTED), (BLACK, _FG), (WHITE, _BG)):
        svg = svg.replace(drawn, meant)
    return svg.strip() + "\n"


def _text_colours(tag: str, *, on_colour: bool) -> str:
    """White text stands on something coloured, and the black text beside it does so too."""
    tag = tag.replace(WHITE, "#ffffff")
    return tag.replace(BLACK, "#000000") if on_colour else tag


def inline(svg: str, prefix: str, alt: str = "") -> str:
    """An SVG to stand in a page: ids of its own, and words for those who do not see it."""
    safe = re.sub(r"[^\w-]", "-", prefix)
    svg = _IDS.sub(rf"\g<1>{safe}-\g<2>", svg)
    label = f' aria-label="{html.escape(alt)}"' if alt else ""
    return _ROOT.sub(lambda _: f'<svg role="img"{label}', _PREAMBLE.sub("", svg), count=1)
