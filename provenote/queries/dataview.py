"""Dataview: a query and the notes it is about -> what it gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from math import isfinite
from typing import Any

from provenote.model import VaultPath
from provenote.queries.answer import Inline, Listing, Part, Table, Tasks
from provenote.queries.dql import (
    Clause,
    Flatten,
    Group,
    Limit,
    Named,
    Query,
    Sort,
    Source,
    Where,
)
from provenote.queries.evaluate import Scope, evaluate
from provenote.queries.functions import FUNCTIONS
from provenote.queries.library import Desk, Library
from provenote.queries.nodes import Node
from provenote.queries.values import Failed, Reference, Value, compare, sort_key, truthy


@dataclass(frozen=True)
class _Row:
    id: Value
    names: Mapping[str, Value]


def scope_of(desk: Desk) -> Scope:
    """The names that every expression of a note's queries may use."""
    own = desk.library.records[desk.source].page
    return Scope(desk, {"this": own}, FUNCTIONS)


def run(query: Query, desk: Desk) -> list[Part]:
    """What a query gives; raises Failed where it fails for every row."""
    scope = scope_of(desk)
    paths = _paths(query.source, desk)
    rows: Sequence[_Row] = [
        _Row(record.reference, record.page)
        for record in desk.library.pages
        if record.file.path in paths
    ]
    if query.kind == "TASK":
        rows = [_Row(page.id, {**page.names, **t}) for page in rows for t in _tasks(page)]
        return _task_lists(query, rows, scope)
    rows, group = _through(query.clauses, rows, scope)
    cells = _cells(query, rows, scope)
    if query.kind == "LIST":
        return [_list(query, cells)]
    headings = [column.name for column in query.columns]
    if not query.with_id:
        return [Table(headings, [values for _, values in cells])]
    return [Table([group or "File", *headings], [[row.id, *values] for row, values in cells])]


def value(node: Node, desk: Desk) -> Inline:
    """The value of an inline query."""
    return Inline(evaluate(node, scope_of(desk)))


def _tasks(page: _Row) -> Iterable[Mapping[str, Value]]:
    tasks: Iterable[Mapping[str, Value]] = page.names["file"]["tasks"]
    return ({**task, "task itself": task} for task in tasks)


def _list(query: Query, cells: Sequence[tuple[_Row, Sequence[Value]]]) -> Listing:
    if not query.columns:
        return Listing([row.id for row, _ in cells])
    if not query.with_id:
        return Listing([values[0] for _, values in cells])
    return Listing([(row.id, values[0]) for row, values in cells])


def _cells(query: Query, rows: Sequence[_Row], scope: Scope) -> list[tuple[_Row, Sequence[Value]]]:
    def values(row: _Row) -> Sequence[Value]:
        inner = scope.having(row.names)
        return [evaluate(column.node, inner) for column in query.columns]

    return _all_but_failed(rows, values)


def _all_but_failed(rows: Sequence[_Row], work: Callable[[_Row], Any]) -> list[tuple[_Row, Any]]:
    """What each row gives; one that fails is left out, but not all may."""
    done: list[tuple[_Row, Any]] = []
    failed: Failed | None = None
    for row in rows:
        try:
            done.append((row, work(row)))
        except Failed as error:
            failed = failed or error
    if failed and not done:
        raise failed
    return done


def _each(node: Node, rows: Sequence[_Row], scope: Scope) -> list[tuple[_Row, Value]]:
    """The value of an expression for every row that has one."""
    return _all_but_failed(rows, lambda row: evaluate(node, scope.having(row.names)))


def _through(
    clauses: Iterable[Clause], rows: Sequence[_Row], scope: Scope
) -> tuple[Sequence[_Row], str]:
    """The rows after every clause, in their order, and the name of what they are grouped by."""
    group = ""
    for clause in clauses:
        match clause:
            case Where():
                rows = [row for row, verdict in _each(clause.node, rows, scope) if truthy(verdict)]
            case Sort():
                rows = _sorted(clause, rows, scope)
            case Limit():
                most = evaluate(clause.node, scope)
                if not isinstance(most, int | float) or not isfinite(most):
                    raise Failed("LIMIT takes a number")
                rows = rows[: max(0, int(most))]
            case Group():
                rows, group = _grouped(clause.by, rows, scope), clause.by.name
            case Flatten():
                rows = _flattened(clause.by, rows, scope)
    return rows, group


def _sorted(clause: Sort, rows: Sequence[_Row], scope: Scope) -> Sequence[_Row]:
    def keys(row: _Row) -> Sequence[Value]:
        return [evaluate(node, scope.having(row.names)) for node, _ in clause.keys]

    falls = [falling for _, falling in clause.keys]

    def order(one: tuple[_Row, Any], other: tuple[_Row, Any]) -> int:
        for a, b, falling in zip(one[1], other[1], falls, strict=True):
            if found := compare(a, b):
                return -found if falling else found
        return 0

    return [row for row, _ in sorted(_all_but_failed(rows, keys), key=cmp_to_key(order))]


def _grouped(by: Named, rows: Sequence[_Row], scope: Scope) -> Sequence[_Row]:
    keyed = _each(by.node, rows, scope)
    keyed.sort(key=lambda pair: sort_key(pair[1]))
    groups: list[tuple[Value, list[Mapping[str, Value]]]] = []
    for row, key in keyed:
        if not groups or compare(groups[-1][0], key):
            groups.append((key, []))
        groups[-1][1].append(row.names)
    return [_Row(key, {"key": key, by.name: key, "rows": names}) for key, names in groups]


def _flattened(by: Named, rows: Sequence[_Row], scope: Scope) -> Sequence[_Row]:
    found = _each(by.node, rows, scope)
    return [
        _Row(row.id, {**row.names, by.name: item})
        for row, value in found
        for item in (value if isinstance(value, list) else [value])
    ]


def _task_lists(query: Query, rows: Sequence[_Row], scope: Scope) -> list[Part]:
    """Tasks under their notes, or under what they are grouped by."""
    rows, group = _through(query.clauses, rows, scope)
    if group:
        return [Tasks(_outer(row.names["rows"]), row.id) for row in rows]
    notes: dict[Reference, list[Mapping[str, Value]]] = {}
    for row in rows:
        notes.setdefault(row.id, []).append(row.names)
    return [Tasks(_outer(tasks), note) for note, tasks in notes.items()]


def _outer(rows: Sequence[Mapping[str, Value]]) -> Sequence[Value]:
    """The tasks themselves, without those that stand in another, which are shown there."""
    tasks = [row["task itself"] for row in rows]
    inner = {id(child.item) for task in tasks for child in _below(task)}
    return [task for task in tasks if id(task.item) not in inner]


def _below(task: Any) -> Iterator[Any]:
    for child in task["children"]:
        yield child
        yield from _below(child)


def _paths(source: Source, desk: Desk) -> set[VaultPath]:
    """The notes that a source names."""
    library = desk.library
    match source.kind:
        case "tag":
            return set(library.tagged(f"#{source.name}"))
        case "folder":
            return _folder(source.name.strip("/"), library)
        case "incoming":
            found = desk.resolve(source.name)
            return {VaultPath(link.path) for link in library.inlinks(VaultPath(found.path))}
        case "outgoing":
            record = library.records.get(VaultPath(desk.resolve(source.name).path))
            links = record.facts["outlinks"] if record else ()
            return {VaultPath(link.path) for link in links}
        case "and":
            return _paths(source.parts[0], desk) & _paths(source.parts[1], desk)
        case "or":
            return _paths(source.parts[0], desk) | _paths(source.parts[1], desk)
    every = {record.file.path for record in library.pages}
    return every - _paths(source.parts[0], desk) if source.kind == "not" else every


def _folder(name: str, library: Library) -> set[VaultPath]:
    within = {r.file.path for r in library.pages if not name or r.file.path.startswith(f"{name}/")}
    return within or {r.file.path for r in library.pages if r.file.path in {name, f"{name}.md"}}
