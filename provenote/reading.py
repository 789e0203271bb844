"""Read: the notes, canvases and bases of a vault, from the memo where they are as they were.

What a note says of itself is kept; its tokens are read anew where a page is made of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from types import ModuleType
from typing import Any, get_type_hints, overload

from markdown_it.token import Token

from provenote import bases, canvas, notes
from provenote.dialect import Dialect
from provenote.memo import Memo, digest, key
from provenote.model import Note, Vault, VaultFile, VaultPath
from provenote.records import plain, reader, restored

_ABOUT = (
    "title",
    "headings",
    "blocks",
    "anchors",
    "links",
    "tags",
    "fences",
    "cards",
    "images",
    "problems",
)
_TYPES = get_type_hints(Note)
_READERS = {name: reader(_TYPES[name]) for name in _ABOUT}
"""What is kept of a note besides its properties, and how it is had again."""


def read(vault: Vault, dialect: Dialect, memo: Memo) -> list[Note]:
    """Every note, canvas and base; whatever is wrong with one is among its problems."""
    asked = _Asked(dialect)
    files = chain(vault.notes, canvas.files(vault), bases.files(vault))
    return [_read(file, asked, memo) for file in files]


def _read(file: VaultFile, asked: "_Asked", memo: Memo) -> Note:
    kind = _kind(file.path)
    try:
        raw = file.absolute.read_bytes()
    except OSError as error:
        nothing: Note = kind.unreadable(file, error)
        return nothing
    name = key("note", file.path, file.shown, asked.syntax, hashlib.sha256(raw).digest())
    kept = memo.recall(name)
    if kept is not None and asked.would_answer(kept.value["answers"]):
        tokens = _Later(lambda: kind.from_bytes(file, raw, asked.plain).tokens)
        return _restored(file, kept.value, tokens, digest(name, kept.value["answers"]))
    note: Note = kind.from_bytes(file, raw, asked.dialect)
    answers = asked.answers()
    properties = plain(note.properties)
    if properties is not None:
        fences = tuple(replace(fence, captions=()) for fence in note.fences)  # these are tokens
        about = [getattr(replace(note, fences=fences), field) for field in _ABOUT]
        memo.keep(name, {"answers": answers, "properties": properties, "about": about})
    return replace(note, digest=digest(name, answers))


def _kind(path: VaultPath) -> ModuleType:
    """What reads a file."""
    if bases.is_base(path):
        return bases
    return canvas if canvas.is_canvas(path) else notes


def _restored(file: VaultFile, kept: Any, tokens: Sequence[Token], digest: str) -> Note:
    about = zip(_READERS.items(), kept["about"], strict=True)
    return Note(
        file=file,
        properties=restored(kept["properties"]),
        tokens=tokens,
        digest=digest,
        **{name: read_one(value) for (name, read_one), value in about},
    )


class _Asked:
    """A dialect that writes down what it is asked: what `:icon:` and `--8<--` stand for.

    The files behind the answers are known to Python-Markdown alone.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._known: dict[tuple[str, str], Any] = {}
        self._answers: list[list[str]] = []
        self.plain = dialect
        self.dialect = replace(
            dialect,
            convert=partial(self._note, "convert"),
            include=partial(self._note, "include"),
            may_include=partial(self._note, "may_include"),
        )
        maths = [kind.value for kind in dialect.maths]
        self.syntax = (maths, sorted(dialect.extensions), dialect.appended)

    def answers(self) -> list[list[str]]:
        """All that was asked since this was last called, with the answers."""
        answers, self._answers = self._answers, []
        return answers

    def would_answer(self, answers: Iterable[tuple[str, str, str]]) -> bool:
        """Whether the answers are the same now."""
        return all(digest(self._answer(kind, about)) == answer for kind, about, answer in answers)

    def _note(self, kind: str, about: str) -> Any:
        answer = self._answer(kind, about)
        self._answers.append([kind, about, digest(answer)])
        return answer

    def _answer(self, kind: str, about: str) -> Any:
        """What the dialect says, asked once in a build: a glossary is appended to all notes."""
        if (kind, about) not in self._known:
            self._known[kind, about] = getattr(self.plain, kind)(about)
        return self._known[kind, about]


class _Later(Sequence[Token]):
    """Tokens that are read when first one of them is asked for."""

    def __init__(self, read: Callable[[], Sequence[Token]]) -> None:
        self._read = read

    @cached_property
    def _tokens(self) -> Sequence[Token]:
        return self._read()

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Token]: ...
    def __getitem__(self, at: int | slice) -> Token | Sequence[Token]:
        return self._tokens[at]

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)
