"""Bases: a base and the files that it is about -> what it gives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provenote.queries.answer import Cards, Listing, Part, Table
from provenote.queries.base_file import Base, Column, Filter, View
from provenote.queries.evaluate import Scope, evaluate
from provenote.queries.library import Desk
from provenote.queries.methods import FUNCTIONS, LAZY, METHODS
from provenote.queries.nodes import Node
from provenote.queries.operators import as_link
from provenote.queries.records import Record
from provenote.queries.summaries import summary
from provenote.queries.values import Failed, Reference, Value, compare, sort_key, truthy

_NAMES = frozenset({"file.name", "file.file", "file.basename"})
"""Columns that lead to the file."""


@dataclass(frozen=True)
class _Row:
    record: Record
    scope: Scope


class _Formulas(dict[str, Value]):
    """The formulas of a base for one row, each worked out when it is first asked for."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        super().__init__()
        self._nodes = nodes
        self._open: set[str] = set()
        self.scope: Scope | None = None

    def __missing__(self, name: str) -> Value:
        node = self._nodes[name]
        if name in self._open or self.scope is None:
            raise Failed(f"formula `{name}` asks for itself")
        self._open.add(name)
        self[name] = evaluate(node, self.scope)
        self._open.discard(name)
        return self[name]


def run(base: Base, view: View, desk: Desk) -> list[Part]:
    """What a view shows; raises Failed where a filter fails for every file."""
    rows = _kept(base, view, desk)
    rows.sort(key=lambda row: sort_key(row.record.facts["name"]))
    for node, falls in reversed(view.sort):
        rows = [row for _, row in _sorted(rows, node, falls=falls)]
    rows = rows[: view.limit]
    if view.group is None:
        return [_part(view, rows, None)]
    return [_part(view, inside, title) for title, inside in _groups(view.group, rows)]


def _kept(base: Base, view: View, desk: Desk) -> list[_Row]:
    own = desk.library.records[desk.source].page
    kept: list[_Row] = []
    failed: Failed | None = None
    passed = False
    for record in desk.library.files:
        row = _row(base, record, own, desk)
        try:
            fits = _passes(base.filter, row) and _passes(view.filter, row)
            passed = True
        except Failed as error:
            failed, fits = failed or error, False
        if fits:
            kept.append(row)
    if failed and not passed:
        raise failed
    return kept


def _row(base: Base, record: Record, own: Mapping[str, Value], desk: Desk) -> _Row:
    formulas = _Formulas(base.formulas)
    names = {
        **record.properties,
        "note": record.properties,
        "file": record.facts,
        "formula": formulas,
        "this": own,
    }
    formulas.scope = Scope(desk, names, FUNCTIONS, METHODS, LAZY, javascript=True)
    return _Row(record, formulas.scope)


def _passes(given: Filter | None, row: _Row) -> bool:
    if given is None:
        return True
    if given.node is not None:
        return truthy(evaluate(given.node, row.scope))
    verdicts = (_passes(part, row) for part in given.parts)
    if given.kind == "not":
        return not any(verdicts)
    return any(verdicts) if given.kind == "or" else all(verdicts)


def _value(node: Node, row: _Row) -> Value:
    """A value that is shown or sorted by; what fails is nothing."""
    try:
        found = evaluate(node, row.scope)
    except Failed:
        return None
    return as_link(found)


def _sorted(rows: Iterable[_Row], node: Node, *, falls: bool) -> list[tuple[Value, _Row]]:
    """Rows by the value of an expression, each behind it."""
    keyed = ((_value(node, row), row) for row in rows)
    return sorted(keyed, key=lambda pair: sort_key(pair[0]), reverse=falls)


def _groups(group: tuple[Node, bool], rows: Sequence[_Row]) -> list[tuple[Value, list[_Row]]]:
    node, falls = group
    groups: list[tuple[Value, list[_Row]]] = []
    for key, row in _sorted(rows, node, falls=falls):
        if not groups or compare(groups[-1][0], key):
            groups.append((key, []))
        groups[-1][1].append(row)
    return [("–" if key is None else key, inside) for key, inside in groups]


def _part(view: View, rows: Sequence[_Row], title: Value) -> Part:
    cells = [[_cell(column, row) for column in view.columns] for row in rows]
    headings = [column.name for column in view.columns]
    if view.kind == "cards":
        images = [_value(view.image, row) if view.image else None for row in rows]
        return Cards(headings, cells, images, title)
    if view.kind == "list":
        return Listing([_item(row) for row in cells], title)
    return Table(headings, cells, title, _footer(view, rows, cells))


def _cell(column: Column, row: _Row) -> Value:
    if column.id in _NAMES:
        record = row.record
        return Reference(record.file.path, text=record.facts["name"], file=record.file)
    value = _value(column.node, row)
    if column.id.removeprefix("note.") == "tags" and isinstance(value, list):
        return [f"#{tag}" for tag in value]
    return value


def _item(cells: Sequence[Value]) -> Value:
    """A row as an item of a list: the first value, and the others below."""
    others = [cell for cell in cells[1:] if cell is not None]
    return (cells[0], others) if others else cells[0]


def _footer(view: View, rows: Sequence[_Row], cells: Sequence[Sequence[Value]]) -> Sequence[Value]:
    if not view.summaries or not rows:
        return ()
    found: list[Value] = []
    for number, column in enumerate(view.columns):
        values = [row[number] for row in cells]
        how = view.summaries.get(column.id) or view.summaries.get(column.id.removeprefix("note."))
        if how is None or isinstance(how, str):
            found.append(summary(how, values) if how else None)
        else:
            row = _Row(rows[0].record, rows[0].scope.having({"values": values}))
            found.append(_value(how, row))
    return found
