"""Small vaults, written by MkDocs, served on this machine, and opened in Chromium."""

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page

CONFIG = """\
site_name: Notes
site_url: {address}
theme: {{name: material, font: false, palette: {{scheme: default}}, features: [navigation.instant]}}
plugins: [search, provenote]
"""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def _served(project: Path) -> Iterator[str]:
    handler = functools.partial(_Silent, directory=str(project / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/"  # instant navigation compares it
        (project / "mkdocs.yml").write_text(CONFIG.format(address=address))
        build(load_config(str(project / "mkdocs.yml")))
        yield address
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Mapping[str, str]], str]]:
    """Makes a site of notes, and gives its address."""
    with ExitStack() as stack:

        def at(vault: Mapping[str, str]) -> str:
            project = tmp_path_factory.mktemp("served")
            for name, text in vault.items():
                file = project / "docs" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            return stack.enter_context(_served(project))

        yield at


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages in which no script fails."""
    failed: list[str] = []
    contexts = []

    def opened(width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failed.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failed == []
