"""Walks over expressions."""

from collections.abc import Iterable, Iterator, Mapping

from provenote.queries.nodes import (
    Apply,
    Binary,
    Call,
    Lambda,
    ListOf,
    Literal,
    Member,
    Name,
    Node,
    ObjectOf,
    Unary,
)
from provenote.queries.records import UNKNOWABLE


def within(node: Node) -> Iterator[Node]:
    """An expression and all that it is made of."""
    yield node
    inner: Iterable[Node | None] = ()
    match node:
        case Member():
            inner = (node.of, node.name)
        case Call():
            inner = (node.of, *node.arguments)
        case Apply():
            inner = (node.function, *node.arguments)
        case Unary():
            inner = (node.operand,)
        case Binary():
            inner = (node.left, node.right)
        case ListOf():
            inner = node.items
        case ObjectOf():
            inner = (value for _, value in node.items)
        case Lambda():
            inner = (node.body,)
    for part in inner:
        if part is not None:
            yield from within(part)


def circular(formulas: Mapping[str, Node]) -> list[str]:
    """The formulas of a base that ask for themselves, by way of others or not."""
    asked = {
        name: {
            str(node.name.value)
            for node in within(formula)
            if isinstance(node, Member)
            and node.of == Name("formula")
            and isinstance(node.name, Literal)
        }
        for name, formula in formulas.items()
    }
    return [name for name in formulas if name in _reached(name, asked)]


def _reached(start: str, asked: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = [start]
    while ahead:
        fresh = asked.get(ahead.pop(), set()) - reached
        reached |= fresh
        ahead += fresh
    return reached


def unknowable(nodes: Iterable[Node]) -> list[str]:
    """What they ask of a file that only its file system knows: `mtime` of `file.mtime`."""
    found: dict[str, None] = {}
    for node in (part for whole in nodes for part in within(whole)):
        match node:
            case Member(
                of=Name(name="file") | Member(name=Literal(value="file")), name=Literal(value=name)
            ) if name in UNKNOWABLE:
                found[name] = None
    return list(found)
