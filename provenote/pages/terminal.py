"""Text as a terminal would show it in the end: lines drawn anew, colours and all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby, islice

_TOKEN = re.compile(
    r"\x1b\[(?P<numbers>[0-?]*)[ -/]*(?P<order>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a window's title, a link
    r"|(?P<move>[\r\n\b])"
    r"|[\x00-\x08\x0b-\x1f\x7f]"  # no characters of HTML
    r"|(?P<text>[^\x00-\x08\x0a-\x1f\x7f]+)"
)
_ORDERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FLAGS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "struck"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("inverse",), 29: ("struck",)}
_FARTHEST = 2000
"""How far right an order may move."""


@dataclass(frozen=True)
class _Style:
    fg: str = ""
    """A number from 0 to 15, or `#rrggbb`."""
    bg: str = ""
    flags: frozenset[str] = frozenset()


_PLAIN = _Style()


def as_shown(text: str) -> str:
    """What a terminal shows after it was given a text, as HTML."""
    if not _ORDERS.search(text):
        return escape(text)
    screen = _Screen()
    for token in _TOKEN.finditer(text):
        screen.take(token)
    return "\n".join(map(_line, screen.rows))


@dataclass
class _Screen:
    """What is written where; it has no edges."""

    rows: list[list[tuple[str, _Style]]] = field(default_factory=lambda: [[]])
    row: int = 0
    column: int = 0
    style: _Style = _PLAIN

    def take(self, token: re.Match[str]) -> None:
        if text := token["text"]:
            self._write(text)
        elif token["move"] == "\n":
            if self.row + 1 == len(self.rows):
                self.rows.append([])
            self._go(self.row + 1, 0)
        elif token["move"]:
            self._go(self.row, self.column - 1 if token["move"] == "\b" else 0)
        elif token["order"]:
            numbers = [int(n[:9]) if n.isdecimal() else 0 for n in token["numbers"].split(";")]
            self._obey(token["order"], numbers)

    def _write(self, text: str) -> None:
        line = self.rows[self.row]
        line += [(" ", _PLAIN)] * (self.column - len(line))
        end = self.column + len(text)
        line[self.column : end] = [(character, self.style) for character in text]
        self.column = end

    def _go(self, row: int, column: int) -> None:
        """Move to where there is a line; below the last there is none."""
        self.row = min(max(0, row), len(self.rows) - 1)
        self.column = min(max(0, column), _FARTHEST)

    def _obey(self, order: str, numbers: Sequence[int]) -> None:
        count = max(1, numbers[0])
        if order == "m":
            self.style = _styled(self.style, iter(numbers))
        elif order in "ABCD":
            down, right = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1)}[order]
            self._go(self.row + down * count, self.column + right * count)
        elif order == "G":
            self._go(self.row, count - 1)
        elif order == "K":
            self._erase(numbers[0])
        elif order == "J" and numbers[0] in {2, 3}:
            self.rows[:] = [[] for _ in self.rows]
        elif order == "J" and numbers[0] == 0:
            self._erase(0)
            del self.rows[self.row + 1 :]

    def _erase(self, which: int) -> None:
        """What stands behind the cursor (0), before it (1), or all of the line (2)."""
        line = self.rows[self.row]
        if which == 0:
            del line[self.column :]
        else:
            stop = self.column + 1 if which == 1 else len(line)
            line[:stop] = [(" ", _PLAIN)] * min(stop, len(line))


def _styled(style: _Style, numbers: Iterator[int]) -> _Style:
    for number in numbers:
        if number == 0:
            style = _PLAIN
        elif number in _FLAGS:
            style = replace(style, flags=style.flags | {_FLAGS[number]})
        elif number in _OFF:
            style = replace(style, flags=style.flags - {*_OFF[number]})
        elif number in {38, 48}:
            colour = _rich_colour(numbers)
            style = replace(style, fg=colour) if number == 38 else replace(style, bg=colour)
        elif number in {39, 49}:
            style = replace(style, fg="") if number == 39 else replace(style, bg="")
        else:
            style = _coloured(style, number)
    return style


def _coloured(style: _Style, number: int) -> _Style:
    for base, first in ((30, 0), (90, 8)):
        if base <= number < base + 8:
            return replace(style, fg=str(number - base + first))
        if base + 10 <= number < base + 18:
            return replace(style, bg=str(number - base - 10 + first))
    return style


def _rich_colour(numbers: Iterator[int]) -> str:
    """What follows `38` or `48`: `5;N` of 256 colours, or `2;R;G;B`."""
    kind = next(numbers, 0)
    if kind == 2:
        return "#" + "".join(f"{min(n, 255):02x}" for n in islice(numbers, 3)).ljust(6, "0")
    number = min(next(numbers, 0), 255) if kind == 5 else 0
    if number < 16:
        return str(number)
    if number >= 232:
        return f"#{8 + 10 * (number - 232):02x}" + f"{8 + 10 * (number - 232):02x}" * 2
    steps = (0, 95, 135, 175, 215, 255)
    digits = divmod(number - 16, 36)[0], (number - 16) // 6 % 6, (number - 16) % 6
    return "#" + "".join(f"{steps[digit]:02x}" for digit in digits)


def _line(cells: Sequence[tuple[str, _Style]]) -> str:
    return "".join(
        _span("".join(character for character, _ in run), style)
        for style, run in groupby(cells, key=lambda cell: cell[1])
    )


def _span(text: str, style: _Style) -> str:
    if style == _PLAIN:
        return escape(text)
    classes = [f"pn-ansi-{flag}" for flag in sorted(style.flags)]
    rules = []
    for name, colour in (("color", style.fg), ("background", style.bg)):
        if colour.startswith("#"):
            rules.append(f"{name}: {colour}")
        elif colour:
            classes.append(f"pn-ansi-{'fg' if name == 'color' else 'bg'}{colour}")
    said = f' class="{" ".join(classes)}"' if classes else ""
    drawn = f' style="{"; ".join(rules)}"' if rules else ""
    return f"<span{said}{drawn}>{escape(text)}</span>"
