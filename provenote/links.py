"""Resolve: every link of every note -> Found or Missing, as Obsidian resolves it."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile

from provenote.model import (
    Found,
    Heading,
    Link,
    Missing,
    Note,
    Target,
    Vault,
    VaultFile,
    VaultPath,
)
from provenote.paths import fold, stem
from provenote.problems import Code, Problem, nearest

_LABEL = re.compile(r"^#\|\s*label:\s*(\S+)", re.MULTILINE)


class Index:
    """Finds files by name, path or alias, each in constant time."""

    def __init__(self, vault: Vault, notes: Iterable[Note]) -> None:
        self.notes = {note.path: note for note in notes}
        self._by_name: dict[str, list[VaultFile]] = defaultdict(list)
        self._by_path: dict[str, VaultFile] = {}
        self._by_alias: dict[str, VaultFile] = {}
        published = [file for file in vault.notes if file.path in self.notes]
        for file in [*published, *vault.attachments, *vault.snippets]:
            name = fold(posixpath.basename(file.path))
            if file not in self._by_name[name]:
                self._by_name[name].append(file)
            self._by_path.setdefault(fold(file.path), file)
        for note in self.notes.values():
            for alias in _aliases(note):
                self._by_alias.setdefault(fold(alias), note.file)

    def find(self, target: str, source: VaultPath) -> list[VaultFile]:
        """The files that a link in `source` may mean, the one that it does mean first."""
        wanted = fold(target.strip().strip("/"))
        if target.startswith(("./", "../")):
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(fold(source)), wanted))
        for path in (wanted, wanted + ".md"):
            if path in self._by_path and "/" in path:
                return [self._by_path[path]]
        found = self._named(wanted + ".md") or self._named(wanted)
        if found:
            here = posixpath.dirname(source)
            return sorted(found, key=lambda f: _distance(f.path, here))
        alias = self._by_alias.get(wanted)
        return [alias] if alias else []

    def _named(self, wanted: str) -> list[VaultFile]:
        files = self._by_name.get(posixpath.basename(wanted), [])
        return [f for f in files if ("/" + fold(f.path)).endswith("/" + wanted)]

    def guess(self, target: str) -> str:
        """The nearest name that a note or file has."""
        names = [stem(path) for path in self.notes]
        names += [alias for note in self.notes.values() for alias in _aliases(note)]
        names += [posixpath.basename(f[0].path) for f in self._by_name.values() if f]
        return nearest(posixpath.basename(target), names)


def _aliases(note: Note) -> Iterator[str]:
    given = note.properties.get("aliases", note.properties.get("alias")) or ()
    for alias in [given] if isinstance(given, str) else given if isinstance(given, list) else ():
        yield str(alias)
    yield note.title


def _distance(path: VaultPath, here: str) -> tuple[bool, int, str]:
    """Obsidian's order: the same folder, then the shortest path."""
    return posixpath.dirname(path) != here, path.count("/"), path


def resolve(vault: Vault, notes: Iterable[Note]) -> tuple[Mapping[Link, Target], list[Problem]]:
    """Resolve all links; what is missing or ambiguous is among the problems."""
    index = Index(vault, notes)
    targets: dict[Link, Target] = {}
    problems: list[Problem] = []
    for note in index.notes.values():
        for link in note.links:
            files = index.find(link.target, note.path) if link.target else [note.file]
            target = _target(link, files, index)
            targets[link] = target
            if isinstance(target, Missing):
                problems.append(target.problem)
            elif len(files) > 1:
                problems.append(_ambiguous(link, files))
    return targets, problems


def _target(link: Link, files: list[VaultFile], index: Index) -> Target:
    if not files:
        near = index.guess(link.target)
        what = "note or file" if link.embed or "." in link.target else "note"
        guess = f"nearest: '{near}'" if near else ""
        text = f"{link.written} names no {what}"
        return Missing(Problem(Code.LINK_MISSING, link.place, text, guess))
    note = index.notes.get(files[0].path)
    if not link.fragment or note is None:
        return Found(files[0], link.fragment or None)
    if link.fragment.startswith("^"):
        return _block(link, note)
    return _heading(link, note)


def _block(link: Link, note: Note) -> Target:
    wanted = link.fragment[1:].casefold()
    for block in note.blocks:
        if block.id.casefold() == wanted:
            return Found(note.file, block)
    near = nearest(wanted, (block.id for block in note.blocks))
    return _no_part(link, note, "block", f"^{near}" if near else "")


def _heading(link: Link, note: Note) -> Target:
    found = _follow(note.headings, [_plain(part) for part in link.fragment.split("#")])
    if found:
        return Found(note.file, found)
    for heading in note.headings:
        if heading.anchor == link.fragment:  # a Markdown link with an address's anchor
            return Found(note.file, heading)
    labels = _labels(note)
    if link.fragment in labels:
        return Found(note.file, link.fragment)
    near = nearest(link.fragment, [*(h.text for h in note.headings), *labels])
    return _no_part(link, note, "heading", near)


def _below(upper: Heading, heading: Heading) -> bool:
    return heading.level > upper.level


def _follow(headings: tuple[Heading, ...], path: list[str]) -> Heading | None:
    """Follow a heading path: each next part stands below the one before."""
    for start, heading in enumerate(headings):
        if _plain(heading.text) == path[0]:
            below = tuple(takewhile(partial(_below, heading), headings[start + 1 :]))
            found = _follow(below, path[1:]) if path[1:] else heading
            if found:
                return found
    return None


def _labels(note: Note) -> list[str]:
    """Labels that the note's snippets give their figures."""
    return [label for fence in note.fences for label in _LABEL.findall(fence.code)]


def _plain(heading: str) -> str:
    """A heading as Obsidian compares it: `#|^:%[]` count as spaces."""
    kept = "".join(" " if c in "#|^:%[]\\" else c for c in heading)
    return fold(" ".join(kept.split()))


def _no_part(link: Link, note: Note, kind: str, near: str) -> Missing:
    where = f"'{stem(note.path)}' has no such {kind}" if link.target else f"no such {kind} here"
    guess = f"nearest: '{near}'" if near else ""
    return Missing(Problem(Code.LINK_MISSING, link.place, f"{link.written}: {where}", guess))


def _ambiguous(link: Link, files: list[VaultFile]) -> Problem:
    others = ", ".join(f.path for f in files[1:])
    return Problem(
        Code.LINK_AMBIGUOUS,
        link.place,
        f"{link.written} leads to {files[0].path} but also fits {others}",
        f"write [[{files[0].path.removesuffix('.md')}]]",
    )
