"""Hands a Site over to MkDocs: its pages and assets as MkDocs' own files."""

import posixpath
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from provenote.model import Asset, NotebookPage, Page, Site, TocEntry, Url, VaultPath
from provenote.paths import file_path, folder_url

Missed = Callable[[Path, OSError], None]
"""Is told of a file that cannot be read any more."""


def replace_vault(files: Files, site: Site, config: MkDocsConfig, missed: Missed) -> Files:
    """MkDocs' files without its own reading of the vault, which the Site takes the place of.

    What the theme and other plugins brought stays. What cannot be copied in the end is `missed`.
    """
    vault = {file.src_uri: file for file in files if _is_of_vault(file, config)}
    ours = [_page_file(page, config) for page in site.pages]
    ours += [_notebook_file(page, config) for page in site.notebooks]
    ours += [_asset_file(asset, config, missed) for asset in site.assets]
    taken = {file.src_uri for file in ours}
    others = [file for path, file in files.src_uris.items() if path not in vault.keys() | taken]
    return Files([*others, *ours])


def _is_of_vault(file: File, config: MkDocsConfig) -> bool:
    return file.src_dir is not None and Path(file.src_dir) == Path(config.docs_dir)


def _page_file(page: Page, config: MkDocsConfig) -> File:
    inclusion = _inclusion(page.source, config, listed=page.listed)
    file = File.generated(config, page.source, content="", inclusion=inclusion)
    file.dest_uri = file_path(page.url)
    file.url = page.url or "./"
    file.name = "index" if _opens_its_folder(page) else PurePosixPath(page.source).stem
    if page.file is not None:
        file.edit_uri = page.source
    return file


def _opens_its_folder(page: Page) -> bool:
    """Whether the page is its folder's `index.md`, whatever the note's name."""
    folder = posixpath.dirname(page.source)
    return any(page.url == folder_url(folder, directory_urls=kind) for kind in (True, False))


def _notebook_file(page: NotebookPage, config: MkDocsConfig) -> File:
    """The file on disk, which another plugin makes a page of."""
    vault = page.file.parents[page.source.count("/")]
    return File(
        page.source,
        str(vault),
        config.site_dir,
        config.use_directory_urls,
        inclusion=_inclusion(page.source, config),
    )


def _inclusion(source: VaultPath, config: MkDocsConfig, *, listed: bool = True) -> InclusionLevel:
    """Every page of a Site is published, a draft where it is served; the nav lists not all."""
    if config.draft_docs and config.draft_docs.match_file(source):
        return InclusionLevel.DRAFT
    unlisted = config.not_in_nav and config.not_in_nav.match_file(source)
    if unlisted or not listed:
        return InclusionLevel.NOT_IN_NAV
    return InclusionLevel.INCLUDED


def _asset_file(asset: Asset, config: MkDocsConfig, missed: Missed) -> File:
    given: dict[str, Any] = (
        {"content": asset.content}
        if isinstance(asset.content, bytes)
        else {"abs_src_path": str(asset.content)}
    )
    inclusion = InclusionLevel.INCLUDED
    file = File.generated(config, unquote(asset.url), inclusion=inclusion, **given)
    copy = file.copy_file

    def copy_what_is_there(dirty: bool = False) -> None:
        try:
            copy(dirty)
        except OSError as error:
            if error.filename != file.abs_src_path or error.filename2 is not None:
                raise  # it is the site that cannot be written
            missed(Path(error.filename), error)

    file.copy_file = copy_what_is_there  # type: ignore[method-assign]
    return file


def name_sections(items: Iterable[StructureItem], pages: Mapping[str, Page]) -> None:
    """Give each folder the title of the page that opens it: MkDocs would make `Relu` of `relu`."""
    for section in (item for item in items if isinstance(item, Section)):
        for page in section.children:
            if isinstance(page, MkDocsPage) and page.is_index and page.file.src_uri in pages:
                section.title = escape(pages[page.file.src_uri].title, quote=False)
        name_sections(section.children, pages)


def leave_unread(page: MkDocsPage) -> None:
    """Spare MkDocs the reading of Markdown that it would throw away."""

    def render(config: MkDocsConfig, files: Files) -> None:
        page.content, page.present_anchor_ids = "", set()

    page.render = render  # type: ignore[method-assign]


def toc(entries: Iterable[TocEntry]) -> TableOfContents:
    """A page's table of contents as MkDocs' themes read it."""
    return TableOfContents([_anchor_link(entry) for entry in entries])


def _anchor_link(entry: TocEntry) -> AnchorLink:
    link = AnchorLink(entry.title, entry.anchor, entry.level)
    link.children = [_anchor_link(child) for child in entry.children]
    return link


def with_feed(html: str, feed: Url | None, config: MkDocsConfig) -> str:
    """A page that tells feed readers where the site's feed is, if it has one."""
    if feed is None:
        return html
    address, title = escape(f"{config.site_url}{feed}"), escape(config.site_name)
    link = f'<link rel="alternate" type="application/atom+xml" title="{title}" href="{address}">'
    return html.replace("</head>", f"{link}</head>", 1)


def meta(page: Page, config: MkDocsConfig) -> dict[str, Any]:
    """A page's properties as MkDocs' themes read them.

    Themes trust `page.meta`: they print it unescaped, and a value of a kind that they
    do not expect ends the build. Such values are left out: an Obsidian vault may mean
    anything by `icon` or `hide`.
    """
    kept = dict(page.properties)
    for name, fit in _fits(config).items():
        if name in kept:
            value = fit(kept.pop(name))
            if value is not None:
                kept[name] = value
    return {**kept, "title": escape(page.title, quote=False)}


_STATUSES = {"deprecated", "encrypted", "new"}
"""What Material has icons for; any other text would have that of a remark."""


def _fits(config: MkDocsConfig) -> dict[str, Callable[[Any], Any]]:
    """What themes take for each property they read; None for what they would stumble over."""
    theme_dirs, own = list(map(Path, config.theme.dirs)), config.extra.get("status")
    statuses = _STATUSES | (own.keys() if isinstance(own, dict) else set())

    def status(value: Any) -> str | None:
        return value if isinstance(value, str) and value in statuses else None

    def text(value: Any) -> str | None:
        return escape(value) if isinstance(value, str) else None

    def words(value: Any) -> list[str] | None:
        strings = isinstance(value, list) and all(isinstance(word, str) for word in value)
        return value if strings else None

    def mapping(value: Any) -> dict[str, Any] | None:
        return value if isinstance(value, dict) else None

    def file(pattern: str) -> Callable[[Any], str | None]:
        def there(value: Any) -> str | None:
            if not isinstance(value, str) or ".." in value or not value:
                return None
            name = pattern.format(value)
            return value if any((root / name).is_file() for root in theme_dirs) else None

        return there

    return {
        "author": text,
        "description": text,
        "hide": words,
        "icon": file(".icons/{}.svg"),
        "search": mapping,
        "status": status,
        "subtitle": text,
        "tags": words,
        "template": file("{}"),
    }
