"""Addresses: where each note is, and what else leads to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from provenote.model import Note, Url, VaultFile, VaultPath
from provenote.paths import addresses as own_addresses
from provenote.paths import asked, file_path, fold, note_url, notebook_url
from provenote.problems import Code, Place, Problem
from provenote.settings import Settings


@dataclass(frozen=True)
class Addresses:
    """Where things are in the site."""

    urls: Mapping[VaultPath, Url]
    """Of all that has a page: notes, canvases, and notebooks where the host renders them."""
    redirects: Mapping[Url, VaultPath]
    """What leads to a note besides: its aliases, and where it would be without a permalink."""
    problems: tuple[Problem, ...] = ()


def addresses(
    notes: Sequence[Note], notebooks: Iterable[VaultFile], settings: Settings
) -> Addresses:
    """Give each note its address; what is another's own is never taken from it."""
    if settings.only_notes:
        return Addresses({n.path: note_url(n.path, settings.directory_urls) for n in notes}, {})
    urls = own_addresses((n.file for n in notes), directory_urls=settings.directory_urls)
    for file in notebooks:
        urls[file.path] = notebook_url(file.path, directory_urls=settings.directory_urls)
    taken = {_place(url): path for path, url in urls.items()}
    redirects: dict[Url, VaultPath] = {}
    problems: list[Problem] = []
    for note in notes:
        permalink = _permalink(note, settings)
        if not permalink or permalink == urls[note.path]:
            continue
        first = taken.get(_place(permalink), note.path)
        if first != note.path:
            problems.append(_taken(note, first))
            continue
        if _place(permalink) not in taken:  # not only spelled in other cases
            redirects[urls[note.path]] = note.path
        urls[note.path] = permalink
        taken[_place(permalink)] = note.path
    redirects |= {
        alias: path
        for alias, path in _aliases(notes, settings)
        if taken.setdefault(_place(alias), path) == path and alias != urls[path]
    }
    return Addresses(urls, redirects, tuple(problems))


def _place(url: Url) -> str:
    """What two addresses share that one file cannot serve, on any file system."""
    return fold(file_path(url))


def _permalink(note: Note, settings: Settings) -> Url | None:
    given = note.properties.get("permalink")
    if not isinstance(given, str):
        return None
    return asked(given, directory_urls=settings.directory_urls)


def _aliases(notes: Sequence[Note], settings: Settings) -> Iterator[tuple[Url, VaultPath]]:
    for note in notes:
        for alias in note.aliases:
            if url := asked(alias, directory_urls=settings.directory_urls):
                yield url, note.path


def _taken(note: Note, first: VaultPath) -> Problem:
    return Problem(
        Code.DOUBLED_ADDRESS,
        Place(note.file.shown, 1),
        f"permalink {note.properties['permalink']} is the address of {first}",
        "the note stays at its own",
    )
