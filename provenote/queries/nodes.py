"""The parts that expressions are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from provenote.queries.values import Value


@dataclass(frozen=True)
class Literal:
    value: Value


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Link:
    """A link as written, without its brackets."""

    written: str
    embed: bool = False


@dataclass(frozen=True)
class Regex:
    pattern: str
    flags: str = ""


@dataclass(frozen=True)
class Member:
    """`of.name` and `of[name]`."""

    of: "Node"
    name: "Node"


@dataclass(frozen=True)
class Call:
    """`name(…)`, or `of.name(…)`."""

    name: str
    arguments: tuple["Node", ...]
    of: "Node | None" = None


@dataclass(frozen=True)
class Apply:
    """`(…)(…)`: a call of what an expression gives, such as a lambda."""

    function: "Node"
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Unary:
    operator: str
    operand: "Node"


@dataclass(frozen=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class ListOf:
    items: tuple["Node", ...]


@dataclass(frozen=True)
class ObjectOf:
    items: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True)
class Lambda:
    names: tuple[str, ...]
    body: "Node"


Node = (
    Literal
    | Name
    | Link
    | Regex
    | Member
    | Call
    | Apply
    | Unary
    | Binary
    | ListOf
    | ObjectOf
    | Lambda
)


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
