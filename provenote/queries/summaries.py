"""Summaries: what a base says of a column as a whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from provenote.queries import dates
from provenote.queries.lists import unique
from provenote.queries.values import Value, type_of


def summary(name: str, values: Sequence[Value]) -> Value:
    """One of the summaries that Bases know of a column; None for none of them."""
    numbers = sorted(value for value in values if type_of(value) == "number")
    moments = sorted(value for value in values if isinstance(value, datetime))
    empty = sum(value in (None, "") or value == [] for value in values)
    ordered: list[Any] = numbers or moments
    match name:
        case "Sum":
            return sum(numbers)
        case "Checked" | "Unchecked":
            return sum(value is (name == "Checked") for value in values)
        case "Empty":
            return empty
        case "Filled":
            return len(values) - empty
        case "Unique":
            return len(unique(values))
        case "Min" | "Earliest" if ordered:
            return ordered[0]
        case "Max" | "Latest" if ordered:
            return ordered[-1]
        case "Average" if numbers:
            return sum(numbers) / len(numbers)
        case "Median" if numbers:
            middle = len(numbers) // 2
            return (
                numbers[middle] if len(numbers) % 2 else sum(numbers[middle - 1 : middle + 1]) / 2
            )
        case "Stddev" if numbers:
            mean = sum(numbers) / len(numbers)
            return (sum((n - mean) * (n - mean) for n in numbers) / len(numbers)) ** 0.5
        case "Range" if numbers:
            return numbers[-1] - numbers[0]
        case "Range" if moments:
            return dates.between(moments[-1], moments[0])
    return None
