"""The face towards hosts that know Python-Markdown extensions only: Zensical.

    markdown_extensions:
      - provenote.faces.markdown_extension:
          maths: [dollars, brackets]

Zensical reads a project's mkdocs.yml and renders each page by itself, through
Python-Markdown; it drops plugins that it does not know. So the vault is built as a
whole when its first page is asked for, and each page then stands in for what
Python-Markdown would make of the note. Under MkDocs and ProperDocs the plugin does all
that, and this extension, if it is named there, does nothing.

Zensical takes every relative address on a page for relative to the note's file, and
writes it anew: the core gives them so (`Book.from_source`).

What such a host does not let an extension do: addresses are its own, so that permalinks
and aliases lead nowhere; it has no page of ours, such as a tag's; and it copies every
attachment, also those that no published note uses.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Protocol

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from pathspec import GitIgnoreSpec

from provenote import web
from provenote.build import build
from provenote.faces.python_markdown import dialect
from provenote.memo import Memo
from provenote.model import Page, Site, TocEntry
from provenote.paths import asset_url, file_path, relative
from provenote.problems import cannot_read, in_order
from provenote.settings import Settings, read
from provenote.vault import ending_in

log = logging.getLogger("provenote")

_CONTEXT = "rendering_context"
"""The preprocessor by which Zensical says which page it renders, and with what configuration."""
_EARLY = 29
"""Priority: first of all that keeps the marks of stashed HTML, which those from 30 on strip."""
_LATE = 0


class _HostPage(Protocol):
    path: str
    meta: dict[str, Any]


class NotesExtension(Extension):
    """Puts a vault's page in the place of what Python-Markdown would make of its note."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options = options

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        page = _Place()
        md.preprocessors.register(_Body(md, self._options, page), "provenote", _EARLY)
        md.postprocessors.register(_Contents(md, page), "provenote", _LATE)


def makeExtension(**options: Any) -> NotesExtension:  # noqa: N802 - Python-Markdown's name
    """Give Python-Markdown the extension that this module is named for."""
    return NotesExtension(**options)


class _Place:
    """The page that is being rendered, from its body to its table of contents."""

    page: Page | None = None


class _Body(Preprocessor):
    def __init__(self, md: Markdown, options: Mapping[str, Any], place: _Place) -> None:
        super().__init__(md)
        self._options = options
        self._place = place

    def run(self, lines: list[str]) -> list[str]:
        if _CONTEXT not in self.md.preprocessors:
            return lines
        context: Any = self.md.preprocessors[_CONTEXT]
        host: _HostPage = context.page
        page = _page(host.path, context.config, self._options)
        self._place.page = page
        if page is None:
            host.meta.clear()
        host.meta["title"] = page.title if page else "Not published"
        return [self.md.htmlStash.store(_html(page))]


def _html(page: Page | None) -> str:
    """What stands in the page; Python-Markdown takes its first element for the whole's kind."""
    if page is None:
        return "<p>This note is not published.</p>"
    links = "".join(
        f'<link rel="stylesheet" href="{escape(relative(url, asset_url(page.source)))}">'
        for url in web.STYLESHEETS
    )
    return f"<div hidden>{links}</div>\n{page.body}"


class _Contents(Postprocessor):
    def __init__(self, md: Markdown, place: _Place) -> None:
        super().__init__(md)
        self._place = place

    def run(self, text: str) -> str:
        if self._place.page is not None:
            vars(self.md)["toc_tokens"] = toc_tokens(self._place.page.toc)
        return text


def toc_tokens(entries: Iterable[TocEntry]) -> list[dict[str, Any]]:
    """A table of contents as Python-Markdown's `toc` leaves it."""
    return [
        {
            "level": entry.level,
            "id": entry.anchor,
            "name": entry.title,
            "html": entry.title,
            "data-toc-label": "",
            "children": toc_tokens(entry.children),
        }
        for entry in entries
    ]


@dataclass(frozen=True)
class _Built:
    pages: Mapping[str, Page]
    stamps: Mapping[str, tuple[int, int] | None]
    """When the notes were read: the host may render one again after it was changed."""


_LOCK = threading.Lock()


@cache
def _kept() -> dict[Path, _Built]:
    """The vaults that this process has built: Zensical makes a new extension for every page."""
    return {}


def _page(path: str, config: Mapping[str, Any], options: Mapping[str, Any]) -> Page | None:
    """A note's page; None if it is not published."""
    root = Path(config["root_dir"]).absolute()
    vault = root / config["docs_dir"]
    with _LOCK:
        built = _kept().get(vault)
        if built is None or built.stamps.get(path) != _stamp(vault / path):
            built = _kept()[vault] = _build(root, vault, config, options)
    return built.pages.get(path)


def _stamp(file: Path) -> tuple[int, int] | None:
    """What tells a file from what it was before; None if it is gone."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _build(
    root: Path, vault: Path, config: Mapping[str, Any], options: Mapping[str, Any]
) -> _Built:
    site_dir = root / config["site_dir"]
    notes = ending_in(".md", vault)
    stamps = {file.relative_to(vault).as_posix(): _stamp(file) for file in notes}
    settings, problems = read(
        options,
        project=root,
        vault=vault,
        directory_urls=config["use_directory_urls"],
        only_notes=True,
        site_url=config["site_url"] or "",
        site_name=config["site_name"],
        syntax=dialect(config["markdown_extensions"], config["mdx_configs"], root),
        exclude=(site_dir, root / ".cache"),
        withheld=tuple(
            GitIgnoreSpec.from_lines((config.get(name) or "").splitlines())
            for name in ("exclude_docs", "draft_docs")
        ),
    )
    memo = Memo(settings.store_dir)
    site = build(settings, memo=memo)
    memo.close()
    for problem in in_order([*problems, *site.problems]):
        level = logging.ERROR if problem.code.breaks_build else logging.WARNING
        log.log(level, str(problem))
    _write_assets(site, settings, site_dir)
    return _Built({page.source: page for page in site.pages}, stamps)


def _write_assets(site: Site, settings: Settings, site_dir: Path) -> None:
    """Write what is not the vault's: the host copies all of that, and nothing else."""
    for asset in site.assets:
        content = asset.content
        if isinstance(content, Path) and content.is_relative_to(settings.vault):
            continue
        try:
            data = content.read_bytes() if isinstance(content, Path) else content
        except OSError as error:
            log.warning(str(cannot_read(settings.shown(Path(error.filename)), error)))
            continue
        _write(site_dir / file_path(asset.url), data)


def _write(target: Path, data: bytes) -> None:
    if target.is_file() and target.read_bytes() == data:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    temporary.write_bytes(data)
    temporary.replace(target)
