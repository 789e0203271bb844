"""Queries: what notes ask of notes, answered before any page is written.

Answers are tokens, as the rest of a note is; what they depend on is all in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from provenote.bases import LANGUAGE as BASE
from provenote.bases import VIEW, is_base
from provenote.dialect import Dialect
from provenote.fences import INLINE_QUERY, INLINE_SCRIPT
from provenote.model import Fence, Found, Link, Note, Target, Vault, VaultPath
from provenote.problems import Code, Place, Problem
from provenote.queries import base, base_file, dataview, dql
from provenote.queries.answer import Part, View
from provenote.queries.expressions import Unreadable
from provenote.queries.faults import circular, unknowable
from provenote.queries.library import Desk, Library
from provenote.queries.shown import Writer
from provenote.queries.values import Failed
from provenote.syntax import line_parser

Question = tuple[VaultPath, Place, str]
"""The note that asks, and where and what."""


def question(asker: VaultPath, fence: Fence) -> Question:
    """What an answer is found by."""
    return asker, fence.place, f"{fence.info}\n{fence.code}"


_DATAVIEW = "dataview"
_SCRIPTS = {"dataviewjs", INLINE_SCRIPT}


@dataclass(frozen=True)
class Answers:
    """What the queries of a vault give."""

    tokens: Mapping[Question, tuple[Token, ...]] = field(default_factory=dict)
    targets: Mapping[Link, Target] = field(default_factory=dict)
    """Where the links in them lead; none is a backlink."""
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()


def answer(
    notes: Sequence[Note], vault: Vault, targets: Mapping[Link, Target], dialect: Dialect
) -> Answers:
    """Answer every query of the published notes, from these notes alone."""
    questions = [*_questions(notes), *_embedded(notes, targets)]
    if not questions:
        return Answers()
    desks = _Desks(Library(vault, notes, targets), dialect)
    for path, fence in questions:
        desks.answer(path, fence)
    return Answers(desks.tokens, desks.targets, tuple(desks.problems), tuple(desks.advice))


def _questions(notes: Sequence[Note]) -> Iterator[tuple[VaultPath, Fence]]:
    for note in notes:
        for fence in note.fences:
            if language(fence) in {_DATAVIEW, BASE, INLINE_QUERY, *_SCRIPTS}:
                yield note.path, fence


def _embedded(
    notes: Sequence[Note], targets: Mapping[Link, Target]
) -> Iterator[tuple[VaultPath, Fence]]:
    """The bases that notes embed, which are about those notes there."""
    bases = {note.path: note for note in notes if is_base(note.path)}
    for note in notes if bases else ():
        for link in note.links:
            target = targets[link]
            if link.embed and isinstance(target, Found) and target.file.path in bases:
                for fence in bases[target.file.path].fences:
                    yield note.path, fence


def language(fence: Fence) -> str:
    return fence.info.partition(" ")[0]


class _Desks:
    """Answers one question after the other, and keeps what comes of it."""

    def __init__(self, library: Library, dialect: Dialect) -> None:
        self._library = library
        self._md = line_parser(dialect)
        self.tokens: dict[Question, tuple[Token, ...]] = {}
        self.targets: dict[Link, Target] = {}
        self.problems: list[Problem] = []
        self.advice: list[Problem] = []

    def answer(self, path: VaultPath, fence: Fence) -> None:
        desk = Desk(self._library, path)
        try:
            parts = self._parts(fence, desk)
        except Unreadable as error:
            place = _place(fence, error.at)
            self.problems.append(Problem(Code.QUERY, place, f"query: {error.reason}", error.guess))
            return
        except (Failed, TimeoutError, RecursionError) as error:
            deep = isinstance(error, RecursionError)
            reason = "it is nested too deep" if deep else str(error)
            self.problems.append(Problem(Code.QUERY, _place(fence, 0), f"query: {reason}"))
            return
        writer = Writer(desk, fence.place, self._md, bases=language(fence) == BASE)
        self.tokens[question(path, fence)] = writer.parts(parts)
        self.targets.update(writer.targets)
        if desk.reads_clock:
            text = "this query reads the clock: readers see what it gave on the day of the build"
            self.advice.append(Problem(Code.VOLATILE, fence.place, text))

    def _parts(self, fence: Fence, desk: Desk) -> Sequence[Part]:
        if language(fence) in _SCRIPTS:
            reason = "JavaScript of Dataview is not run"
            raise Unreadable(reason, 0, "ask for a TABLE, LIST or TASK in a `dataview` block")
        if language(fence) == INLINE_QUERY:
            node = dql.read_inline(fence.code)
            self._warn(fence, unknowable([node]))
            return [dataview.value(node, desk)]
        if language(fence) == BASE:
            return self._base(fence, desk)
        query = dql.read(fence.code)
        self._warn(fence, unknowable(query.nodes()))
        return dataview.run(query, desk)

    def _base(self, fence: Fence, desk: Desk) -> Sequence[Part]:
        """All views of a base, each under its name; or the one that the fence stands for."""
        read = base_file.read(fence.code)
        self._warn(fence, unknowable(read.nodes()))
        for name in circular(read.formulas):
            place = _place(fence, max(0, fence.code.find(f"formula.{name}")))
            text = f"query: formula `{name}` asks for itself, and so is nothing"
            self.problems.append(Problem(Code.QUERY, place, text))
        number = fence.info.partition(VIEW)[2]
        views = [v for n, v in enumerate(read.views, 1) if str(n) == number] or read.views
        parts: list[Part] = []
        for view in views:
            if view.kind not in base_file.KINDS:
                text = f"query: a view is a table, cards or a list here, no `{view.kind}`"
                place = _place(fence, max(0, fence.code.find(view.kind)))
                self.problems.append(Problem(Code.QUERY, place, text, "it is shown as a table"))
            parts += [View(view.name)] if len(views) > 1 else []
            parts += base.run(read, view, desk)
        return parts

    def _warn(self, fence: Fence, names: Sequence[str]) -> None:
        for name in names:
            text = f"query: `file.{name}` is nothing here: it differs from one copy to the next"
            at = max(0, fence.code.find(name))
            guess = "write a date into the properties, and ask for that"
            self.problems.append(Problem(Code.QUERY, _place(fence, at), text, guess))


def _place(fence: Fence, at: int) -> Place:
    """Where an offset in a query stands in its note."""
    if fence.place.column:  # inline: its place is that of the code
        return fence.place
    before = fence.code[:at]
    return fence.at(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
