"""What cells gave, as HTML: text, values, figures, exceptions."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from html import escape, unescape
from string import ascii_lowercase

from provenote.model import Display, Failure, Output, Stream
from provenote.pages.book import Shown
from provenote.pages.code import PLAIN
from provenote.pages.pictures import picture
from provenote.pages.printed import latex, line, markdown
from provenote.pages.safe_html import safe
from provenote.pages.terminal import as_shown
from provenote.problems import Code, Problem
from provenote.run import svg


@dataclass(frozen=True)
class Spot:
    """Where on a page a cell is shown."""

    prefix: str
    """What makes the ids within its figures the page's own."""
    report: Callable[[Problem], None]
    """Takes what only showing the cell finds wrong."""
    keeps_id: Callable[[str], bool]
    """Whether an id of a value's HTML may stand in the page."""
    anchors: bool = True
    """Whether links may lead here; not so in a copy, in an embed."""
    origin: str = ""
    """HTML that names the file that the cell comes from, and leads to it."""
    captions: Sequence[str] = ()
    """HTML of what `fig-cap` says, or `tbl-cap`."""
    number: str = ""
    """`Figure 1`, where the cell's label is of such a kind."""


_EXPONENT = re.compile(r"-?[\d.]+e-\d+")
"""A number that a line would break behind its hyphen."""


class _Kind(Enum):
    FIGURE = "figure"
    TABLE = "table"
    """HTML or Markdown, which `tbl-cap` is about, and `fig-cap` where there is no picture."""
    OTHER = "other"


@dataclass(frozen=True)
class _Piece:
    """One output, as HTML."""

    html: str
    kind: _Kind = _Kind.OTHER


def outputs(shown: Shown, spot: Spot) -> str:
    """All that a cell shows under its source."""
    options = shown.cell.options
    if not options.output:
        return ""
    hidden = set() if options.warning else {"stderr"}
    seen = [o for o in shown.outputs if not (isinstance(o, Stream) and o.name in hidden)]
    pieces: list[_Piece] = []
    for number, output in enumerate(seen):
        pictures = sum(piece.kind is _Kind.FIGURE for piece in pieces)
        pieces.append(
            _piece(output, shown, replace(spot, prefix=f"{spot.prefix}-{number}"), pictures)
        )
    return "".join(_captioned(pieces, shown, spot))


def alone(data: Mapping[str, str], shown: Shown, spot: Spot) -> str:
    """One value of a cell, with the cell's caption."""
    piece = _display(data, shown, spot, 0)
    return "".join(_captioned([piece], shown, spot))


def _piece(output: Output, shown: Shown, spot: Spot, pictures: int) -> _Piece:
    if isinstance(output, Failure):
        text = as_shown(output.traceback or output.cause)
        return _Piece(f'<pre class="pn-output pn-failure" role="alert">{text}</pre>\n')
    if isinstance(output, Display):
        return _display(output.data, shown, spot, pictures)
    if shown.cell.options.asis and output.name == "stdout":
        return _Piece(_markdown(output.text, shown, spot), _Kind.TABLE)
    return _Piece(f'<pre class="pn-output pn-{output.name}">{as_shown(output.text)}</pre>\n')


# ------------------------------------------------------------------- captions


def _captioned(pieces: Sequence[_Piece], shown: Shown, spot: Spot) -> Iterator[str]:
    """The pieces, with each caption at the figure or table that it is of."""
    captions = dict(_placed(pieces, shown, spot))
    for at, piece in enumerate(pieces):
        caption = captions.get(at, "")
        if piece.kind is _Kind.FIGURE:
            yield f'<figure class="pn-figure">{piece.html}{caption}</figure>\n'
        elif caption and _of_table(shown, spot):
            yield f'<figure class="pn-table">{caption}\n{piece.html}</figure>\n'
        elif caption:
            yield f'<figure class="pn-figure">\n{piece.html}{caption}</figure>\n'
        else:
            yield piece.html


def _placed(pieces: Sequence[_Piece], shown: Shown, spot: Spot) -> Iterator[tuple[int, str]]:
    captions = _numbered(spot)
    if not captions or not pieces:
        return
    places = [at for at, piece in enumerate(pieces) if piece.kind is _Kind.FIGURE]
    if _of_table(shown, spot) or not places:
        places = [at for at, piece in enumerate(pieces) if piece.kind is _Kind.TABLE]
    if len(captions) == 1:
        places = places[-1:]  # it is of all of them
    failed = any(isinstance(output, Failure) for output in shown.outputs)
    if len(spot.captions) > len(places) and not failed:
        spot.report(_too_many(shown, spot, len(places)))
    for at, caption in zip(places, captions, strict=False):
        yield at, f"<figcaption>{caption}</figcaption>"


def _numbered(spot: Spot) -> Sequence[str]:
    """`Figure 1: what it shows`; letters tell several of one cell apart."""
    if not spot.number:
        return spot.captions
    if len(spot.captions) < 2:
        return [": ".join([spot.number, *spot.captions])]
    letters = (*ascii_lowercase, *(f"-{at}" for at in range(27, len(spot.captions) + 1)))
    return [f"{spot.number}{letters[at]}: {one}" for at, one in enumerate(spot.captions)]


def _of_table(shown: Shown, spot: Spot) -> bool:
    """Whether captions are those of tables."""
    return bool(shown.cell.options.tbl_cap) or spot.number.startswith("Table")


def _too_many(shown: Shown, spot: Spot, places: int) -> Problem:
    name, what = ("tbl-cap", "table") if _of_table(shown, spot) else ("fig-cap", "figure")
    has = f"{len(spot.captions)} captions, but the cell gives {places}"
    text = f"snippet option `{name}` has {has}"
    if not places:
        text = f"snippet option `{name}`: the cell gives no {what}"
    return Problem(Code.OPTION, shown.cell.place, text)


_TAG = re.compile(r"<[^>]*>")
_FRAME = re.compile("""<table[^>]*class=["']?dataframe""")
"""How pandas and polars write a table of data."""


def _alt(data: Mapping[str, str], shown: Shown, spot: Spot, at: int) -> str:
    """What the author says of the figure at `at`; else what it says itself; else its caption."""
    said = "".join(shown.cell.options.fig_alt[at : at + 1])
    caption = "".join(spot.captions[at : at + 1] or spot.captions[:1])
    alt = said or data.get(svg.ALT, "") or unescape(_TAG.sub("", caption))
    if not alt.strip():
        text = "the cell's figure has no text for those who do not see it"
        guess = "for example `#| fig-alt: what it shows`"
        spot.report(Problem(Code.NO_ALT, shown.cell.place, text, guess))
    return alt


# --------------------------------------------------------------------- values


def _display(data: Mapping[str, str], shown: Shown, spot: Spot, at: int) -> _Piece:
    """The richest form that a browser shows; `at` pictures of the cell came before."""
    if "text/html" in data and (html := _safe(data["text/html"], spot)):
        frame = " pn-frame" if _FRAME.search(data["text/html"]) else ""
        return _Piece(f'<div class="pn-output pn-html{frame}">{html}</div>\n', _Kind.TABLE)
    if said := data.get("text/markdown") or latex(data.get("text/latex", "")):
        return _Piece(_markdown(said, shown, spot), _Kind.TABLE)
    if drawn := picture(data, spot.prefix, lambda: _alt(data, shown, spot, at)):
        return _Piece(drawn, _Kind.FIGURE)
    if data.get("text/html", "").strip():
        spot.report(_scripted(shown))
    if "application/json" in data:
        return _Piece(PLAIN.block(_indented(data["application/json"]), "json") + "\n")
    plain = as_shown(data.get("text/plain", ""))
    return _Piece(f'<pre class="pn-output">{plain}</pre>\n')


def _scripted(shown: Shown) -> Problem:
    text = "the cell's value is drawn by a script or in a frame, which pages leave out"
    guess = "show an image of it, or plain HTML"
    return Problem(Code.SCRIPTED, shown.cell.place, text, guess)


def value(data: Mapping[str, str], shown: Shown, spot: Spot) -> str:
    """A value as it stands in the prose."""
    if "text/html" in data and (html := _safe(data["text/html"], spot)):
        return html
    if said := data.get("text/markdown") or latex(data.get("text/latex", "")):
        return line(said, shown.cell.place, spot.report, lambda html: _safe(html, spot))
    if drawn := picture(data, spot.prefix, lambda: _alt(data, shown, spot, 0)):
        return drawn
    text = data.get("text/plain", "")
    whole = " pn-kept" if _EXPONENT.fullmatch(text) else ""
    return f'<span class="pn-value{whole}">{escape(text)}</span>'


def _markdown(text: str, shown: Shown, spot: Spot) -> str:
    html = markdown(text, shown.cell.place, spot.report, lambda html: _safe(html, spot))
    return f'<div class="pn-output pn-html">{html}</div>\n'


def _safe(html: str, spot: Spot) -> str:
    return safe(html, spot.prefix, spot.keeps_id)


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
