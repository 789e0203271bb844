"""Evaluate: an expression and the names it uses -> a value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from provenote.queries import dates
from provenote.queries.expressions import (
    Binary,
    Call,
    Lambda,
    Link,
    ListOf,
    Literal,
    Member,
    Name,
    Node,
    ObjectOf,
    Regex,
    Unary,
)
from provenote.queries.values import (
    Duration,
    Failed,
    Reference,
    Value,
    compare,
    text_of,
    truthy,
    type_of,
)

_MOST = 100_000
"""Characters that a text may be repeated to."""


class Vault(Protocol):
    """What an expression may ask of the notes around it."""

    def resolve(self, written: str, *, embed: bool = False) -> Reference:
        """The file that a link leads to."""

    def page(self, reference: Reference) -> Mapping[str, Value] | None:
        """The fields of the note that a link leads to."""

    def now(self) -> datetime:
        """The moment of the build; who asks for it is noted."""


Function = Callable[..., Value]


@dataclass(frozen=True)
class Scope:
    """The names that an expression may use, and what it may call."""

    vault: Vault
    names: Mapping[str, Value]
    functions: Mapping[str, Function]
    """Called with the scope and their arguments."""
    methods: Mapping[str, Function] = field(default_factory=dict)
    """Called with the scope, the value before the dot, and their arguments."""
    lazy: frozenset[str] = frozenset()
    """Functions and methods whose arguments are expressions, not values."""
    javascript: bool = False
    """Whether values are compared and added as in Bases, not as in Dataview."""

    def having(self, names: Mapping[str, Value]) -> "Scope":
        """With further names, before those that are there."""
        return replace(self, names={**self.names, **names})


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of an expression; raises Failed where it has none."""
    match node:
        case Literal():
            return node.value
        case Name():
            return member(scope.names, node.name, scope)
        case Link():
            return scope.vault.resolve(node.written, embed=node.embed)
        case Regex():
            return node
        case Member():
            return member(evaluate(node.of, scope), evaluate(node.name, scope), scope)
        case Call():
            return _called(node, scope)
        case Unary():
            value = evaluate(node.operand, scope)
            return not truthy(value) if node.operator == "!" else _negative(value)
        case Binary():
            return _binary(node, scope)
        case ListOf():
            return [evaluate(item, scope) for item in node.items]
        case ObjectOf():
            return {name: evaluate(item, scope) for name, item in node.items}
        case Lambda():
            return _closure(node, scope)


def _closure(node: Lambda, scope: Scope) -> Function:
    def call(*values: Value) -> Value:
        given = dict.fromkeys(node.names) | dict(zip(node.names, values, strict=False))
        return evaluate(node.body, scope.having(given))

    return call


def _called(node: Call, scope: Scope) -> Value:
    if node.of is not None:
        function, given = scope.methods[node.name], [evaluate(node.of, scope)]
    else:
        function, given = scope.functions[node.name], []
    arguments: Sequence[Any] = node.arguments
    if node.name not in scope.lazy:
        arguments = [evaluate(argument, scope) for argument in node.arguments]
    try:
        return function(scope, *given, *arguments)
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError, re.error) as error:
        kinds = ", ".join(type_of(value) for value in (*given, *arguments))
        raise Failed(f"`{node.name}()` does not take {kinds or 'nothing'}") from error


def _negative(value: Value) -> Value:
    if value is None:
        return None
    if isinstance(value, Duration):
        return value.times(-1)
    return -_number(value, "-")


def _number(value: Value, operator: str) -> float:
    if type_of(value) != "number":
        raise Failed(f"`{operator}` does not take {type_of(value)}")
    number: float = value
    return number


# ------------------------------------------------------------------ members


def member(of: Value, name: Value, scope: Scope) -> Value:
    """A field of an object, of the note that a link leads to, of each item of a list."""
    match of:
        case None:
            return None
        case Reference():
            page = scope.vault.page(of)
            return None if page is None else member(page, name, scope)
        case datetime():
            return _date_part(of, str(name))
        case Duration():
            return _duration_part(of, str(name))
        case str() if name == "length":
            return len(of)
        case str() | Sequence() if isinstance(name, int | float):
            inside = -len(of) <= int(name) < len(of)
            return of[int(name)] if inside else None
        case Mapping():
            return _field(of, str(name))
        case Sequence() if not isinstance(of, str):
            if name == "length":
                return len(of)
            return [member(item, name, scope) for item in of]
    return None


def _field(of: Mapping[str, Value], name: str) -> Value:
    """A field by its name, or by the plain form of its name: `due-date` for `Due Date`."""
    if name in of:
        return of[name]
    return of.get(plain(name))


def plain(name: str) -> str:
    """A field's name as Dataview writes it in queries."""
    return re.sub(r"[^\w-]", "", re.sub(r"\s+", "-", name.strip())).lower()


_DATE_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})


def _date_part(date: datetime, name: str) -> Value:
    if name in _DATE_PARTS:
        return getattr(date, name)
    calendar = date.isocalendar()
    return {
        "millisecond": date.microsecond // 1000,
        "weekday": calendar.weekday,
        "week": calendar.week,
        "weekyear": calendar.week,
        "quarter": (date.month + 2) // 3,
    }.get(name)


def _duration_part(duration: Duration, name: str) -> Value:
    seconds = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
    if name in {"years", "months"}:
        return duration.total / (30 * 86_400) / (12 if name == "years" else 1)
    return duration.total / seconds[name] if name in seconds else None


# ---------------------------------------------------------------- operators


def _binary(node: Binary, scope: Scope) -> Value:
    left = evaluate(node.left, scope)
    if node.operator == "and":
        right = evaluate(node.right, scope) if truthy(left) else left
        return right if scope.javascript else truthy(right)
    if node.operator == "or":
        right = left if truthy(left) else evaluate(node.right, scope)
        return right if scope.javascript else truthy(right)
    return operate(node.operator, left, evaluate(node.right, scope), scope)


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def operate(operator: str, left: Value, right: Value, scope: Scope) -> Value:
    """What an operator makes of two values, by their types; raises Failed."""
    if scope.javascript:
        left, right = _plain(left), _plain(right)
    if operator in _ORDERS:
        if scope.javascript and operator not in {"=", "!="} and type_of(left) != type_of(right):
            return False  # in Bases nothing is less or more than what is not there
        return _ORDERS[operator](compare(left, right))
    if scope.javascript:
        left, right = _with_durations(operator, left, right)
    kinds = type_of(left), type_of(right)
    if operator == "+" and "string" in kinds:
        null = "" if scope.javascript else "-"
        return text_of(left, null=null) + text_of(right, null=null)
    if kinds == ("number", "number"):
        return _arithmetic(operator, left, right)
    if scope.javascript and (operator, *kinds) == ("-", "date", "date"):
        return round((left - right).total_seconds() * 1000)
    if function := _OPERATORS.get((operator, *kinds)):
        return function(left, right)
    if left is None or right is None:
        return None
    raise Failed(f"`{operator}` does not take {kinds[0]} and {kinds[1]}")


def _plain(value: Value) -> Value:
    """A note or file as the link that leads to it, which is how Bases compare them."""
    return getattr(value, "reference", value)


def _with_durations(operator: str, left: Value, right: Value) -> tuple[Value, Value]:
    """In Bases a text beside a date is a duration: `date + "7d"`."""
    if operator in {"+", "-"} and isinstance(left, datetime) and isinstance(right, str):
        return left, dates.read_duration(right) or right
    return left, right


def _repeated(text: str, times: float) -> str:
    if len(text) * times > _MOST:
        raise Failed(f"a text is repeated to more than {_MOST} characters")
    return text * max(0, int(times))


_OPERATORS: Mapping[tuple[str, str, str], Callable[[Any, Any], Value]] = {
    ("*", "string", "number"): _repeated,
    ("*", "number", "string"): lambda times, text: _repeated(text, times),
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


def _arithmetic(operator: str, left: float, right: float) -> Value:
    try:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
        return left - right * int(left / right)  # as in JavaScript, with the sign of `left`
    except ZeroDivisionError:
        return None  # no number that a page could show
    except OverflowError as error:
        raise Failed(f"`{operator}` gives too large a number") from error
