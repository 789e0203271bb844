"""What expressions are about: the values of Dataview and Bases, compared as these compare them.

null      None                 date      datetime, without a zone
boolean   bool                 duration  Duration
number    int, float           link      Reference
string    str                  array     list
object    Mapping              function  a callable
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cmp_to_key
from types import NoneType
from typing import Any

from provenote.model import VaultFile, VaultPath
from provenote.paths import stem

Value = Any
"""One of the above; a type of its own would say no more."""


class Failed(Exception):  # noqa: N818 - the value of an expression, not an error of ours
    """Why an expression has no value for a row, which is then left out."""


@dataclass(frozen=True)
class Duration:
    """A span of time: months are no fixed number of days."""

    months: float = 0
    seconds: float = 0

    def times(self, factor: float) -> "Duration":
        return Duration(self.months * factor, self.seconds * factor)

    def plus(self, other: "Duration") -> "Duration":
        return Duration(self.months + other.months, self.seconds + other.seconds)

    @property
    def total(self) -> float:
        """Seconds, where a year has 365 days and a month 30."""
        years, months = divmod(self.months, 12)
        return (years * 365 + months * 30) * 86_400 + self.seconds


@dataclass(frozen=True)
class Reference:
    """A link as a value."""

    path: str
    """Of the file that it leads to; what is written where it leads to none."""
    fragment: str = ""
    text: str = ""
    embed: bool = False
    file: VaultFile | None = None
    """None where no published note or file has that name."""

    @property
    def shown(self) -> str:
        return self.text or " > ".join(filter(None, (stem(VaultPath(self.path)), self.fragment)))


_TYPES: Mapping[type, str] = {
    NoneType: "null", bool: "boolean", int: "number", float: "number", str: "string",
    datetime: "date", Duration: "duration", Reference: "link", list: "array", dict: "object",
}  # fmt: skip


def type_of(value: Value) -> str:
    """The name of a value's type, as Dataview's `typeof` gives it."""
    return _TYPES.get(type(value)) or _type_of(value)


def _type_of(value: Value) -> str:
    """The same for a value of a type derived from one of these."""
    match value:
        case str():
            return "string"
        case int() | float():
            return "number"
        case datetime():
            return "date"
        case Mapping():
            return "object"
        case Sequence():
            return "array"
    return "function"


_EXACT = 2**53


def number(value: float) -> float:
    """A number as JavaScript has it: a large one is of floating point."""
    if isinstance(value, int) and abs(value) > _EXACT:
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return value


def truthy(value: Value) -> bool:
    """Whether a value counts as true: what is there and not empty."""
    match value:
        case Duration():
            return value.total != 0
        case Reference():
            return bool(value.path)
        case datetime():
            return True
    return bool(value)


def compare(one: Value, other: Value) -> int:
    """-1, 0 or 1, for any two values: null is least, and types stand in alphabetical order."""
    if one is None or other is None:
        return (one is not None) - (other is not None)
    kind = type_of(one)
    if kind != type_of(other):
        return _sign(kind, type_of(other))
    match kind:
        case "string":
            return _sign(_collated(one), _collated(other))
        case "duration":
            return _sign(one.total, other.total)
        case "link":
            return _sign((one.path, one.fragment), (other.path, other.fragment))
        case "array":
            parts = (compare(a, b) for a, b in zip(one, other, strict=False))
            return next((part for part in parts if part), _sign(len(one), len(other)))
        case "object":
            keys = compare(sorted(one), sorted(other))
            parts = (compare(one[key], other[key]) for key in sorted(one))
            return keys or next((part for part in parts if part), 0)
        case "function":
            return 0
    return _sign(one, other)


sort_key = cmp_to_key(compare)
"""Makes of a value what Python sorts in this order."""


def _sign(one: Any, other: Any) -> int:
    return int(one > other) - int(one < other)


def _collated(text: str) -> tuple[str, str, str]:
    """Sorts as dictionaries do: accents, then case, tell apart only what else is the same."""
    plain = unicodedata.normalize("NFD", text)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return letters.casefold(), plain.casefold(), text.swapcase()


def text_of(value: Value, *, null: str = "-", inside: bool = False) -> str:
    """A value as Markdown within a string."""
    match value:
        case None:
            return null
        case bool():
            return str(value).lower()
        case float() | int():
            return number_text(value)
        case str():
            return value
        case datetime():
            return date_text(value)
        case Duration():
            return duration_text(value)
        case Reference():
            path = value.path.removesuffix(".md") + (f"#{value.fragment}" if value.fragment else "")
            return f"{'!' if value.embed else ''}[[{path}|{value.shown}]]"
        case Mapping():
            pairs = (f"{k}: {text_of(v, null=null, inside=True)}" for k, v in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case Sequence():
            items = ", ".join(text_of(item, null=null, inside=True) for item in value)
            return f"[{items}]" if inside else items
    return "<function>"


def number_text(number: float) -> str:
    """As JavaScript writes it: `3`, not `3.0`."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    whole = int(number)
    return str(whole) if whole == number and abs(number) < 1e21 else repr(number)


def date_text(date: datetime) -> str:
    """ISO 8601, without a time where that is midnight."""
    if (date.hour, date.minute, date.second) == (0, 0, 0):
        return f"{date:%Y-%m-%d}"
    return date.isoformat(" ", timespec="seconds" if date.second else "minutes")


_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def duration_text(duration: Duration) -> str:
    """`1 year, 2 months, 3 days`."""
    years, months = divmod(round(abs(duration.months), 6), 12)
    counts = [(years, "year"), (months, "month")]
    rest = abs(duration.seconds)
    for unit, seconds in _UNITS:
        count, rest = divmod(rest, seconds)
        counts.append((count, unit))
    sign = "-" if duration.total < 0 else ""
    words = [
        f"{sign}{number_text(count)} {unit}{'s' * (count != 1)}" for count, unit in counts if count
    ]
    return ", ".join(words) or "0 seconds"
