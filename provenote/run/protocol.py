"""Messages between the build, the server and its children: lines of JSON.

Places inside a result are relative to a cell, so that it stays right when prose
above the cell moves it. In tracebacks, such a place is a mark: see `mark`.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NotRequired, TypedDict

Document = dict[str, Any]
"""A JSON object."""

STREAM_LIMIT = 4 * 2**20
"""Bytes of text that a session may write; more than that is no page."""
DISPLAY_LIMIT = 64 * 2**20
"""Bytes of figures and values that a session may show."""


@dataclass(frozen=True)
class Code:
    """A cell, as far as running it needs to know."""

    source: str
    line: int
    """Of the file, where the source begins."""
    indent: int
    """Columns that the source is indented by in the file."""
    inline: bool
    """An expression whose value stands in prose."""
    eval: bool
    error: bool
    """Whether it is expected to raise."""
    figures: str = "svg"
    """What figures are drawn as."""


@dataclass(frozen=True)
class Request:
    """A session to run."""

    id: str
    file: str
    """Absolute."""
    shown: str
    """The file as tracebacks name it: relative to the project."""
    project: str
    path: tuple[str, ...]
    """What stands first on `sys.path`."""
    foreign: tuple[str, ...]
    """Directories whose files are no part of the project, even when they lie in it."""
    script: bool
    directory: str
    """Where it runs; empty for its scratch directory."""
    cells: tuple[Code, ...]
    timeout: float
    memory: int
    env: dict[str, str]
    """What it sees of the environment besides what all sessions see."""
    seed: int
    network: bool
    depends: tuple[str, ...]
    """Files that its author names, absolute."""

    def to_json(self) -> Document:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Document) -> "Request":
        cells = tuple(Code(**cell) for cell in document["cells"])
        lists = {name: tuple(document[name]) for name in ("path", "foreign", "depends")}
        return cls(**{**document, **lists, "cells": cells})


class Failed(TypedDict):
    """An exception, a limit or a death; `line` counts from 0 at the top of the cell."""

    cell: int
    line: int
    column: int
    """Of the cell's source, counted from 1; 0 stands for the whole line."""
    cause: str
    traceback: str


class Event(TypedDict):
    """One output of a cell: has one of these keys, or `stream` and `text`."""

    stream: NotRequired[str]
    text: NotRequired[str]
    display: NotRequired[dict[str, str]]
    failed: NotRequired[Failed]


class Observed(TypedDict):
    """What a session was seen to depend on."""

    read: list[str]
    """Files opened, or looked for and missing."""
    probed: list[str]
    """Files whose existence was asked for."""
    listed: list[str]
    """Directories."""
    sought: list[tuple[str, str]]
    """Directories where a module of this name was looked for."""
    written: list[str]
    packages: list[str]
    """Top-level names of installed modules that were imported."""


class Volatile(TypedDict):
    """Something that the next run may find otherwise; `line` counts from 0 at the cell's top."""

    what: str
    cell: int
    line: int


class Report(TypedDict):
    """What running a session gave; the store keeps it as it is."""

    session: NotRequired[str]
    """Its id, for people who look into the store."""
    outputs: list[list[Event]]
    failed: Failed | None
    started: float
    """Seconds since the epoch."""
    seconds: float
    volatile: NotRequired[list[Volatile]]
    observed: NotRequired[Observed | None]
    """None when the session died before it could say."""


def stillborn(cause: str) -> Report:
    """The report of a session that gave nothing, not even a failure of its own."""
    failed = Failed(cell=0, line=0, column=0, cause=cause, traceback="")
    return Report(outputs=[[Event(failed=failed)]], failed=failed, started=0.0, seconds=0.0)


def line(message: Any) -> bytes:
    """A message as it goes through a pipe."""
    return json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


_MARK = re.compile("\x02(\\d+):(\\d+)\x03")


def mark(cell: int, offset: int) -> str:
    """Stands in a traceback for the number of a line of the author's file."""
    return f"\x02{cell}:{offset}\x03"


def unmark(text: str, starts: Sequence[int]) -> str:
    """Put the numbers in, now that it is known in which line each cell starts."""

    def number(match: re.Match[str]) -> str:
        return str(starts[int(match[1])] + int(match[2]))

    return _MARK.sub(number, text)


class Lines:
    """Cuts what comes through a pipe into messages."""

    def __init__(self, receive: Callable[[Any], None]) -> None:
        self._receive = receive
        self._pending = bytearray()

    def feed(self, data: bytes) -> None:
        self._pending += data
        if b"\n" not in data:
            return
        *complete, rest = bytes(self._pending).split(b"\n")
        self._pending = bytearray(rest)
        for message in complete:
            self._receive(json.loads(message))
