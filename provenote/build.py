"""The corridor: the whole program, top to bottom. A vault goes in, a site comes out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from provenote import snippets, views, web
from provenote.links import resolve
from provenote.model import (
    Asset,
    Found,
    Link,
    Note,
    Page,
    Result,
    Session,
    SessionId,
    Site,
    Target,
    Url,
    Vault,
    VaultFile,
    VaultPath,
)
from provenote.notes import parse
from provenote.pages import Book, Shown, write
from provenote.paths import addresses, asset_url, notebook_url
from provenote.problems import Place, in_order
from provenote.run.results import problems as failures
from provenote.run.sessions import Progress, run, silent
from provenote.run.store import Store
from provenote.settings import Settings
from provenote.vault import scan


def build(settings: Settings, *, progress: Progress = silent) -> Site:
    """Read a vault, run its snippets, write its pages.

    Nothing that an author wrote raises: what is wrong is among `Site.problems`, and
    the rest of the site is there.
    """
    vault, problems = scan(settings)
    notes = [note for note in map(parse, vault.notes) if is_published(note)]
    targets, link_problems = resolve(vault, notes)
    plan = snippets.plan(notes, vault, settings, _embedded_scripts(vault, targets))
    results = (
        run(plan.sessions, settings, store=Store(settings.store_dir), progress=progress)
        if settings.run
        else {}
    )
    book = _book(notes, vault, targets, plan.sessions, results, settings)
    written = [write(note, book) for note in notes]
    pages = [page for page, _ in written]
    pages += views.tag_pages(notes, book.urls, directory_urls=settings.directory_urls)
    if not any(page.url in {"", "index.html"} for page in pages):
        pages.append(_home(notes, book, settings))
    return Site(
        pages=pages,
        assets=[*_assets(vault, targets, settings), *web.assets()],
        problems=in_order(
            chain(
                problems,
                *(note.problems for note in notes),
                link_problems,
                plan.problems,
                failures(results),
                *(found for _, found in written),
            )
        ),
        watch=_watched(settings, results),
    )


def is_published(note: Note) -> bool:
    """Whether a note goes into the site: all but drafts and `publish: false`."""
    says = {name: str(note.properties.get(name, "")).lower() for name in ("draft", "publish")}
    return says["draft"] != "true" and says["publish"] != "false"


def _embedded_scripts(vault: Vault, targets: Mapping[Link, Target]) -> set[VaultFile]:
    scripts = set(vault.snippets)
    return {
        target.file
        for link, target in targets.items()
        if link.embed and isinstance(target, Found) and target.file in scripts
    }


def _book(  # noqa: PLR0913, PLR0917 - it is where all rooms' work meets
    notes: Sequence[Note],
    vault: Vault,
    targets: Mapping[Link, Target],
    sessions: Sequence[Session],
    results: Mapping[SessionId, Result],
    settings: Settings,
) -> Book:
    cells: dict[Place, Shown] = {}
    scripts: dict[VaultPath, tuple[Session, tuple[Shown, ...]]] = {}
    paths = {file.shown: file.path for file in vault.snippets}
    for session in sessions:
        result = results.get(session.id)
        outputs = result.outputs if result else ((),) * len(session.cells)
        shown = tuple(map(Shown, session.cells, outputs))
        if session.script:
            scripts[paths[session.id]] = (session, shown)
        else:
            cells.update((cell.cell.place, cell) for cell in shown)
    return Book(
        notes={note.path: note for note in notes},
        urls=_urls(notes, vault, settings),
        tag_urls=views.tag_urls(notes, directory_urls=settings.directory_urls),
        targets=targets,
        cells=cells,
        scripts=scripts,
        backlinks=views.backlinks(notes, targets),
    )


def _urls(notes: Sequence[Note], vault: Vault, settings: Settings) -> dict[VaultPath, Url]:
    """Addresses of all that has a page: notes, and notebooks where the host renders them."""
    urls = addresses((note.file for note in notes), directory_urls=settings.directory_urls)
    if settings.notebooks:
        for file in vault.attachments:
            if file.path.endswith(".ipynb"):
                urls[file.path] = notebook_url(file.path, directory_urls=settings.directory_urls)
    return urls


def _home(notes: Sequence[Note], book: Book, settings: Settings) -> Page:
    url = Url("" if settings.directory_urls else "index.html")
    return views.home(notes, book.urls, settings.vault.name, url)


def _assets(vault: Vault, targets: Mapping[Link, Target], settings: Settings) -> Iterator[Asset]:
    """The files that a published note uses, and those that the settings name."""
    notes = set(vault.notes)
    used = {t.file for t in targets.values() if isinstance(t, Found)} - notes
    always = settings.published
    for file in dict.fromkeys((*vault.attachments, *vault.snippets)):
        has_page = settings.notebooks and file.path.endswith(".ipynb")
        if not has_page and (file in used or always.match_file(file.path)):
            yield Asset(asset_url(file.path), file.absolute)


def _watched(settings: Settings, results: Mapping[SessionId, Result]) -> tuple[Path, ...]:
    read = {path for result in results.values() for path in result.depends}
    return tuple(sorted(p for p in read if not p.is_relative_to(settings.vault)))
