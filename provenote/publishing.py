"""Publish: which notes go into the site. In doubt, a note does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from provenote import front_matter
from provenote.bases import is_base
from provenote.canvas import is_canvas
from provenote.dialect import Dialect
from provenote.flaws import not_included
from provenote.links import Index
from provenote.model import Found, Link, Missing, Note, Target, Vault, VaultFile, VaultPath
from provenote.notes import decoded
from provenote.paths import fold
from provenote.problems import Code, Place, Problem
from provenote.settings import PublishBy, Settings
from provenote.syntax.inclusions import refused

_YES = {"true", "yes", "on", "1"}
_NO = {"false", "no", "off", "0"}


def is_published(note: Note, settings: Settings) -> bool:
    """Whether a note goes into the site.

    Text counts as what it says, and what says neither yes nor no keeps the note back.
    """
    return not settings.withholds(note.path) and _goes(note.path, note.properties, settings)


def _goes(path: VaultPath, properties: Mapping[str, Any], settings: Settings) -> bool:
    def said(*names: str) -> set[str]:
        return {_word(value) for name, value in properties.items() if fold(name) in names} - {""}

    asked = said("publish", "share")
    if not (said("draft") <= _NO and asked <= _YES):
        return False
    says_nothing = is_canvas(path) or is_base(path)
    if says_nothing and settings.published.match_file(path):
        return True
    return bool(asked) or settings.publish_by is PublishBy.ALL


def dialect(settings: Settings) -> tuple[Dialect, tuple[Problem, ...]]:
    """What notes are written in, where `--8<--` includes nothing of an unpublished note.

    What would end every note is looked at once, not reported for each.
    """
    given = replace(settings.dialect, may_include=partial(may_include, settings=settings))
    looked_at = {lines: refused(given.include(lines), given) for lines in given.appended}
    place = Place(settings.written_in)
    wrong = [not_included(one, place, "auto_append") for one in looked_at.values() if one]
    kept = tuple(lines for lines, one in looked_at.items() if one is None)
    return replace(given, appended=kept), tuple(wrong)


def may_include(file: str, settings: Settings) -> bool:
    """Whether the text of a file, a path relative to the project, may be on a page.

    What is no note of the site, as beside the vault or under `exclude_docs`, is often there
    to be included: it may be unless it says otherwise itself.
    """
    absolute = settings.project / file
    try:
        text, _ = decoded(absolute.read_bytes(), file)
    except OSError:
        return False
    properties, _, _ = front_matter.read(text, file)
    path = _note(absolute, settings)
    by = settings if path else replace(settings, publish_by=PublishBy.ALL)
    return _goes(path or VaultPath(""), properties, by)


def _note(file: Path, settings: Settings) -> VaultPath | None:
    """The path of a file in the vault, if it is one that makes a page."""
    real, vault = file.resolve(), settings.vault.resolve()
    if not real.is_relative_to(vault):
        return None
    path = VaultPath(real.relative_to(vault).as_posix())
    is_note = path.endswith(".md") or is_canvas(path) or is_base(path)
    left_out = settings.ignored.match_file(path) or settings.withholds(path)
    return path if is_note and not left_out else None


def notebooks(
    vault: Vault, targets: Mapping[Link, Target], settings: Settings
) -> tuple[VaultFile, ...]:
    """The notebooks that the host makes pages of; by opt-in those that a published note uses."""
    shown = settings.notebooks
    if shown is None:
        return ()
    found = [file for file in vault.attachments if shown.shows(file.absolute)]
    if settings.publish_by is PublishBy.ALL:
        return tuple(found)
    used = {target.file.shown for target in targets.values() if isinstance(target, Found)}
    return tuple(f for f in found if f.shown in used or settings.published.match_file(f.path))


def without(vault: Vault, hidden: Iterable[Note], settings: Settings) -> Vault:
    """The vault without what is not published, of which not even the file may be had.

    Nor by another name: `plan.txt` may be a symbolic link to it.
    """
    files = {note.file for note in hidden}
    secret = {file.absolute.resolve() for file in files}
    files.update(
        file
        for file in vault.attachments
        if settings.withholds(file.path)
        or (file.absolute.is_symlink() and file.absolute.resolve() in secret)
    )
    return Vault(
        notes=tuple(file for file in vault.notes if file not in files),
        attachments=tuple(file for file in vault.attachments if file not in files),
        snippets=tuple(file for file in vault.snippets if file not in files),
    )


def _word(value: object) -> str:
    """A property's value as a word; '' where the property is there and left empty."""
    return "" if value is None else fold(str(value).strip())


def withhold(
    notes: Sequence[Note],
    hidden: Sequence[Note],
    targets: Mapping[Link, Target],
    problems: Iterable[Problem],
) -> tuple[Mapping[Link, Target], list[Problem]]:
    """Targets and problems anew: what only an unpublished note answers is said to be that.

    Links are resolved without the unpublished notes first, so that no link ever
    leads to one; here they only give a better reason.
    """
    index = Index(Vault(tuple(note.file for note in hidden), (), ()), hidden)
    reasons: dict[Link, Missing] = {}
    told: dict[Problem, Problem] = {}
    for link, source in _linked(notes):
        target = targets[link]
        if isinstance(target, Missing) and index.find(link.target, source):
            reasons[link] = Missing(_not_published(link))
            told[target.problem] = reasons[link].problem
    return {**targets, **reasons}, [told.get(problem, problem) for problem in problems]


def _linked(notes: Iterable[Note]) -> Iterator[tuple[Link, VaultPath]]:
    for note in notes:
        yield from ((link, note.path) for link in note.links if link.target)


def _not_published(link: Link) -> Problem:
    text = f"{link.written} leads to a note that is not published"
    return Problem(Code.LINK_UNPUBLISHED, link.place, text, "readers see its text alone")
