"""The parts that expressions are made of."""

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
