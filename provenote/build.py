"""The corridor: the whole program, top to bottom. A vault goes in, a site comes out."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import chain
from pathlib import Path, PurePosixPath

from provenote import (
    checks,
    expectations,
    figures,
    notebooks,
    publishing,
    queries,
    snippets,
    views,
    web,
)
from provenote.links import resolve
from provenote.memo import FORGETFUL, Memo
from provenote.model import (
    Asset,
    Found,
    Link,
    Note,
    Page,
    Result,
    SessionId,
    Site,
    Target,
    Url,
    Vault,
    VaultFile,
)
from provenote.pages import Book, Highlighter, executed, shown, with_values, write
from provenote.paths import file_path
from provenote.problems import Problem, in_order
from provenote.reading import read
from provenote.run.results import problems as failures
from provenote.run.results import volatile
from provenote.run.sessions import Progress, Runner, run, silent
from provenote.run.store import Store
from provenote.settings import Settings
from provenote.vault import scan


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Let nobody look for garbage meanwhile: much is made, and nearly all of it is kept.

    What is over of a former build, in a process that serves, goes before. To look for it
    in a first build, too, takes some hundredths of a second, which no state is worth.
    """
    looked = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.freeze()
            gc.unfreeze()  # all that was made is old now: only a full search goes through it
            gc.enable()


@_nothing_collected()
def build(
    settings: Settings,
    *,
    progress: Progress = silent,
    runner: Runner = run,
    memo: Memo = FORGETFUL,
) -> Site:
    """Read a vault, run its snippets, write its pages; what `memo` has is not made anew.

    Nothing that an author wrote raises: what is wrong is among `Site.problems`, and
    the rest of the site is there.
    """
    vault, problems = scan(settings)
    dialect, appended = publishing.dialect(settings)
    everything = read(vault, dialect, memo)
    published = {note.path for note in everything if publishing.is_published(note, settings)}
    notes = [note for note in everything if note.path in published]
    hidden = [note for note in everything if note.path not in published]
    vault = publishing.without(vault, hidden, settings)
    targets, link_problems = publishing.withhold(notes, hidden, *resolve(vault, notes))
    books, unreadable = notebooks.read(publishing.notebooks(vault, targets, settings))
    plan = snippets.plan(notes, vault, settings, _embedded_scripts(vault, targets), books)
    results = (
        runner(plan.sessions, settings, store=Store(settings.store_dir), progress=progress)
        if settings.run and plan.sessions  # a vault with nothing to run gets no store
        else {}
    )
    addresses = views.addresses(notes, [one.file for one in books], settings)
    cells, scripts = shown(plan.sessions, results, vault)
    notes = [with_values(note, cells) for note in notes]
    answers = queries.answer(notes, vault, targets, dialect)
    targets = {**targets, **answers.targets}
    book = Book(
        notes={note.path: note for note in notes},
        urls=addresses.urls,
        tag_urls={}
        if settings.only_notes
        else views.tag_urls(notes, directory_urls=settings.directory_urls),
        targets=targets,
        cells=cells,
        scripts=scripts,
        figures=figures.numbered(notes, targets, plan.sessions),
        backlinks=views.backlinks(notes, targets, cells),
        answers=answers.tokens,
        highlighter=Highlighter(dialect.highlight),
        contents=dialect.contents,
        from_source=settings.only_notes,
    )
    written = [write(note, book, memo) for note in notes]
    pages = [*(page for page, _ in written), *_lists(notes, addresses, book.tag_urls, settings)]
    feed = views.feed(notes, addresses.urls, settings)
    used = views.used(vault, targets, settings)
    assets = [
        *views.assets(vault, used, addresses.urls),
        *views.redirects(addresses, book.notes, settings.site_url),
        *feed,
        views.graph(notes, book.backlinks, addresses.urls),
        views.llms(notes, addresses.urls, settings),
        *web.assets(),
    ]
    return Site(
        pages=pages,
        assets=_beside(pages, assets),
        problems=in_order(
            chain(
                problems,
                appended,
                *(note.problems for note in notes),
                unreadable,
                link_problems,
                answers.problems,
                addresses.problems,
                plan.problems,
                failures(results),
                expectations.problems(plan.sessions, results),
                (one for _, found in written for one in found if not one.code.advice),
            )
        ),
        advice=in_order(
            chain(
                answers.advice,
                _advice(book, vault, used, results),
                (one for _, found in written for one in found if one.code.advice),
            )
        ),
        notebooks=tuple(executed(one, plan.sessions, results, book) for one in books),
        feed=feed[0].url if feed else None,
        watch=_watched(settings, results),
    )


def _embedded_scripts(vault: Vault, targets: Mapping[Link, Target]) -> set[VaultFile]:
    scripts = set(vault.snippets)
    return {
        target.file
        for link, target in targets.items()
        if link.embed and isinstance(target, Found) and target.file in scripts
    }


def _lists(
    notes: Sequence[Note],
    addresses: views.Addresses,
    tag_urls: Mapping[str, Url],
    settings: Settings,
) -> list[Page]:
    """Pages that no note is, at addresses that no note has."""
    if settings.only_notes:
        return []
    taken = {*addresses.urls.values(), *addresses.redirects}
    tags = views.tag_pages(notes, addresses.urls, tag_urls, directory_urls=settings.directory_urls)
    folders = views.folder_pages(notes, addresses.urls, taken, settings)
    return [page for page in tags if page.url not in taken] + folders


def _beside(pages: Iterable[Page], assets: Iterable[Asset]) -> list[Asset]:
    """Assets without those that would be written over a page, or over one another.

    Nor can a file be where the directory of a page is, `LICENSE` beside `LICENSE.md`.
    """
    files = {file_path(page.url) for page in pages}
    taken = files | {str(above) for file in files for above in PurePosixPath(file).parents}
    kept = {file_path(asset.url): asset for asset in reversed(list(assets))}
    return [asset for path, asset in reversed(kept.items()) if path not in taken]


def _advice(
    book: Book, vault: Vault, used: Set[str], results: Mapping[SessionId, Result]
) -> Iterable[Problem]:
    notes = list(book.notes.values())
    opened = {path for result in results.values() for path in result.depends}
    return chain(
        checks.orphans(notes, book.backlinks, book.urls),
        checks.unused(vault, used, book.urls, opened),
        checks.without_alt(notes, book.targets),
        checks.ambiguous_headings(book.notes, book.targets),
        volatile(results),
    )


def _watched(settings: Settings, results: Mapping[SessionId, Result]) -> tuple[Path, ...]:
    read = {path for result in results.values() for path in result.depends}
    return tuple(sorted(p for p in read if not p.is_relative_to(settings.vault)))
