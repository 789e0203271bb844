"""Tables of figures, printed as Markdown so that a note can hold them."""

from collections.abc import Iterable, Sequence


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of equal width: the first one to the left, figures to the right."""
    lines = [tuple(heading), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    texts = [_line(line, widths) for line in lines]
    return "\n".join([texts[0], f"| {' | '.join(rule)} |", *texts[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = cells
    padded = [first.ljust(widths[0])]
    padded += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
    return f"| {' | '.join(padded)} |"


def ratio(value: float, ours: float) -> str:
    """How many times ours a value is."""
    return f"{value / ours:.1f}×" if ours else "–"
