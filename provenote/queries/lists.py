"""Numbers and lists: what functions of Dataview and of Bases do with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cmp_to_key, reduce, wraps
from math import floor
from typing import Any

from provenote.queries.evaluate import Function, Scope, member
from provenote.queries.operators import operate
from provenote.queries.values import Value, compare, text_of, truthy, type_of


def is_list(value: Value) -> bool:
    return type_of(value) == "array"


def itemwise(*positions: int, null: Value = None) -> Callable[[Function], Function]:
    """Takes lists at these positions item by item; where one of them is null, so is the result."""

    def decorate(function: Function) -> Function:
        @wraps(function)
        def each(scope: Scope, *given: Value) -> Value:
            lists = [n for n in positions if n < len(given) and is_list(given[n])]
            if lists:
                rows = range(min(len(given[n]) for n in lists))
                return [
                    each(scope, *(v[row] if n in lists else v for n, v in enumerate(given)))
                    for row in rows
                ]
            if any(n < len(given) and given[n] is None for n in positions):
                return null
            return function(scope, *given)

        return each

    return decorate


# ------------------------------------------------------------------ numbers


def rounded(number: float, digits: float = 0) -> float:
    """Halves go up, as in JavaScript; no digits give a whole number."""
    if digits <= 0:
        return floor(number + 0.5)
    return float(Decimal(str(number)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def least(scope: Scope, *values: Value) -> Value:
    return _extreme(values, -1)


def greatest(scope: Scope, *values: Value) -> Value:
    return _extreme(values, 1)


def _extreme(values: Sequence[Value], sign: int) -> Value:
    given = values[0] if len(values) == 1 and is_list(values[0]) else values
    known = [value for value in given if value is not None]
    return reduce(lambda a, b: b if compare(b, a) == sign else a, known) if known else None


def extreme_by(sign: int) -> Function:
    def by(scope: Scope, items: Sequence[Value], key: Callable[[Value], Value]) -> Value:
        keyed = [(key(item), item) for item in items]
        known = [pair for pair in keyed if pair[0] is not None]
        if not known:
            return items[0] if items else None
        return reduce(lambda a, b: b if compare(b[0], a[0]) == sign else a, known)[1]

    return by


def folded(operator: str) -> Function:
    def fold(scope: Scope, items: Value) -> Value:
        if not is_list(items):
            return items
        known = [item for item in items if item is not None]
        return reduce(lambda a, b: operate(operator, a, b), known) if known else None

    return fold


sum_ = folded("+")


def average(scope: Scope, items: Value) -> Value:
    total = sum_(scope, items)
    return operate("/", total, len(items)) if is_list(items) and items else total


def reduced(scope: Scope, items: Sequence[Value], by: Any) -> Value:
    if isinstance(by, str):
        return reduce(lambda a, b: operate(by, a, b), items) if items else None
    known = [item for item in items if item is not None]
    return reduce(by, known) if known else None


# -------------------------------------------------------------------- lists


def contains(scope: Scope, where: Value, what: Value, *, fold: bool = False) -> Value:
    """Looks into lists, however deep; in a text for a part of it."""
    if is_list(what):
        return [contains(scope, where, item, fold=fold) for item in what]
    if is_list(where):
        return any(contains(scope, item, what, fold=fold) for item in where)
    if isinstance(where, str) and isinstance(what, str):
        return what.lower() in where.lower() if fold else what in where
    if isinstance(where, Mapping):
        return isinstance(what, str) and what in where
    return compare(where, what) == 0


def icontains(scope: Scope, where: Value, what: Value) -> Value:
    return contains(scope, where, what, fold=True)


def econtains(scope: Scope, where: Value, what: Value) -> Value:
    if is_list(where):
        return any(compare(item, what) == 0 for item in where)
    return contains(scope, where, what)


@itemwise(0, 1)
def containsword(scope: Scope, where: str, what: str) -> Value:
    return re.search(rf"\b{re.escape(what)}\b", where, re.IGNORECASE) is not None


def in_order(items: Sequence[Value], key: Callable[[Value], Value] = lambda item: item) -> Value:
    return sorted(items, key=cmp_to_key(lambda a, b: compare(key(a), key(b))))


def sorted_(scope: Scope, items: Value, key: Callable[[Value], Value] = lambda v: v) -> Value:
    return in_order(items, key) if is_list(items) else items


def reversed_(scope: Scope, items: Value) -> Value:
    return items[::-1] if is_list(items) or isinstance(items, str) else items


def judge(verdict: Callable[[Any], bool]) -> Function:
    def judge(scope: Scope, *given: Value) -> Value:
        if given and is_list(given[0]):
            items, test = given[0], given[1] if len(given) > 1 else (lambda item: item)
            return verdict(truthy(test(item)) for item in items)
        return verdict(map(truthy, given))

    return judge


def unique(items: Sequence[Value]) -> list[Value]:
    """Each value once, where it first stands."""
    kept: list[Value] = []
    for item in items:
        if all(compare(item, other) for other in kept):
            kept.append(item)
    return kept


def flat(items: Sequence[Value], depth: float = 1) -> list[Value]:
    """Lists within a list opened, so many deep."""
    if depth < 1:
        return list(items)
    opened = (flat(item, depth - 1) if is_list(item) else [item] for item in items)
    return [value for part in opened for value in part]


def nonnull(scope: Scope, *given: Value) -> Value:
    items = given[0] if len(given) == 1 and is_list(given[0]) else given
    return [item for item in items if item is not None]


def join(scope: Scope, items: Value, between: str | None = ", ") -> Value:
    parts = items if is_list(items) else [items]
    return (", " if between is None else between).join(map(text_of, parts))


def extract(scope: Scope, of: Value, *names: str) -> Value:
    if is_list(of):
        return [extract(scope, item, *names) for item in of]
    return {name: member(of, name, scope) for name in names}


def over_list(function: Callable[..., Value]) -> Function:
    """Takes a list, and gives nothing for nothing."""

    def over(scope: Scope, items: Value, *given: Value) -> Value:
        if items is None:
            return None
        if not is_list(items):
            raise TypeError
        return function(items, *given)

    return over
