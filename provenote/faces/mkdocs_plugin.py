"""The face towards MkDocs: `plugins: [provenote]` and nothing else.

MkDocs keeps its theme, navigation, search and other plugins; what it would make of
the vault itself is replaced by what `build` makes of it.
"""

import gc
import logging
import posixpath
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from logging import ERROR, WARNING
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.base import Config, ConfigErrors, ConfigWarnings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from pathspec import GitIgnoreSpec

from provenote import web
from provenote.build import build
from provenote.faces import jupyter, mkdocs_files, templating
from provenote.faces.progress import Progress
from provenote.faces.python_markdown import dialect
from provenote.faces.rebuilding import Rebuilding
from provenote.faces.site_dir import FormerSite
from provenote.faces.watching import look_out, outlive, watched
from provenote.faces.wording import explain, summary
from provenote.memo import FORGETFUL, Memo
from provenote.model import NotebookPage, Page, Site
from provenote.problems import Code, Problem, cannot_read, in_order
from provenote.run.sessions import run
from provenote.run.workers import Workers, workers
from provenote.settings import Settings, read
from provenote.vault import has_linked_directories

log = logging.getLogger("mkdocs.plugins.provenote")


class NoSchema(Config):  # type: ignore[no-untyped-call]
    """Options are `settings.read`'s business, not MkDocs'."""


class ProvenotePlugin(BasePlugin[NoSchema]):  # type: ignore[no-untyped-call]
    """One build at a time: `on_files` makes the Site, the later events hand it out."""

    def __init__(self) -> None:
        self._options: Mapping[str, Any] = {}
        self._command = ""
        self._dirty = False
        self._former = FormerSite()
        self._pool: Workers | None = None
        self._rebuilding = Rebuilding()
        self._vault: Path | None = None
        self._aside: TemporaryDirectory[str] | None = None
        self._server: LiveReloadServer | None = None
        self.site = Site((), (), ())
        self._memo = FORGETFUL
        self.complete = False
        self._pages: dict[str, Page] = {}
        self._notebooks: dict[str, NotebookPage] = {}
        self._handed_over = ExitStack()

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Take every option as it is; `settings.read` reports all that is wrong at once."""
        self._options = options
        return [], []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self._command = command
        self._dirty = dirty

    def on_shutdown(self) -> None:
        self._former.spare_no_more()
        if self._pool is not None:
            self._pool.close()
        if self._aside is not None:
            self._aside.cleanup()
            self._aside = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        logging.getLogger("mkdocs.structure.files").addFilter(_is_true_of_us)
        jupyter.take_over(config.plugins)
        if has_linked_directories(Path(config.docs_dir)):
            # MkDocs would follow them, even in a circle, for files that it does not need.
            self._vault = Path(config.docs_dir)
            self._aside = self._aside or TemporaryDirectory(prefix="provenote-")
            config.docs_dir = self._aside.name
        config.extra_css = [*web.STYLESHEETS, *config.extra_css]  # the site's own come last
        return config

    @event_priority(-100)  # no other plugin changes where the site will be
    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        if not self._dirty:  # then MkDocs is about to empty it
            self._former.spare(Path(config.site_dir))

    @event_priority(100)  # other plugins meet the vault as it will be published
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        self._former.spare_no_more()
        self.complete = False
        self.site = self._build(config)
        self._pages = {page.source: page for page in self.site.pages}
        self._notebooks = {page.source: page for page in self.site.notebooks}
        for problem in self.site.problems:
            log.log(ERROR if problem.code.breaks_build else WARNING, str(problem))
        if self._server is not None:
            self._watch(self._server, config)
        missed = partial(self._missed, config)
        files = mkdocs_files.replace_vault(files, self.site, config, missed)
        try:
            self._former.clear(but=[file.dest_uri for file in files.documentation_pages()])
        except OSError as error:
            raise PluginError(explain(error)) from error
        return files

    def _missed(self, config: MkDocsConfig, path: Path, error: OSError) -> None:
        """Add to what is wrong that a file is gone, or otherwise out of reach, since it was found.

        The site is without it; whatever leads there will be reported by the next build.
        """
        problem = cannot_read(self.settings(config)[0].shown(path), error)
        self.site = replace(self.site, problems=in_order([*self.site.problems, problem]))
        log.warning(str(problem))

    def _build(self, config: MkDocsConfig) -> Site:
        settings, problems = self.settings(config)
        self._memo = Memo(settings.store_dir)
        if self._command == "serve" and self._pool is None:
            self._pool = workers(settings)  # warm for the next build
        try:
            with Progress() as progress:
                runner = partial(run, pool=self._pool)
                site = build(settings, progress=progress, runner=runner, memo=self._memo)
            if self._command == "build" and self._server is None:
                gc.freeze()  # nearly all of it is kept to the end, which is the process's own
        except BaseException as error:
            self.on_shutdown()  # it may have been interrupted between question and answer
            if not isinstance(error, Exception):
                raise
            log.debug("provenote stopped", exc_info=True)
            raise PluginError(explain(error)) from error
        empty = [problem for problem in site.problems if problem.code is Code.NO_NOTES]
        if empty:
            raise PluginError(str(empty[0]))
        return replace(site, problems=in_order([*problems, *site.problems]))

    def settings(self, config: MkDocsConfig) -> tuple[Settings, tuple[Problem, ...]]:
        """What this plugin's options and MkDocs' configuration say together."""
        vault = self._vault or Path(config.docs_dir)
        file = Path(config.config_file_path) if config.config_file_path else None
        project = file.parent if file else vault
        return read(
            self._options,
            project=project,
            vault=vault,
            shown=file.name if file else "settings",
            directory_urls=config.use_directory_urls,
            notebooks=jupyter.notebooks(jupyter.given(config.plugins)),
            site_url=config.site_url or "",
            site_name=config.site_name,
            syntax=dialect(config.markdown_extensions, config.mdx_configs, project),
            exclude=(Path(config.site_dir),),
            named=tuple(_named(config)),
            withheld=tuple(filter(None, (config.exclude_docs, self._drafts(config)))),
        )

    def _drafts(self, config: MkDocsConfig) -> GitIgnoreSpec | None:
        """Notes that MkDocs shows only while it serves."""
        return None if self._command == "serve" else config.draft_docs

    @event_priority(100)  # a plugin that orders the navigation may name its sections, too
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        if config.nav is None:
            mkdocs_files.name_sections(nav.items, self._pages)
        return nav

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        self._rebuilding.begin(env, config.plugins, self._memo)
        templating.remember(env, self._memo, config)
        return env

    def on_page_markdown(
        self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        ours = self._pages.get(page.file.src_uri)
        if ours is not None:
            page.meta = mkdocs_files.meta(ours, config)
        return markdown

    @event_priority(-100)  # mkdocs-jupyter has said how it renders the page
    def on_pre_page(self, page: MkDocsPage, *, config: MkDocsConfig, files: Files) -> MkDocsPage:
        notebook = self._notebooks.get(page.file.src_uri)
        if notebook is not None and notebook.content is not None:
            self._handed_over.enter_context(
                jupyter.handed_over(page, notebook.content, self._rebuilding)
            )
        elif page.file.src_uri in self._pages:
            mkdocs_files.leave_unread(page)
        return page

    @event_priority(100)  # other plugins meet the page's real content
    def on_page_content(
        self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files
    ) -> str:
        self._handed_over.close()
        ours = self._pages.get(page.file.src_uri)
        if ours is None:
            notebook = self._notebooks.get(page.file.src_uri)
            return jupyter.folded(jupyter.typeset(html)) + notebook.backlinks if notebook else html
        page.toc = mkdocs_files.toc(ours.toc)
        return ours.body

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        return mkdocs_files.with_feed(output, self.site.feed, config)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        # MkDocs watches all of the vault, where `.obsidian` changes with every click.
        server.unwatch(config.docs_dir)
        self._server = outlive(server, Path(config.site_dir))
        look_out(server)
        self._watch(server, config)
        return server

    def _watch(self, server: LiveReloadServer, config: MkDocsConfig) -> None:
        for path, recursive in watched(self.settings(config)[0], self.site):
            server.watch(str(path), recursive=recursive)

    def on_build_error(self, *, error: Exception) -> None:
        self._handed_over.close()
        self._former.spare_no_more()
        self._memo.close()

    @event_priority(-100)  # what other plugins still have to write is written first
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        self._memo.close()
        self._former.finish()
        self.complete = True
        breaking = [problem for problem in self.site.problems if problem.code.breaks_build]
        if breaking and self._command != "serve":
            raise Abort(f"The site is written, but not right: {summary(self.site.problems)}")


def _named(config: MkDocsConfig) -> Iterator[str]:
    """Files that the configuration names itself; each page shows or loads them."""
    images = filter(None, (config.theme.get("logo"), config.theme.get("favicon")))
    for path in (*config.extra_css, *config.extra_javascript, *images):
        yield posixpath.normpath(str(path).partition("?")[0]).lstrip("/")


def _is_true_of_us(record: logging.LogRecord) -> bool:
    """MkDocs warns that a README.md gives way to an index.md; ours have both a page."""
    return not str(record.msg).startswith("Excluding '")
