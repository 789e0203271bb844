"""The functions of Dataview (https://blacksmithgu.github.io/obsidian-dataview/reference/functions)."""

import re
from collections.abc import Mapping
from math import ceil, floor, trunc

from provenote.queries import dates
from provenote.queries.evaluate import Function, Scope, member
from provenote.queries.lists import (
    average,
    contains,
    containsword,
    econtains,
    extract,
    extreme_by,
    flat,
    folded,
    greatest,
    icontains,
    is_list,
    itemwise,
    join,
    judge,
    least,
    nonnull,
    over_list,
    reduced,
    reversed_,
    rounded,
    sorted_,
    sum_,
    unique,
)
from provenote.queries.values import Reference, Value, number, text_of, truthy, type_of

_MOST = 10_000
"""Characters that a text may be padded to."""


# ------------------------------------------------------------- constructors


def _date(scope: Scope, value: Value, form: str = "") -> Value:
    if isinstance(value, str):
        if shorthand := dates.SHORTHANDS.get(value.strip().lower()):
            return shorthand(scope.vault.now())
        return dates.read_date(value)
    if isinstance(value, Reference):
        day = dates.read_date(value.text) or dates.read_date(value.path)
        return day or member(member(value, "file", scope), "day", scope)
    return value if type_of(value) == "date" else None


def _number(scope: Scope, value: Value) -> Value:
    if type_of(value) == "number":
        return value
    found = re.search(r"-?\d+(\.\d+)?", value)
    return number(float(found[0]) if found[1] else int(found[0])) if found else None


def _link(scope: Scope, target: Value, text: Value = None, embed: Value = False) -> Value:
    known = target if isinstance(target, Reference) else scope.vault.resolve(str(target))
    shown = text_of(text, null="") or known.text
    return Reference(known.path, known.fragment, shown, truthy(embed), known.file)


def _embed(scope: Scope, link: Reference, on: Value = True) -> Value:
    return Reference(link.path, link.fragment, link.text, truthy(on), link.file)


def _elink(scope: Scope, address: str, text: str = "") -> Value:
    return f"[{text or address}]({address})"


def _object(scope: Scope, *pairs: Value) -> Value:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _meta(scope: Scope, link: Reference) -> Value:
    kind = "block" if link.fragment.startswith("^") else "header" if link.fragment else "file"
    return {
        "display": link.text or None,
        "embed": link.embed,
        "path": link.path,
        "subpath": link.fragment.removeprefix("^") or None,
        "type": kind,
    }


# -------------------------------------------------------------------- texts


@itemwise(0, 1, null=False)
def _regexmatch(scope: Scope, source: str, text: str) -> Value:
    whole = source if source.startswith("^") or source.endswith("$") else f"^(?:{source})$"
    return scope.vault.patterns.found(whole, text)


@itemwise(0, 1, null=False)
def _regextest(scope: Scope, source: str, text: str) -> Value:
    return scope.vault.patterns.found(source, text)


@itemwise(0, 1, 2)
def _regexreplace(scope: Scope, text: str, source: str, by: str) -> Value:
    return scope.vault.patterns.replaced(source, text, by, "g")


def _split(scope: Scope, text: str | None, source: str, most: int | None = None) -> Value:
    if text is None:
        return None
    parts = scope.vault.patterns.parts(source, text)
    return parts if most is None else parts[: int(most)]


@itemwise(0)
def _padding(scope: Scope, text: str, width: float, fill: str = " ") -> Value:
    lacking = min(_MOST, int(width)) - len(text)
    return (fill * lacking)[:lacking] if fill and lacking > 0 else ""


@itemwise(0)
def _truncate(scope: Scope, text: str, length: float, suffix: str = "...") -> Value:
    kept = int(length) - len(suffix)
    return text[: max(0, kept)] + suffix if len(text) > kept else text


def _default(scope: Scope, value: Value, other: Value) -> Value:
    return other if value is None else value


def _display(scope: Scope, value: Value) -> Value:
    if is_list(value):
        return ", ".join(_display(scope, item) for item in value)
    return value.shown if isinstance(value, Reference) else text_of(value, null="")


@itemwise(0)
def _currency(scope: Scope, number: float, code: str = "USD") -> Value:
    symbol = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}.get(code, f"{code} ")
    return f"{'-' if number < 0 else ''}{symbol}{abs(number):,.{0 if code == 'JPY' else 2}f}"


FUNCTIONS: Mapping[str, Function] = {
    "object": _object,
    "list": lambda scope, *items: list(items),
    "array": lambda scope, *items: list(items),
    "date": itemwise(0)(_date),
    "dur": itemwise(0)(lambda s, v: dates.read_duration(v) if isinstance(v, str) else v),
    "number": itemwise(0)(_number),
    "string": lambda scope, value: text_of(value),
    "link": itemwise(0)(_link),
    "embed": itemwise(0)(_embed),
    "elink": itemwise(0)(_elink),
    "typeof": lambda scope, value: type_of(value),
    "round": itemwise(0)(lambda s, number, digits=0: rounded(number, digits or 0)),
    "trunc": itemwise(0)(lambda s, number: trunc(number)),
    "floor": itemwise(0)(lambda s, number: floor(number)),
    "ceil": itemwise(0)(lambda s, number: ceil(number)),
    "min": least,
    "max": greatest,
    "sum": sum_,
    "product": folded("*"),
    "average": average,
    "minby": extreme_by(-1),
    "maxby": extreme_by(1),
    "contains": contains,
    "icontains": icontains,
    "econtains": econtains,
    "containsword": containsword,
    "extract": extract,
    "sort": sorted_,
    "reverse": reversed_,
    "length": lambda scope, value: 0 if value is None else len(value),
    "nonnull": nonnull,
    "firstvalue": lambda s, items: next((v for v in items or () if v is not None), None),
    "all": judge(all),
    "any": judge(any),
    "none": judge(lambda found: not any(found)),
    "join": join,
    "filter": over_list(lambda items, by: [item for item in items if truthy(by(item))]),
    "map": over_list(lambda items, by: [by(item) for item in items]),
    "flat": over_list(flat),
    "slice": over_list(
        lambda items, start=0, end=None: items[int(start) : None if end is None else int(end)]
    ),
    "unique": over_list(unique),
    "reduce": reduced,
    "regextest": _regextest,
    "regexmatch": _regexmatch,
    "regexreplace": _regexreplace,
    "replace": itemwise(0, 1, 2)(lambda s, text, old, new: text.replace(old, new)),
    "lower": itemwise(0)(lambda s, text: text.lower()),
    "upper": itemwise(0)(lambda s, text: text.upper()),
    "split": _split,
    "startswith": itemwise(0, 1)(lambda s, text, start: text.startswith(start)),
    "endswith": itemwise(0, 1)(lambda s, text, end: text.endswith(end)),
    "padleft": itemwise(0)(lambda s, text, *given: _padding(s, text, *given) + text),
    "padright": itemwise(0)(lambda s, text, *given: text + _padding(s, text, *given)),
    "substring": itemwise(0)(
        lambda s, text, start, end=None: text[int(start) : None if end is None else int(end)]
    ),
    "truncate": _truncate,
    "default": lambda s, value, other: (
        [_default(s, v, other) for v in value] if is_list(value) else _default(s, value, other)
    ),
    "ldefault": _default,
    "display": _display,
    "choice": lambda s, test, yes, no: yes if truthy(test) else no,
    "striptime": itemwise(0)(lambda s, date: dates.midnight(date)),
    "dateformat": itemwise(0)(lambda s, date, form: dates.luxon(date, form)),
    "currencyformat": _currency,
    "meta": _meta,
}
