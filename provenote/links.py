"""Resolve: every link of every note -> Found or Missing, as Obsidian resolves it."""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain

from provenote import percent
from provenote.guess import Names
from provenote.model import (
    Block,
    Found,
    Heading,
    Link,
    Missing,
    Note,
    Option,
    Target,
    Vault,
    VaultFile,
    VaultPath,
)
from provenote.option_lines import split
from provenote.parts import Parts
from provenote.paths import fold, stem
from provenote.problems import Code, Place, Problem
from provenote.syntax.html_addresses import is_address
from provenote.syntax.references import is_reference


class Index:
    """Finds files by name, path or alias, each in constant time."""

    def __init__(self, vault: Vault, notes: Iterable[Note]) -> None:
        self.notes = {note.path: note for note in notes}
        self._by_name: dict[str, list[VaultFile]] = defaultdict(list)
        self._by_path: dict[str, list[VaultFile]] = defaultdict(list)
        self._by_alias: dict[str, list[VaultFile]] = defaultdict(list)
        self._fitting: dict[str, list[VaultFile]] = {}
        self._parts: dict[VaultPath, Parts] = {}
        self._scripts = frozenset(vault.snippets)
        published = [file for file in vault.notes if file.path in self.notes]
        for file in dict.fromkeys([*published, *vault.attachments, *vault.snippets]):
            self._by_name[fold(posixpath.basename(file.path))].append(file)
            self._by_path[fold(file.path)].append(file)
        for note in self.notes.values():
            for alias in {fold(name) for name in _other_names(note)}:
                self._by_alias[alias].append(note.file)

    def find(self, target: str, source: VaultPath) -> list[VaultFile]:
        """The files that a link in `source` may mean, the one that it does mean first."""
        return self.named(target, source) or self.nicknamed(target)

    def named(self, target: str, source: VaultPath) -> list[VaultFile]:
        """Those that bear the name themselves, in the order of Obsidian."""
        target = target.strip()
        if not {".", ".."}.isdisjoint(target.split("/")):
            # From the root, above which nothing is: `/X` is the note in it, and `X` may be any.
            path = posixpath.join("/", posixpath.dirname(source), target)
            target = posixpath.normpath(path)
        if target not in self._fitting:
            self._fitting[target] = self._fit(target)
        found = self._fitting[target]
        if len(found) < 2:
            return found
        return sorted(found, key=lambda f: _distance(f.path, source, target))

    def _fit(self, target: str) -> list[VaultFile]:
        """The files of a name, wherever it is written."""
        spellings = _spellings(fold(target.strip("/")))
        if "/" in target:
            for path in spellings:
                if path in self._by_path:
                    return [min(self._by_path[path], key=lambda f: target not in f.path)]
        return next(filter(None, map(self._ending, spellings)), [])

    def nicknamed(self, target: str) -> list[VaultFile]:
        """Those that have the name besides: as an alias or their permalink."""
        return self._by_alias.get(fold(target.strip().strip("/")), [])

    def _ending(self, wanted: str) -> list[VaultFile]:
        files = self._by_name.get(posixpath.basename(wanted), [])
        if "/" not in wanted:
            return files
        return [f for f in files if ("/" + fold(f.path)).endswith("/" + wanted)]

    def parts(self, note: Note) -> Parts:
        """What links may name in a note."""
        if note.path not in self._parts:
            own = (option for fence in note.fences for option in fence.options)
            self._parts[note.path] = Parts(note, chain(own, self._embedded(note)))
        return self._parts[note.path]

    def _embedded(self, note: Note) -> Iterator[Option]:
        """What is said of the cells of scripts that a note shows: those that it embeds, or all."""
        for link in note.links:
            for file in self.find(link.target, note.path)[:1] if link.embed else ():
                if file in self._scripts:
                    yield from _options(file, link.fragment)

    @cached_property
    def _names(self) -> Names:
        return Names(self._all_names())

    def with_figure(self, label: str) -> Note | None:
        """A note that has a figure of this label, to guess at what was meant."""
        return next((one for one in self.notes.values() if self.parts(one).figure(label)), None)

    def guess(self, target: str) -> str:
        """What is said of a name that nothing has: a title is none, to Obsidian either."""
        name = stem(VaultPath(target))
        if note := self._by_title.get(fold(name)):
            return f"it is the title of '{stem(note.path)}'"
        near = self._names.nearest(name)
        return f"nearest: '{near}'" if near else ""

    @cached_property
    def _by_title(self) -> Mapping[str, Note]:
        return {fold(note.title): note for note in reversed(self.notes.values())}

    def _all_names(self) -> Iterator[str]:
        for note in self.notes.values():
            yield stem(note.path)
            yield from _other_names(note)
        for file, *_ in self._by_name.values():
            if file.path not in self.notes:
                yield posixpath.basename(file.path)


def _options(script: VaultFile, wanted: str) -> Iterator[Option]:
    """What is said of the cells of a script that have a name; of all if none is given."""
    with suppress(OSError, SyntaxError, UnicodeDecodeError):  # the plan says what is wrong
        for part in percent.cells(percent.read(script)):
            if not wanted or fold(part.name) == fold(wanted):
                yield from split(part.text, Place(script.shown, part.line))[0]


def _other_names(note: Note) -> Iterator[str]:
    yield from note.aliases
    permalink = note.properties.get("permalink")
    if isinstance(permalink, str) and permalink.strip("/"):
        yield permalink.strip("/")


def _distance(path: VaultPath, source: VaultPath, target: str) -> tuple[int, int, bool, str]:
    """Obsidian's order: in the same folder, at the root, below the folder, the shortest path.

    Of paths that differ by case alone the one that is written so.
    """
    folder, written = fold(posixpath.dirname(source)), fold(target.strip("/"))
    found = fold(path)
    places = (
        found in _spellings(posixpath.join(folder, written)),
        found in _spellings(written),
        found.startswith(folder + "/"),
        True,
    )
    return places.index(True), len(path), target not in path, path


def _spellings(wanted: str) -> tuple[str, str]:
    """The paths that a name may stand for; what has an ending is a file before it is a note."""
    note = wanted + ".md"
    return (wanted, note) if "." in posixpath.basename(wanted) else (note, wanted)


def resolve(vault: Vault, notes: Iterable[Note]) -> tuple[Mapping[Link, Target], list[Problem]]:
    """Resolve all links; what is missing or ambiguous is among the problems."""
    index = Index(vault, notes)
    targets: dict[Link, Target] = {}
    problems: list[Problem] = []
    for note in index.notes.values():
        for link in note.links:
            target, files = lead(link, note, index)
            targets[link] = target
            if isinstance(target, Missing):
                problems.append(target.problem)
            if len(files) > 1 and not _is_path(link, files[0], note):
                problems.append(_ambiguous(link, files))
    return targets, problems


def lead(link: Link, note: Note, index: Index) -> tuple[Target, list[VaultFile]]:
    """Where one link of a note leads, and all the files that it may mean."""
    files, name, fragment = _files(link, note, index)
    target = _target(link, files, fragment, index)
    if isinstance(target, Found) and name != link.target:
        target = target._replace(name=name)
    return target, files


def _files(link: Link, note: Note, index: Index) -> tuple[list[VaultFile], str, str]:
    """The files that a link may mean, what of it names them, and the part of them that it names."""
    if not link.target:
        return [note.file], "", link.fragment
    readings = list(_readings(link))
    for name, fragment in readings:
        if files := index.named(name, note.path):
            return files, name, fragment
    for name, fragment in readings:
        if files := index.nicknamed(name):
            return files, name, fragment
    return [], link.target, link.fragment


def _readings(link: Link) -> Iterator[tuple[str, str]]:
    """A link's name and fragment; then as if number signs belonged to the name: `Issue #5`.

    What raw HTML says may count from the page of its note, a directory further in, as it
    does where nobody reads raw HTML: on a plain MkDocs site, in Quartz, in Hugo.
    """
    yield link.target, link.fragment
    if link.target.startswith("../") and is_address(link.written):
        yield f"./{link.target[3:]}", link.fragment
    parts = link.fragment.split("#") if link.fragment else []
    for count in range(len(parts), 0, -1):
        for mark in ("#", " #"):
            yield mark.join([link.target, *parts[:count]]), "#".join(parts[count:])


def _target(link: Link, files: Sequence[VaultFile], fragment: str, index: Index) -> Target:
    if not files:
        what = "note or file" if link.embed or "." in link.target else "note"
        text = f"{link.written} names no {what}"
        guess = index.guess(link.target)
        return Missing(Problem(Code.LINK_MISSING, link.place, text, guess))
    note = index.notes.get(files[0].path)
    if not fragment.strip("# ") or note is None:
        return Found(files[0], fragment.strip() or None)
    return _part(link, note, fragment, index)


def _part(link: Link, note: Note, fragment: str, index: Index) -> Target:
    """The block, figure or heading that a link names in a note."""
    parts = index.parts(note)
    found: Block | Heading | str | None
    guess: Callable[[str], str]
    if fragment.startswith("^"):
        kind, found, guess = "block", parts.block(fragment[1:]), parts.guess_block
        fragment = fragment[1:]
    elif is_reference(link.written):
        kind, found, guess = "figure", parts.figure(fragment), parts.guess_figure
    else:
        kind, found, guess = "heading", parts.heading(fragment), parts.guess_heading
        found = found or (None if link.embed else parts.anchor(fragment))
    if found:
        return Found(note.file, found)
    if kind == "figure" and (other := index.with_figure(fragment)):
        return _no_part(link, note, kind, f"write [[{stem(other.path)}#{fragment}]]")
    near = guess(fragment)
    return _no_part(link, note, kind, f"nearest: '{near}'" if near else "")


def _no_part(link: Link, note: Note, kind: str, guess: str) -> Missing:
    where = f"'{stem(note.path)}' has no such {kind}" if link.target else f"no such {kind} here"
    problem = Problem(Code.LINK_MISSING, link.place, f"{link.written}: {where}", guess)
    return Missing(problem, note.file)


def _is_path(link: Link, file: VaultFile, note: Note) -> bool:
    """Whether it is a Markdown link that says, from its note on, where the file lies."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(note.path), link.target))
    return not link.written.startswith(("[[", "![[")) and path == file.path


def _ambiguous(link: Link, files: Sequence[VaultFile]) -> Problem:
    others = ", ".join(f.path for f in files[1:])
    path: str = files[0].path
    if "." not in stem(files[0].path):  # or else it could name a file
        path = path.removesuffix(".md")
    return Problem(
        Code.LINK_AMBIGUOUS,
        link.place,
        f"{link.written} leads to {files[0].path} but also fits {others}",
        f"write [[{path if '/' in path else '/' + path}]]",
    )
