"""Records: what a note says of itself as JSON keeps it, and back again."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from itertools import count
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_MARK = "\0"
"""Opens the name of a kind of value that JSON does not know; no property's name does."""
_DATES: Mapping[str, Callable[[str], Any]] = {
    _MARK + kind.__name__: kind.fromisoformat
    for kind in (datetime.date, datetime.datetime, datetime.time)
}
_MOST = 5000
"""How many parts properties may have: YAML can name a list within itself."""
_LARGEST = 2**53


def plain(properties: Mapping[str, Any]) -> Any:
    """Properties as JSON has them; None for what would not come back as it was."""
    try:
        return _plain(properties, count())
    except (TypeError, RecursionError):
        return None


def _plain(value: Any, parts: Iterator[int]) -> Any:
    kind = type(value)
    if next(parts) > _MOST:
        raise TypeError("too many parts")
    if kind in {str, float, bool, type(None)} or (kind is int and abs(value) < _LARGEST):
        return value
    if kind is list:
        return [_plain(item, parts) for item in value]
    if kind is dict and all(type(name) is str and not name.startswith(_MARK) for name in value):
        return {name: _plain(item, parts) for name, item in value.items()}
    if (name := _MARK + kind.__name__) in _DATES:
        return {name: value.isoformat()}
    raise TypeError(f"{value!r} is of a kind that is not kept")


def restored(value: Any) -> Any:
    """What `plain` was given."""
    if isinstance(value, list):
        return [restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in _DATES:
        [(name, text)] = value.items()
        return _DATES[name](text)
    return {name: restored(item) for name, item in value.items()}


@cache
def reader(kind: Any) -> Callable[[Any], Any]:
    """Find what makes values of a type from their JSON: dataclasses, enumerations, tuples."""
    if get_origin(kind) is tuple:
        return _tuple(reader(get_args(kind)[0]))
    if is_dataclass(kind):
        return _dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return _named_tuple(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        readers = [reader(one) for one in get_args(kind)]
        return _nested(next((read for read in readers if read is not _same), _same))
    return _same


def _same(data: Any) -> Any:
    return data


def _tuple(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: tuple(map(read, data))


def _nested(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Of the types of a union, the one whose form is a list; the others have no parts."""
    return lambda data: read(data) if isinstance(data, list) else data


def _named_tuple(kind: Any) -> Callable[[list[Any]], Any]:
    make = partial(tuple.__new__, kind)  # as `_make` does: twice as fast
    nested = _nested_readers(kind, kind._fields)

    def read(data: list[Any]) -> Any:
        for at, read_one in nested:
            data[at] = read_one(data[at])
        return make(data)

    return read if nested else make


def _dataclass(kind: Any) -> Callable[[list[Any]], Any]:
    names = [field.name for field in fields(kind)]
    nested = _nested_readers(kind, names)

    def read(data: list[Any]) -> Any:
        for at, read_one in nested:
            data[at] = read_one(data[at])
        made = object.__new__(kind)
        vars(made).update(zip(names, data, strict=True))  # as pickle does: twice as fast
        return made

    return read


def _nested_readers(kind: Any, names: Iterable[str]) -> list[tuple[int, Callable[[Any], Any]]]:
    """The fields of a type that are not as JSON has them, by their number."""
    hints = get_type_hints(kind)
    readers = ((at, reader(hints[name])) for at, name in enumerate(names))
    return [(at, read) for at, read in readers if read is not _same]
