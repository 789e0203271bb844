"""Operators: two values -> one, by their types."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from provenote.queries import dates
from provenote.queries.values import Duration, Failed, Value, compare, number, text_of, type_of

_MOST = 100_000
"""Characters that a text may be repeated to."""


def negative(value: Value) -> Value:
    if value is None:
        return None
    if isinstance(value, Duration):
        return value.times(-1)
    return -_number(value, "-")


def _number(value: Value, operator: str) -> float:
    if type_of(value) != "number":
        raise Failed(f"`{operator}` does not take {type_of(value)}")
    found: float = value
    return found


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def operate(operator: str, left: Value, right: Value, *, javascript: bool = False) -> Value:
    """What an operator makes of two values, by their types; raises Failed."""
    if javascript:
        left, right = as_link(left), as_link(right)
    if operator in _ORDERS:
        if javascript and operator not in {"=", "!="} and type_of(left) != type_of(right):
            return False  # in Bases nothing is less or more than what is not there
        return _ORDERS[operator](compare(left, right))
    if javascript:
        left, right = _with_durations(operator, left, right)
    kinds = type_of(left), type_of(right)
    if operator == "+" and "string" in kinds:
        null = "" if javascript else "-"
        return text_of(left, null=null) + text_of(right, null=null)
    if kinds == ("number", "number"):
        return _bounded(_ARITHMETIC[operator], operator, left, right)
    if javascript and (operator, *kinds) == ("-", "date", "date"):
        return round((left - right).total_seconds() * 1000)
    if function := _OPERATORS.get((operator, *kinds)):
        return _bounded(function, operator, left, right)
    if left is None or right is None:
        return None
    raise Failed(f"`{operator}` does not take {kinds[0]} and {kinds[1]}")


def as_link(value: Value) -> Value:
    """A note or file as the link that leads to it, which is how Bases compare them."""
    return getattr(value, "reference", value)


def _with_durations(operator: str, left: Value, right: Value) -> tuple[Value, Value]:
    """In Bases a text beside a date is a duration: `date + "7d"`."""
    if operator in {"+", "-"} and isinstance(left, datetime) and isinstance(right, str):
        return left, dates.read_duration(right) or right
    return left, right


def repeated(text: str, times: float) -> str:
    """A text so many times; raises Failed where it would be a book."""
    if len(text) * times > _MOST:
        raise Failed(f"a text is repeated to more than {_MOST} characters")
    return text * max(0, int(times))


_OPERATORS: Mapping[tuple[str, str, str], Callable[[Any, Any], Value]] = {
    ("*", "string", "number"): repeated,
    ("*", "number", "string"): lambda times, text: repeated(text, times),
    ("-", "date", "date"): dates.between,
    ("+", "date", "duration"): dates.add,
    ("-", "date", "duration"): lambda date, by: dates.add(date, by.times(-1)),
    ("+", "duration", "date"): lambda by, date: dates.add(date, by),
    ("+", "duration", "duration"): Duration.plus,
    ("-", "duration", "duration"): lambda one, other: one.plus(other.times(-1)),
    ("*", "duration", "number"): Duration.times,
    ("*", "number", "duration"): lambda times, by: by.times(times),
    ("/", "duration", "number"): lambda by, parts: by.times(1 / parts) if parts else None,
    ("+", "array", "array"): lambda one, other: [*one, *other],
    ("+", "object", "object"): lambda one, other: {**one, **other},
}


def _remainder(left: float, right: float) -> float:
    """As in JavaScript, with the sign of `left`."""
    return left - right * int(left / right)


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Value]] = {
    "+": lambda left, right: number(left + right),
    "-": lambda left, right: number(left - right),
    "*": lambda left, right: number(left * right),
    "/": lambda left, right: left / right,
    "%": _remainder,
}


def _bounded(
    function: Callable[[Any, Any], Value], operator: str, left: Value, right: Value
) -> Value:
    try:
        return function(left, right)
    except ZeroDivisionError:
        return None  # no number that a page could show
    except (OverflowError, ValueError) as error:
        raise Failed(f"`{operator}` gives too large a number") from error
