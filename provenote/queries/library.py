"""The library: all records of a vault, and where links between them lead."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from provenote.links import Index
from provenote.model import Found, Link, Note, Target, Vault, VaultFile, VaultPath
from provenote.paths import fold
from provenote.queries.patterns import Patterns
from provenote.queries.records import Record
from provenote.queries.values import Reference, Value


def moment() -> datetime:
    """When the build is, in UTC; `SOURCE_DATE_EPOCH` says so for one that is repeated."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = datetime.fromtimestamp(int(given), UTC) if given.isdigit() else datetime.now(UTC)
    return seconds.replace(tzinfo=None, microsecond=0)


class Library:
    """Records by path. Of what is not published there is none."""

    def __init__(self, vault: Vault, notes: Sequence[Note], targets: Mapping[Link, Target]) -> None:
        self.targets = targets
        self.index = Index(vault, notes)
        self.notes = {note.path: note for note in notes}
        self.records = {note.path: Record(note.file, note, self) for note in notes}
        self.endless: set[str] = set()
        """Regular expressions that no query waits for any more."""
        self._resolved = lru_cache(maxsize=None)(self._resolve)

    @cached_property
    def pages(self) -> Sequence[Record]:
        """The notes in Markdown, which are all that Dataview sees."""
        return [r for path, r in self.records.items() if path.endswith(".md")]

    @cached_property
    def files(self) -> Sequence[Record]:
        """All that Bases see: every file that has a page, or that a published note uses."""
        used = {t.file for t in self.targets.values() if isinstance(t, Found)}
        others = sorted((f for f in used if f.path not in self.records), key=lambda f: f.path)
        return [*self.records.values(), *(Record(file, None, self) for file in others)]

    def resolve_from(self, written: str, source: VaultPath, *, embed: bool = False) -> Reference:
        """What stands within a link's brackets, as the file that it leads to."""
        name, _, text = written.replace("\\|", "|").partition("|")
        target, _, fragment = name.partition("#")
        file = self._resolved(target.strip(), source) if target.strip() else self._own(source)
        path = file.path if file else target.strip()
        return Reference(path, fragment.strip(), text.strip(), embed, file)

    def _resolve(self, target: str, source: VaultPath) -> VaultFile | None:
        return next(iter(self.index.find(target, source)), None)

    def _own(self, source: VaultPath) -> VaultFile | None:
        return self.notes[source].file if source in self.notes else None

    def inlinks(self, path: VaultPath) -> Sequence[Reference]:
        return self._inlinks.get(path, ())

    @cached_property
    def _inlinks(self) -> Mapping[VaultPath, Sequence[Reference]]:
        found: dict[VaultPath, dict[Reference, None]] = defaultdict(dict)
        for note in self.notes.values():
            for link in note.links:
                target = self.targets.get(link)
                if isinstance(target, Found) and target.file != note.file:
                    found[target.file.path][Reference(note.path, file=note.file)] = None
        return {path: list(references) for path, references in found.items()}

    @cached_property
    def _tagged(self) -> Mapping[str, Sequence[VaultPath]]:
        tagged: dict[str, list[VaultPath]] = defaultdict(list)
        for record in self.pages:
            for tag in {fold(tag) for tag in record.facts["tags"]}:
                tagged[tag].append(record.file.path)
        return tagged

    def tagged(self, tag: str) -> Iterable[VaultPath]:
        """The notes with a tag or one within it."""
        return self._tagged.get(fold(tag), ())


class Desk:
    """The library as one note's queries use it: links are that note's, and who reads is seen."""

    def __init__(self, library: Library, source: VaultPath) -> None:
        self.library = library
        self.source = source
        self.reads_clock = False
        self.patterns = Patterns(library.endless)

    def resolve(self, written: str, *, embed: bool = False) -> Reference:
        return self.library.resolve_from(written, self.source, embed=embed)

    def page(self, reference: Reference) -> Mapping[str, Value] | None:
        record = self.library.records.get(VaultPath(reference.path))
        return record.page if record else None

    def now(self) -> datetime:
        self.reads_clock = True
        return moment()
