"""A base, read: YAML with expressions in it (https://help.obsidian.md/bases/syntax)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from provenote.bases import load, view_name
from provenote.queries.expressions import Language, Unreadable, parse
from provenote.queries.methods import FUNCTIONS, METHODS
from provenote.queries.nodes import Literal as Value
from provenote.queries.nodes import Member, Name, Node

LANGUAGE = Language(
    name=re.compile(r"[^\W\d]\w*"),
    string=re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.DOTALL),
    operator=re.compile(r"&&|\|\||==|!=|>=|<=|[<>+\-*/%]"),
    operators={
        "||": (1, "or"),
        "&&": (2, "and"),
        "==": (3, "="),
        "!=": (3, "!="),
        **{word: (4, word) for word in ("<", "<=", ">", ">=")},
        **{word: (5, word) for word in ("+", "-")},
        **{word: (6, word) for word in ("*", "/", "%")},
    },
    functions=frozenset(FUNCTIONS),
    methods=frozenset(METHODS),
    regexes=True,
)
KINDS = ("table", "cards", "list")


@dataclass(frozen=True)
class Filter:
    """An expression, or several that are combined."""

    kind: Literal["is", "and", "or", "not"]
    node: Node | None = None
    parts: tuple["Filter", ...] = ()


@dataclass(frozen=True)
class Column:
    """A property as a column: what it is called, and what its value is."""

    id: str
    name: str
    node: Node


@dataclass(frozen=True)
class View:
    kind: str
    name: str
    filter: Filter | None
    columns: tuple[Column, ...]
    sort: tuple[tuple[Node, bool], ...] = ()
    """Each with whether the greatest comes first."""
    group: tuple[Node, bool] | None = None
    limit: int | None = None
    image: Node | None = None
    """What a card shows above."""
    summaries: Mapping[str, "str | Node"] = field(default_factory=dict)
    """By the id of their column: the name of one that Bases know, or an expression."""


@dataclass(frozen=True)
class Base:
    filter: Filter | None
    formulas: Mapping[str, Node]
    views: tuple[View, ...]

    def nodes(self) -> Iterator[Node]:
        """Every expression in it."""
        yield from self.formulas.values()
        yield from _filtered(self.filter)
        for view in self.views:
            yield from _filtered(view.filter)
            yield from (column.node for column in view.columns)
            yield from (node for node, _ in view.sort)


def _filtered(given: Filter | None) -> Iterator[Node]:
    if given:
        yield from [given.node] if given.node else ()
        for part in given.parts:
            yield from _filtered(part)


def read(code: str) -> Base:
    """Read a base; raises Unreadable."""
    try:
        said = load(code) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        at = mark.index if mark else 0
        raise Unreadable(f"this cannot be read as YAML: {reason}", at) from error
    if not isinstance(said, dict):
        raise Unreadable("this is no base", 0, "a base has `views:` and `filters:`")
    return _Reader(code, said).base()


class _Reader:
    def __init__(self, code: str, said: Mapping[Any, Any]) -> None:
        self._code = code
        self._said = said
        names = _mapping(said.get("properties"))
        self._names = {
            str(name): str(about["displayName"])
            for name, about in names.items()
            if isinstance(about, dict) and about.get("displayName")
        }

    def base(self) -> Base:
        views = self._said.get("views")
        given = views if isinstance(views, list) and views else [{}]
        return Base(
            self._filter(self._said.get("filters")),
            {str(n): self._expression(e) for n, e in _mapping(self._said.get("formulas")).items()},
            tuple(self._view(view, number) for number, view in enumerate(given, start=1)),
        )

    def _view(self, given: Any, number: int) -> View:
        said = _mapping(given)
        image, limit = said.get("image"), said.get("limit")
        group = _order(said.get("groupBy"))
        return View(
            kind=str(said.get("type", "table")),
            name=view_name(given, number),
            filter=self._filter(said.get("filters")),
            columns=tuple(
                self._column(str(name)) for name in _list(said.get("order"), "file.name")
            ),
            sort=tuple(
                (self._property(name), falls)
                for name, falls in map(_order, _list(said.get("sort")))
                if name
            ),
            group=(self._property(group[0]), group[1]) if group[0] else None,
            limit=limit if isinstance(limit, int) and limit > 0 else None,
            image=self._property(str(image)) if image else None,
            summaries={
                str(name): self._summary(str(how))
                for name, how in _mapping(said.get("summaries")).items()
            },
        )

    def _summary(self, name: str) -> "str | Node":
        own = _mapping(self._said.get("summaries"))
        return self._expression(own[name]) if name in own else name

    def _filter(self, given: Any) -> Filter | None:
        match given:
            case None | "":
                return None
            case str():
                return Filter("is", self._expression(given))
            case dict() if given:
                kind, parts = next(iter(given.items()))
                if kind in {"and", "or", "not"}:
                    found = map(self._filter, parts if isinstance(parts, list) else [parts])
                    return Filter(kind, parts=tuple(part for part in found if part))
        shown = str(given)[:60]
        raise Unreadable(
            f"`{shown}` is no filter",
            self._at(next(iter(given), "") if isinstance(given, dict) else shown),
            "a filter is an expression, or a list under `and:`, `or:` or `not:`",
        )

    def _expression(self, given: Any) -> Node:
        text = str(given)
        try:
            return parse(text, LANGUAGE)
        except Unreadable as error:
            first = text.strip().partition("\n")[0]
            raise Unreadable(error.reason, self._at(first) + error.at, error.guess) from error

    def _at(self, text: str) -> int:
        """Where a text stands in the base: YAML tells that of no value."""
        return max(0, self._code.find(str(text)))

    def _column(self, name: str) -> Column:
        plain = name.removeprefix("note.")
        shown = self._names.get(name) or self._names.get(plain) or self._names.get(f"note.{plain}")
        default = plain.removeprefix("formula.").replace("file.", "file ")
        return Column(name, shown or default, self._property(name))

    def _property(self, name: str) -> Node:
        """`note.due date`, `file.name`, `formula.age`, `status`: no expressions, but names."""
        of, dot, rest = name.partition(".")
        if dot and of in {"file", "formula", "note"}:
            return Member(Name(of), Value(rest))
        return Member(Name("note"), Value(name))


def _mapping(given: Any) -> Mapping[Any, Any]:
    return given if isinstance(given, dict) else {}


def _list(given: Any, *default: str) -> list[Any]:
    return given if isinstance(given, list) and given else list(default)


def _order(given: Any) -> tuple[str, bool]:
    """By what rows are sorted or grouped, and whether the greatest comes first."""
    if isinstance(given, str):
        return given, False
    said = _mapping(given)
    name = said.get("property", said.get("column", ""))
    return str(name), str(said.get("direction", "")).upper().startswith("DESC")
