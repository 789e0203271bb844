"""What a query gives: plain data, which `shown` makes tokens of."""

from collections.abc import Sequence
from dataclasses import dataclass

from provenote.queries.values import Value


@dataclass(frozen=True)
class Table:
    """Rows of cells under headings."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    title: Value = None
    """What a group of a base is for."""
    footer: Sequence[Value] = ()


@dataclass(frozen=True)
class Listing:
    """Values, or pairs of a name and a value."""

    items: Sequence[Value | tuple[Value, Value]]
    title: Value = None


@dataclass(frozen=True)
class Cards:
    """A card a row: an image if there is one, and named values."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]
    images: Sequence[Value]
    title: Value = None


@dataclass(frozen=True)
class Tasks:
    """Items of lists under what they are grouped by."""

    items: Sequence[Value]
    """Of type ItemFields."""
    title: Value = None


@dataclass(frozen=True)
class Inline:
    """A value in the prose."""

    value: Value


@dataclass(frozen=True)
class View:
    """The name of what stands below."""

    name: str


Part = Table | Listing | Cards | Tasks | Inline | View
