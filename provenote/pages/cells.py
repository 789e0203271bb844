"""Cells: the source of a snippet and what running it gave."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape

from markdown_it import MarkdownIt

from provenote.model import Cell, Display, Failure, Output, Session, Show, Stream
from provenote.pages.book import Shown
from provenote.pages.code import highlighted
from provenote.run import svg
from provenote.syntax import maths

OPTION_LINES = re.compile(r"\A(?:[ \t]*#\|.*\n?)+")


@dataclass(frozen=True)
class Spot:
    """Where on a page a cell is shown."""

    prefix: str
    """What makes the ids within its figures the page's own."""
    anchors: bool = True
    """Whether links may lead here; not so in a copy, in an embed."""
    origin: str = ""
    """HTML that names the file that the cell comes from, and leads to it."""


def cell(shown: Shown, spot: Spot, info: str = "python") -> str:
    """A cell as it stands in the page: its source, then its outputs."""
    source = _source(shown.cell, info, spot.origin)
    return f'<div class="pn-cell"{_anchor(shown, spot)}>\n{source}{_outputs(shown, spot)}</div>\n'


def script(session: Session, shown: tuple[Shown, ...], spot: Spot) -> str:
    """A whole snippet file: its source folded under a link to the file, then its outputs."""
    source = highlighted("".join(c.source for c in session.cells), "python")
    outputs = "".join(
        f"<div{_anchor(one, spot)}>{html}</div>\n"
        for number, one in enumerate(shown)
        if (html := _outputs(one, replace(spot, prefix=f"{spot.prefix}-{number}")))
    )
    return f'<div class="pn-cell">\n{_folded(source, spot.origin)}{outputs}</div>\n'


def _anchor(shown: Shown, spot: Spot) -> str:
    label = shown.cell.options.label
    return f' id="{escape(label)}"' if label and spot.anchors else ""


def inline(shown: Shown) -> str:
    """The value of an inline expression, as it stands in the prose."""
    for output in shown.outputs:
        if isinstance(output, Display) and "text/html" in output.data:
            return output.data["text/html"]
        if isinstance(output, Display) and "text/plain" in output.data:
            return f'<span class="pn-value">{escape(output.data["text/plain"])}</span>'
    expression = escape(shown.cell.source.strip())
    return f'<code class="pn-unresolved">{expression}</code>'


def _source(cell: Cell, info: str, origin: str) -> str:
    if cell.options.show is Show.HIDDEN:
        return ""
    code = highlighted(OPTION_LINES.sub("", cell.source), info)
    if cell.options.show is Show.FOLDED:
        return _folded(code, origin or "Code")
    return f'<p class="pn-origin">{origin}</p>\n{code}\n' if origin else code + "\n"


def _folded(code: str, summary: str) -> str:
    return f'<details class="pn-code"><summary>{summary}</summary>\n{code}</details>\n'


def _outputs(shown: Shown, spot: Spot) -> str:
    if not shown.cell.options.output:
        return ""
    hidden = set() if shown.cell.options.warning else {"stderr"}
    return "".join(
        _output(output, shown, f"{spot.prefix}-{number}")
        for number, output in enumerate(shown.outputs)
        if not (isinstance(output, Stream) and output.name in hidden)
    )


_TERMINAL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours and other orders to a terminal
    r"|[^\n]*\r(?!\n)"  # what a progress bar drew before it drew anew
    r"|[\x00-\x08\x0b-\x1f\x7f]"  # no characters of HTML
)


def _text(text: str) -> str:
    """What a terminal would show in the end, as HTML."""
    return escape(_TERMINAL.sub("", text))


def _output(output: Output, shown: Shown, prefix: str) -> str:
    if isinstance(output, Stream):
        return f'<pre class="pn-output pn-{output.name}">{_text(output.text)}</pre>\n'
    if isinstance(output, Failure):
        text = _text(output.traceback or output.cause)
        return f'<pre class="pn-output pn-failure" role="alert">{text}</pre>\n'
    return display(output.data, shown, prefix)


_IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def display(data: Mapping[str, str], shown: Shown, prefix: str) -> str:
    """The richest form that a browser shows."""
    alt = shown.cell.options.fig_alt or data.get(svg.ALT, "") or shown.cell.options.fig_cap
    if "text/html" in data:
        return f'<div class="pn-output pn-html">{data["text/html"]}</div>\n'
    if "image/svg+xml" in data:
        return _figure(svg.inline(data["image/svg+xml"], prefix, alt), shown)
    for kind in _IMAGES:
        if kind in data:
            image = f'<img src="data:{kind};base64,{data[kind].strip()}" alt="{escape(alt)}">'
            return _figure(image, shown)
    text = data.get("text/markdown") or data.get("text/latex") or data.get("text/plain", "")
    return f'<pre class="pn-output">{_text(text)}</pre>\n'


@cache
def _captions() -> MarkdownIt:
    """Captions hold formatting and maths, but no links into the vault."""
    return MarkdownIt("commonmark").use(maths.plugin)


def _figure(image: str, shown: Shown) -> str:
    caption = shown.cell.options.fig_cap
    below = f"<figcaption>{_captions().renderInline(caption)}</figcaption>" if caption else ""
    return f'<figure class="pn-figure">{image}{below}</figure>\n'
