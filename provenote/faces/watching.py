"""Live reload: what it has to watch, and what it outlives."""

import logging
import os
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any, cast

from mkdocs.exceptions import MkDocsException
from mkdocs.livereload import LiveReloadServer

from provenote.faces.lookout import Lookout
from provenote.model import Site
from provenote.settings import Settings

_NOT_BUILT = """\
<!doctype html><meta charset="utf-8"><title>The site is not built</title>
<body style="font-family: sans-serif; margin: 2em; color-scheme: light dark">
<h1>The site is not built</h1><pre style="white-space: pre-wrap">{}</pre>
<p>The terminal may say more. This page follows the next change.</p></body>
"""

log = logging.getLogger("mkdocs.plugins.provenote")


def watched(settings: Settings, site: Site) -> Iterator[tuple[Path, bool]]:
    """Paths to watch, and whether what lies below them is meant too.

    Hidden directories and those that a build writes to are left out: a change there
    would build again, which would write there again.
    """
    written = {settings.store_dir, *settings.exclude}
    for root in (settings.vault, settings.snippets_dir):
        for _, names, _ in islice(os.walk(root), 1):  # none if it is not there
            yield root, False
            visible = (root / name for name in sorted(names) if not name.startswith("."))
            yield from ((child, True) for child in visible if child not in written)
    yield from ((path, False) for path in site.watch if path.exists())


def outlive(server: LiveReloadServer, site_dir: Path) -> LiveReloadServer:
    """Let a server go on after a build that stops half way, as for a broken mkdocs.yml.

    By itself it prints a traceback and lets browsers wait until a build succeeds. Every
    page says what is wrong until then.
    """
    builder = server.builder

    def build() -> None:
        try:
            builder()
        except Exception as error:
            said = error.format_message() if isinstance(error, MkDocsException) else repr(error)
            log.error("The site is not built: %s", said)
            log.debug("The build stopped", exc_info=True)
            for page in {site_dir / "index.html", site_dir / "404.html", *site_dir.rglob("*.html")}:
                page.write_text(_NOT_BUILT.format(escape(said)), encoding="utf-8")

    server.builder = build
    return server


def look_out(server: LiveReloadServer) -> None:
    """Let a server notice changes at once."""
    watched = list(server._watched_paths)
    for path in watched:
        server.unwatch(path)
    server.observer = cast(Any, Lookout())
    for path in watched:
        server.watch(path)
