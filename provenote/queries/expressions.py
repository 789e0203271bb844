"""Expressions: read by one parser for Dataview and Bases, which differ in words alone.

A Pratt parser: each operator has a power, and takes what binds more strongly than it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import TypeVar

from provenote.problems import nearest
from provenote.queries.nodes import (
    Apply,
    Binary,
    Call,
    Lambda,
    Link,
    ListOf,
    Literal,
    Member,
    Name,
    Node,
    ObjectOf,
    Regex,
    Unary,
)
from provenote.queries.values import Value

_DEEPEST = 100
"""How deep an expression may go, in brackets or in a row of operators."""


@dataclass(frozen=True)
class Unreadable(Exception):  # noqa: N818 - a fault of the author's
    """What is not understood, and where in the text, counted from 0."""

    reason: str
    at: int
    guess: str = ""


@dataclass(frozen=True)
class Language:
    """In what Dataview and Bases differ."""

    name: Pattern[str]
    string: Pattern[str]
    operator: Pattern[str]
    operators: Mapping[str, tuple[int, str]]
    """As written, in small letters: the power, and what it does."""
    functions: frozenset[str]
    """What may be called by name; in small letters where their case does not matter."""
    methods: frozenset[str] = frozenset()
    """What may be called on a value."""
    regexes: bool = False
    links: bool = False
    lambdas: bool = False
    keywords: frozenset[str] = frozenset()
    """What is no name, in small letters: the clauses of a query."""
    raw: Mapping[str, Pattern[str]] = field(default_factory=dict)
    """Functions whose argument is no expression: `date(today)`."""


_EXACT = 16
"""Digits from which on a number is one of floating point, as all are in JavaScript."""
_BLANK = re.compile(r"(?:\s|(?<![^\n])[ \t]*//[^\n]*)*")
_SIGN = re.compile("[!-]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LINK = re.compile(r"(!?)\[\[([^\[\]\n]*)\]\]")
_REGEX = re.compile(r"/((?:\\.|[^/\\\n])+)/([a-z]*)")
_LAMBDA = re.compile(r"\(\s*([^\W\d][\w-]*(?:\s*,\s*[^\W\d][\w-]*)*)?\s*\)\s*=>")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CONSTANTS: Mapping[str, Value] = {"true": True, "false": False, "null": None}
_T = TypeVar("_T")


class Parser:
    """Reads a text from left to right; `at` is how far it is."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.at = 0
        self._language = language
        self._depth = 0

    # -------------------------------------------------------------- words

    def skip(self) -> None:
        """Pass over blanks, and lines that `//` opens."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: Pattern[str]) -> re.Match[str] | None:
        self.skip()
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def mark(self, mark: str) -> bool:
        """Take a mark if it stands here."""
        self.skip()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def expect(self, mark: str) -> None:
        if not self.mark(mark):
            raise self.wrong(f"`{mark}` is missing")

    def end(self) -> None:
        self.skip()
        if self.at < len(self.text):
            raise self.wrong(f"{self.here()} is not understood here")

    def here(self) -> str:
        """What stands here, for a message."""
        self.skip()
        word = re.compile(r"\w+|.?", re.DOTALL).match(self.text, self.at)
        return f"`{word[0]}`" if word and word[0] else "the end"

    def wrong(self, reason: str, guess: str = "") -> Unreadable:
        return Unreadable(reason, min(self.at, len(self.text)), guess)

    def several(self, item: Callable[[], _T], end: str) -> tuple[_T, ...]:
        """Items between commas, up to a mark."""
        items: list[_T] = []
        while not self.mark(end):
            if items:
                self.expect(",")
            items.append(item())
        return tuple(items)

    # -------------------------------------------------------- expressions

    def expression(self, power: int = 0) -> Node:
        before = self._depth
        self._deeper()
        left = self._unary()
        while (operator := self._operator(power)) is not None:
            self._deeper()
            left = Binary(operator[1], left, self.expression(operator[0]))
        self._depth = before
        return left

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.wrong(f"this is nested more than {_DEEPEST} deep")

    def _operator(self, power: int) -> tuple[int, str] | None:
        """The operator that stands here, if it binds more strongly than `power`."""
        self.skip()
        match = self._language.operator.match(self.text, self.at)
        found = self._language.operators.get(match[0].lower()) if match else None
        if not match or not found or found[0] <= power:
            return None
        self.at = match.end()
        return found

    def _unary(self) -> Node:
        signs: list[str] = []
        self.skip()
        while not _LINK.match(self.text, self.at) and (match := self.take(_SIGN)):
            self._deeper()
            signs.append(match[0])
            self.skip()
        node = self._postfix(self._operand())
        for sign in reversed(signs):
            node = Unary(sign, node)
        return node

    def _postfix(self, node: Node) -> Node:
        while True:
            if self.text.startswith(".", self.at):
                self._deeper()
                self.at += 1
                start = self.at
                name = self._name()
                if self.text.startswith("(", self.at):
                    node = Call(self._method(name, start), self._arguments(), node)
                else:
                    node = Member(node, Literal(name))
            elif self.text.startswith("[", self.at):
                self._deeper()
                self.at += 1
                node = Member(node, self.expression())
                self.expect("]")
            elif self._language.lambdas and self.text.startswith("(", self.at):
                self._deeper()
                node = Apply(node, self._arguments())
            else:
                return node

    def _operand(self) -> Node:
        language = self._language
        if language.lambdas and (match := self.take(_LAMBDA)):
            names = tuple(name.strip() for name in (match[1] or "").split(",") if name.strip())
            return Lambda(names, self.expression())
        if language.links and (match := self.take(_LINK)):
            return Link(match[2], bool(match[1]))
        if match := self.take(_NUMBER):
            whole = "." not in match[0] and len(match[0]) < _EXACT
            return Literal(int(match[0]) if whole else float(match[0]))
        if match := self.take(language.string):
            return Literal(_ESCAPE.sub(_unescaped, match[0][1:-1]))
        if language.regexes and (match := self.take(_REGEX)):
            return Regex(match[1], match[2])
        if self.mark("("):
            node = self.expression()
            self.expect(")")
            return node
        if self.mark("["):
            return ListOf(self.several(self.expression, "]"))
        if self.mark("{"):
            return ObjectOf(self.several(self._pair, "}"))
        return self._named()

    def _pair(self) -> tuple[str, Node]:
        match = self.take(self._language.string)
        name = match[0][1:-1] if match else self._name()
        self.expect(":")
        return name, self.expression()

    def _name(self) -> str:
        if match := self.take(self._language.name):
            return match[0]
        raise self.wrong(f"{self.here()} is not understood here; expected a value")

    def _named(self) -> Node:
        self.skip()
        start = self.at
        name = self._name()
        if name.lower() in self._language.keywords:
            self.at = start
            raise self.wrong(f"{self.here()} is not understood here; expected a value")
        if name.lower() in _CONSTANTS:
            return Literal(_CONSTANTS[name.lower()])
        if not self.text.startswith("(", self.at):
            return Name(name)
        if (raw := self._language.raw.get(name)) and (match := self.take(raw)):
            return Call(name, (Literal(match[1].strip()),))
        return Call(self._function(name, start), self._arguments())

    def _arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        return self.several(self.expression, ")")

    def _function(self, name: str, at: int) -> str:
        known = self._language.functions
        if name in known:
            return name
        if name.lower() in known:
            return name.lower()
        raise _unknown(name, known, at)

    def _method(self, name: str, at: int) -> str:
        if name not in self._language.methods:
            raise _unknown(name, self._language.methods, at)
        return name


def _unknown(name: str, known: frozenset[str], at: int) -> Unreadable:
    near = nearest(name, sorted(known))
    return Unreadable(
        f"`{name}()` is no function known here", at, f"nearest: {near}()" if near else ""
    )


def _unescaped(escape: re.Match[str]) -> str:
    """Backslashes stay before all but quotes and themselves: they may be a pattern's."""
    return escape[1] if escape[1] in "\"'\\" else escape[0]


def parse(text: str, language: Language) -> Node:
    """Read one expression, which is all of a text; raises Unreadable."""
    parser = Parser(text, language)
    node = parser.expression()
    parser.end()
    return node
