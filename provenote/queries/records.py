"""Records: what queries see of a note, or of another file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from posixpath import basename, dirname, splitext
from typing import Any, Protocol

from provenote.model import Found, Link, Note, Target, VaultFile, VaultPath
from provenote.paths import stem
from provenote.properties import wikilinks
from provenote.queries import dates
from provenote.queries.evaluate import plain
from provenote.queries.items import ItemFields, item_fields, read_items
from provenote.queries.values import Reference, Value, number
from provenote.syntax.fields import fields
from provenote.syntax.tags import with_parents

UNKNOWABLE = frozenset({"ctime", "mtime", "cday", "mday"})
"""What a file system says of a file; another checkout of the same vault says otherwise."""
_INLINE = re.compile(r'"(?:\\.|[^"\\])*"|!?\[\[[^\[\]\n]*\]\]|[^,"]+')


class Links(Protocol):
    """Where links lead, and from where others come."""

    targets: Mapping[Link, Target]

    def resolve_from(self, written: str, source: VaultPath, *, embed: bool = False) -> Reference:
        """The file that a link in a note leads to."""

    def inlinks(self, path: VaultPath) -> Sequence[Reference]:
        """The notes that link to a file."""


class Record:
    """The fields of one file, each found when it is first asked for."""

    def __init__(self, file: VaultFile, note: Note | None, links: Links) -> None:
        self.file = file
        self.note = note
        self._links = links
        self.reference = Reference(file.path, file=file)

    @cached_property
    def page(self) -> Mapping[str, Value]:
        """As Dataview sees a note: its fields by name, and `file`."""
        found: dict[str, Value] = dict(self.properties)
        for name, value in self._inline_fields():
            found[name] = _with(found[name], value) if name in found else value
        for name in list(found):
            found.setdefault(plain(name), found[name])
        return Page({**found, "file": self.facts}, self.reference)

    @cached_property
    def properties(self) -> Mapping[str, Value]:
        given = self.note.properties if self.note else {}
        return {name: self._property(value) for name, value in given.items()}

    @cached_property
    def facts(self) -> Mapping[str, Value]:
        """What Dataview and Bases call `file`."""
        path, ending = self.file.path, splitext(self.file.path)[1]
        name = stem(path) if ending == ".md" else basename(path)
        return Facts(
            self,
            {
                "path": path,
                "name": name,
                "basename": splitext(basename(path))[0],
                "folder": dirname(path),
                "ext": ending.removeprefix("."),
                "link": self.reference,
                "file": self.reference,
            },
        )

    def fact(self, name: str) -> Value:
        """One of the facts that are not known before they are asked for."""
        note = self.note
        match name:
            case "size":
                with suppress(OSError):  # it was deleted a moment ago
                    return self.file.absolute.stat().st_size
            case "tags":
                return list(dict.fromkeys(part for tag in self.tags for part in with_parents(tag)))
            case "etags":
                return self.tags
            case "aliases":
                return list(note.aliases) if note else []
            case "outlinks" | "links":
                return list(self.outlinks(lambda link: True))
            case "embeds":
                return list(self.outlinks(lambda link: link.embed))
            case "inlinks" | "backlinks":
                return list(self._links.inlinks(self.file.path))
            case "frontmatter" | "properties":
                return self.properties
            case "day":
                return self._day()
            case "tasks":
                return [item for item in self.items if item["task"]]
            case "lists":
                return self.items
        return None

    @cached_property
    def tags(self) -> list[str]:
        names = [tag.name for tag in self.note.tags] if self.note else []
        return [f"#{name}" for name in dict.fromkeys(names)]

    def outlinks(self, wanted: Any) -> Iterator[Reference]:
        """Where the note's links lead; what they name is there, or is nobody's secret."""
        seen: set[Reference] = set()
        for link in self.note.links if self.note else ():
            target = self._links.targets.get(link)
            if isinstance(target, Found) and wanted(link):
                reference = Reference(target.file.path, text=link.text, file=target.file)
                if reference not in seen:
                    seen.add(reference)
                    yield reference

    def _day(self) -> Value:
        for name in ("date", "day"):
            given = next((v for n, v in self.page.items() if n.lower() == name), None)
            if isinstance(given, datetime):
                return given
        found = re.search(r"\d{4}-\d{2}-\d{2}", basename(self.file.path))
        if found:
            return dates.read_date(found[0])
        found = re.search(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)", basename(self.file.path))
        return dates.read_date("-".join(found.groups())) if found else None

    # ------------------------------------------------------------- values

    def _property(self, value: Any) -> Value:
        match value:
            case [[str(name)]]:  # `[[Note]]` without quotes
                return self._reference(name)
            case str():
                return self._text(value)
            case date():
                return dates.of_property(value)
            case Mapping():
                return {str(name): self._property(part) for name, part in value.items()}
            case list() | tuple():
                return [self._property(part) for part in value]
            case bool() | int() | float():
                return number(value)
        return None if value is None else str(value)

    def _text(self, text: str) -> Value:
        """A text, or what it is the whole of: a link, a date, a duration."""
        stripped = text.strip()
        if stripped.startswith(("[[", "![[")) and stripped.endswith("]]"):
            tokens = wikilinks(stripped)
            if len(tokens) == 1 and tokens[0].meta["written"] == stripped:
                embed = stripped.startswith("!")
                return self._reference(stripped.lstrip("!")[2:-2], embed=embed)
        if stripped[:1].isdigit():
            known = dates.read_date(stripped) if " " not in stripped else None
            return known or dates.read_duration(stripped) or text
        return text

    def _reference(self, written: str, *, embed: bool = False) -> Reference:
        return self._links.resolve_from(written, self.file.path, embed=embed)

    def _inline_fields(self) -> Iterator[tuple[str, Value]]:
        tasks: list[bool] = []  # for each item that we are in, whether it is one
        for token in self.note.tokens if self.note else ():
            if token.type == "list_item_open":
                tasks.append("data-task" in token.attrs)
            elif token.type == "list_item_close":
                tasks.pop()
            elif token.type == "inline" and not (tasks and tasks[-1]):
                for name, value in fields(token):
                    yield name, self.inline_value(value)

    def inline_value(self, text: str) -> Value:
        """The value of an inline field: one of a kind that is written so, several, or text."""
        if not text:
            return None
        parts = [part.strip() for part in _INLINE.findall(text) if part.strip()]
        atoms = [self._atom(part) for part in parts]
        if None in atoms or "".join(text.split()) != ",".join("".join(p.split()) for p in parts):
            return text
        values = [atom[0] for atom in atoms if atom]
        return values[0] if len(values) == 1 else values

    def _atom(self, text: str) -> tuple[Value] | None:
        if len(text) > 1 and text[0] == text[-1] == '"':
            return (text[1:-1].replace('\\"', '"'),)
        if text.lower() in {"true", "false", "null"}:
            return ({"true": True, "false": False}.get(text.lower()),)
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return (float(text) if "." in text else int(text) if len(text) < 16 else float(text),)
        if text.startswith("#") and " " not in text:
            return (text,)
        value = self._text(text)
        return None if isinstance(value, str) else (value,)

    @cached_property
    def items(self) -> Sequence[ItemFields]:
        """The items of its lists, in order; those within another also among its children."""
        given = self.note.tokens if self.note else ()
        return [
            item_fields(item, self.file, self.inline_value, self._reference)
            for item in read_items(given)
        ]


class Page(dict[str, Value]):
    """The fields of a note, which is also what a link to it leads to."""

    def __init__(self, values: Mapping[str, Value], reference: Reference) -> None:
        super().__init__(values)
        self.reference = reference


class Facts(dict[str, Value]):
    """`file`: what is at hand, and what is found when it is first asked for."""

    _ASKED = frozenset(
        {
            *("size", "tags", "etags", "aliases", "outlinks", "links", "embeds", "inlinks"),
            *("backlinks", "frontmatter", "properties", "day", "tasks", "lists"),
        }
    )

    def __init__(self, record: Record, known: dict[str, Value]) -> None:
        super().__init__(known)
        self.record = record
        self.reference = record.reference

    def __missing__(self, name: str) -> Value:
        if name not in self._ASKED:
            raise KeyError(name)
        self[name] = self.record.fact(name)
        return self[name]


def _with(values: Value, value: Value) -> list[Value]:
    return [*(values if isinstance(values, list) else [values]), value]
