"""The functions of Bases (https://help.obsidian.md/bases/functions): global, and of values."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from math import ceil, floor
from typing import Any

from provenote.paths import fold
from provenote.queries import dates
from provenote.queries.evaluate import Function, Scope, evaluate, member, plain
from provenote.queries.lists import flat, greatest, in_order, is_list, least, rounded, unique
from provenote.queries.nodes import Node, Regex
from provenote.queries.operators import as_link, repeated
from provenote.queries.records import Facts
from provenote.queries.values import Reference, Value, compare, text_of, truthy, type_of


def _text(value: Value) -> str:
    return text_of(as_link(value), null="")


def _same(one: Value, other: Value) -> bool:
    return compare(as_link(one), as_link(other)) == 0


# ------------------------------------------------------------------ global


def _if(scope: Scope, test: Node, yes: Node, no: Node | None = None) -> Value:
    if truthy(evaluate(test, scope)):
        return evaluate(yes, scope)
    return None if no is None else evaluate(no, scope)


def _date(scope: Scope, value: Value) -> Value:
    return dates.read_date(value) if isinstance(value, str) else value


def _link(scope: Scope, target: Value, text: Value = None) -> Value:
    shown = "" if text is None else _text(text)
    known = as_link(target)
    if not isinstance(known, Reference):
        if re.match(r"https?://", str(known)):
            return f"[{shown or known}]({known})"
        known = scope.vault.resolve(str(known).strip().removeprefix("[[").removesuffix("]]"))
    return Reference(known.path, known.fragment, shown or known.text, known.embed, known.file)


def _image(scope: Scope, value: Value) -> Value:
    if isinstance(value, str) and re.match(r"https?://", value):
        return f"![]({value})"
    link = _link(scope, value)
    return Reference(link.path, embed=True, file=link.file)


def _file(scope: Scope, value: Value) -> Value:
    page = scope.vault.page(_link(scope, value))
    return None if page is None else page["file"]


def _number(scope: Scope, value: Value) -> Value:
    if isinstance(value, datetime):
        return int((value - datetime(1970, 1, 1)).total_seconds() * 1000)
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int | float) else float(value)


FUNCTIONS: Mapping[str, Function] = {
    "if": _if,
    "date": _date,
    "duration": lambda s, text: dates.read_duration(text),
    "today": lambda s: dates.midnight(s.vault.now()),
    "now": lambda s: s.vault.now(),
    "link": _link,
    "image": _image,
    "icon": lambda s, name: "",
    "file": _file,
    "list": lambda s, value: value if is_list(value) else [value],
    "number": _number,
    "min": least,
    "max": greatest,
    "escapeHTML": lambda s, text: escape(text),
    "html": lambda s, text: text,
}


# -------------------------------------------------------------- of any value


def _contains(scope: Scope, where: Value, what: Value) -> bool:
    if is_list(where):
        return any(_same(item, what) for item in where)
    if isinstance(where, Mapping):
        return what in where
    return isinstance(where, str) and _text(what) in where


def _is_empty(scope: Scope, value: Value) -> bool:
    return value is None or (isinstance(value, str | Mapping | list) and not value)


def _is_type(scope: Scope, value: Value, name: str) -> bool:
    return {"array": "list"}.get(type_of(value), type_of(value)) == name


# -------------------------------------------------------------- of lists


def _filter(scope: Scope, items: Sequence[Value], test: Node) -> Value:
    return [item for item, inner in _inner(scope, items) if truthy(evaluate(test, inner))]


def _map(scope: Scope, items: Sequence[Value], to: Node) -> Value:
    return [evaluate(to, inner) for _, inner in _inner(scope, items)]


def _reduce(scope: Scope, items: Sequence[Value], to: Node, start: Node) -> Value:
    total = evaluate(start, scope)
    for _, inner in _inner(scope, items):
        total = evaluate(to, inner.having({"acc": total}))
    return total


def _inner(scope: Scope, items: Sequence[Value]) -> list[tuple[Value, Scope]]:
    if not is_list(items):
        raise TypeError
    return [
        (item, scope.having({"value": item, "index": index})) for index, item in enumerate(items)
    ]


def _slice(scope: Scope, of: Any, start: int, end: int | None = None) -> Value:
    return of[int(start) : None if end is None else int(end)]


def _mean(scope: Scope, items: Sequence[Value]) -> Value:
    numbers = [item for item in items if type_of(item) == "number"]
    return sum(numbers) / len(numbers) if numbers else None


# -------------------------------------------------------------- of texts


def _replace(scope: Scope, text: str, old: Any, new: str) -> Value:
    if isinstance(old, Regex):
        return scope.vault.patterns.replaced(old.pattern, text, new, old.flags)
    return text.replace(old, new)


def _split(scope: Scope, text: str, between: Any, most: int | None = None) -> Value:
    if isinstance(between, Regex):
        parts = scope.vault.patterns.parts(between.pattern, text, between.flags)
    else:
        parts = text.split(between) if between else list(text)
    return parts if most is None else parts[: int(most)]


def _matches(scope: Scope, regex: Regex, text: str) -> bool:
    return scope.vault.patterns.found(regex.pattern, text, regex.flags)


def _title(scope: Scope, text: str) -> str:
    return re.sub(r"(^|\s)(\S)", lambda match: match[1] + match[2].upper(), text)


# -------------------------------------------------------------- of dates


def _relative(scope: Scope, date: datetime) -> str:
    seconds = (date - scope.vault.now()).total_seconds()
    units = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3_600))
    for unit, size in (*units, ("minute", 60)):
        if count := int(abs(seconds) // size):
            words = f"{count} {unit}{'s' * (count > 1)}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "now"


# -------------------------------------------------------------- of files


def _facts(scope: Scope, of: Value) -> Facts:
    """A file by itself, by a link to it, or as part of a note."""
    found = of if isinstance(of, Facts) else member(of, "file", scope)
    if not isinstance(found, Facts):
        raise TypeError
    return found


def _has_tag(scope: Scope, of: Value, *tags: str) -> bool:
    own = {fold(tag) for tag in _facts(scope, of)["tags"]}
    return any(f"#{fold(tag).lstrip('#')}" in own for tag in tags)


def _in_folder(scope: Scope, of: Value, folder: str) -> bool:
    own, wanted = _facts(scope, of)["folder"], folder.strip("/")
    return not wanted or own == wanted or own.startswith(f"{wanted}/")


def _has_link(scope: Scope, of: Value, to: Value) -> bool:
    wanted = _link(scope, to).path
    return any(link.path == wanted for link in _facts(scope, of)["links"])


def _has_property(scope: Scope, of: Value, name: str) -> bool:
    own = _facts(scope, of)["properties"]
    return any(plain(known) == plain(name) for known in own)


def _as_link(scope: Scope, of: Value, text: Value = None) -> Value:
    return _link(scope, _facts(scope, of), text)


def _of(*kinds: str) -> Callable[[Function], Function]:
    """A method of values of these types; what is not there has none, and gives nothing."""

    def decorate(function: Function) -> Function:
        def method(scope: Scope, subject: Value, *given: Value) -> Value:
            if subject is None:
                return None
            if type_of(subject) not in kinds:
                raise TypeError
            return function(scope, subject, *given)

        return method

    return decorate


METHODS: Mapping[str, Function] = {
    "isTruthy": lambda s, value: truthy(value),
    "isType": _is_type,
    "toString": lambda s, value: _text(value),
    "isEmpty": _is_empty,
    "contains": _contains,
    "containsAll": lambda s, where, *all_: all(_contains(s, where, what) for what in all_),
    "containsAny": lambda s, where, *any_: any(_contains(s, where, what) for what in any_),
    "startsWith": lambda s, text, start: isinstance(text, str) and text.startswith(start),
    "endsWith": lambda s, text, end: isinstance(text, str) and text.endswith(end),
    "lower": _of("string")(lambda s, text: text.lower()),
    "upper": _of("string")(lambda s, text: text.upper()),
    "title": _of("string")(_title),
    "trim": _of("string")(lambda s, text: text.strip()),
    "replace": _of("string")(_replace),
    "repeat": _of("string")(lambda s, text, times: repeated(text, times)),
    "split": _of("string")(_split),
    "reverse": _of("string", "array")(lambda s, of: of[::-1]),
    "slice": _of("string", "array")(_slice),
    "abs": _of("number")(lambda s, number: abs(number)),
    "ceil": _of("number")(lambda s, number: ceil(number)),
    "floor": _of("number")(lambda s, number: floor(number)),
    "round": _of("number")(lambda s, number, digits=0: rounded(number, digits)),
    "toFixed": _of("number")(lambda s, number, digits=0: f"{rounded(number, digits):.{digits}f}"),
    "filter": _of("array")(_filter),
    "map": _of("array")(_map),
    "reduce": _of("array")(_reduce),
    "flat": _of("array")(lambda s, items: flat(items, 100)),
    "join": _of("array")(lambda s, items, between: between.join(map(_text, items))),
    "sort": _of("array")(lambda s, items: in_order(items)),
    "unique": _of("array")(lambda s, items: unique(items)),
    "mean": _of("array")(_mean),
    "date": _of("date")(lambda s, date: dates.midnight(date)),
    "time": _of("date")(lambda s, date: f"{date:%H:%M:%S}"),
    "format": _of("date")(lambda s, date, form: dates.moment(date, form)),
    "relative": _of("date")(_relative),
    "keys": _of("object")(lambda s, of: list(of)),
    "values": _of("object")(lambda s, of: list(of.values())),
    "asFile": _of("link")(_file),
    "linksTo": _of("link")(_has_link),
    "asLink": _as_link,
    "hasLink": _has_link,
    "hasTag": _has_tag,
    "hasProperty": _has_property,
    "inFolder": _in_folder,
    "matches": _matches,
}
LAZY = frozenset({"if", "filter", "map", "reduce"})
"""Their arguments are evaluated by themselves: for each item, or not at all."""
