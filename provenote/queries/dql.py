"""Dataview's query language, read: https://blacksmithgu.github.io/obsidian-dataview/queries/structure"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from provenote.queries import dates
from provenote.queries.expressions import Language, Parser, parse
from provenote.queries.functions import FUNCTIONS
from provenote.queries.nodes import Node
from provenote.syntax.tags import TAG

_CLAUSE = re.compile(r"(?:from|where|limit|group|flatten)\b|sort\b(?!\()", re.IGNORECASE)
"""What opens a clause; `sort(…)` is a function too."""
LANGUAGE = Language(
    name=re.compile(r"(?:[^\W\d_]|[^\x00-\x7f])(?:[\w-]|[^\x00-\x7f])*"),
    string=re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL),
    operator=re.compile(r"(?:and|or)\b|>=|<=|!=|[&|=<>+\-*/%]", re.IGNORECASE),
    operators={
        **dict.fromkeys(("and", "&"), (1, "and")),  # of one power, as in Dataview
        **dict.fromkeys(("or", "|"), (1, "or")),
        **{word: (2, word) for word in ("=", "!=", "<", "<=", ">", ">=")},
        **{word: (3, word) for word in ("+", "-")},
        **{word: (4, word) for word in ("*", "/", "%")},
    },
    functions=frozenset(FUNCTIONS),
    links=True,
    lambdas=True,
    keywords=frozenset({"from", "where", "limit", "group", "flatten"}),
    raw={
        "date": re.compile(rf"\(\s*(\d{{4}}-\d{{2}}[\w:.+-]*|{'|'.join(dates.SHORTHANDS)})\s*\)"),
        "dur": re.compile(r"\(\s*(-?\d[^)\"]*)\)"),
    },
)
_STRING = LANGUAGE.string
_WORD = re.compile(r"[A-Za-z]+")
_LINK = re.compile(r"\[\[([^\[\]\n]*)\]\]")


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(words) + r"\b", re.IGNORECASE)


_AND_OR = re.compile(r"(?:and|or)\b|[&|]", re.IGNORECASE)
_TYPES = ("TABLE", "LIST", "TASK")


@dataclass(frozen=True)
class Named:
    """An expression under a name."""

    name: str
    node: Node


@dataclass(frozen=True)
class Where:
    node: Node


@dataclass(frozen=True)
class Sort:
    keys: tuple[tuple[Node, bool], ...]
    """Each with whether the greatest comes first."""


@dataclass(frozen=True)
class Limit:
    node: Node


@dataclass(frozen=True)
class Group:
    by: Named


@dataclass(frozen=True)
class Flatten:
    by: Named


Clause = Where | Sort | Limit | Group | Flatten


@dataclass(frozen=True)
class Source:
    """Where rows come from: `#tag`, `"folder"`, `[[note]]`, and what combines them."""

    kind: Literal["all", "tag", "folder", "incoming", "outgoing", "and", "or", "not"]
    name: str = ""
    parts: tuple["Source", ...] = ()


@dataclass(frozen=True)
class Query:
    kind: str
    columns: tuple[Named, ...]
    with_id: bool
    source: Source
    clauses: tuple[Clause, ...]

    def nodes(self) -> Iterator[Node]:
        """Every expression in it."""
        yield from (column.node for column in self.columns)
        for clause in self.clauses:
            match clause:
                case Where() | Limit():
                    yield clause.node
                case Sort():
                    yield from (node for node, _ in clause.keys)
                case Group() | Flatten():
                    yield clause.by.node


def read(text: str) -> Query:
    """Read a query; raises Unreadable."""
    return _Reader(text).query()


class _Reader(Parser):
    def __init__(self, text: str) -> None:
        super().__init__(text, LANGUAGE)

    def query(self) -> Query:
        kind = self._kind()
        with_id = kind == "TASK" or not self.take(_words("WITHOUT", "ID"))
        columns: tuple[Named, ...] = ()
        if kind != "TASK" and not self._at_clause():
            columns = (self._named_expression(),)
            while kind == "TABLE" and self.mark(","):
                columns += (self._named_expression(),)
        source = self._source() if self.take(_words("FROM")) else Source("all")
        clauses = []
        self.skip()
        while self.at < len(self.text):
            clauses.append(self._clause())
            self.skip()
        return Query(kind, columns, with_id, source, tuple(clauses))

    def _kind(self) -> str:
        self.skip()
        start = self.at
        word = self.take(_WORD)
        kind = word[0].upper() if word else ""
        if kind in _TYPES:
            return kind
        self.at = start
        if kind == "CALENDAR":
            raise self.wrong("a CALENDAR is not drawn here", "ask for a TABLE or a LIST")
        if self.at == len(self.text):
            raise self.wrong("this query is empty", "start with TABLE, LIST or TASK")
        raise self.wrong(
            f"a query does not start with {self.here()}", "start with TABLE, LIST or TASK"
        )

    def _at_clause(self) -> bool:
        self.skip()
        return self.at == len(self.text) or bool(_CLAUSE.match(self.text, self.at))

    def _named_expression(self) -> Named:
        self.skip()
        start = self.at
        node = self.expression()
        written = "".join(line.strip() for line in self.text[start : self.at].split("\n"))
        if self.take(_words("AS")):
            if match := self.take(_STRING):
                return Named(match[0][1:-1].replace('\\"', '"'), node)
            return Named(self._name(), node)
        return Named(written, node)

    def _clause(self) -> Clause:
        start = self.at
        word = self.take(_WORD)
        match word[0].lower() if word else "":
            case "where":
                return Where(self.expression())
            case "sort":
                keys = [self._key()]
                while self.mark(","):
                    keys.append(self._key())
                return Sort(tuple(keys))
            case "limit":
                return Limit(self.expression())
            case "group" if self.take(_words("BY")):
                return Group(self._named_expression())
            case "flatten":
                return Flatten(self._named_expression())
        self.at = start
        raise self.wrong(
            f"{self.here()} is not understood here",
            "expected FROM first, then WHERE, SORT, GROUP BY, FLATTEN or LIMIT",
        )

    def _key(self) -> tuple[Node, bool]:
        node = self.expression()
        direction = self.take(re.compile(r"(?:ASCENDING|DESCENDING|ASC|DESC)\b", re.IGNORECASE))
        return node, bool(direction and direction[0].lower().startswith("desc"))

    # ------------------------------------------------------------- sources

    def _source(self) -> Source:
        before = self._depth
        source = self._atom()
        while match := self.take(_AND_OR):
            self._deeper()
            kind: Literal["and", "or"] = "or" if match[0].lower() in {"or", "|"} else "and"
            source = Source(kind, parts=(source, self._atom()))
        self._depth = before
        return source

    def _atom(self) -> Source:
        self._deeper()
        if self.mark("("):
            source = self._source()
            self.expect(")")
            return source
        if self.mark("-") or self.mark("!"):
            return Source("not", parts=(self._atom(),))
        if match := self.take(TAG):
            return Source("tag", match[1])
        if match := self.take(_STRING):
            return Source("folder", match[0][1:-1])
        if match := self.take(_LINK):
            return Source("incoming", match[1])
        if self.take(re.compile(r"outgoing\s*\(")):
            match = self.take(_LINK)
            if match:
                self.expect(")")
                return Source("outgoing", match[1])
        raise self.wrong(
            f"{self.here()} is no source",
            'sources are #tag, "folder", [[note]], outgoing([[note]])',
        )


def read_inline(text: str) -> Node:
    """Read the expression of an inline query; raises Unreadable."""
    return parse(text, LANGUAGE)
