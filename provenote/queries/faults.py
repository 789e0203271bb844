"""What is wrong with expressions as a whole."""

from collections.abc import Iterable, Mapping

from provenote.queries.nodes import Literal, Member, Name, Node, within
from provenote.queries.records import UNKNOWABLE


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
