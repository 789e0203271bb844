"""The flagship site, built once, served on this machine, and opened in Chromium."""

import functools
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

ROOT = Path(__file__).parents[2]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def site_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("flagship") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(target)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return target


@pytest.fixture(scope="session")
def site(site_dir: Path) -> Iterator[str]:
    """The address at which the site is served."""
    handler = functools.partial(_Silent, directory=str(site_dir))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def width() -> int:
    return 1280


@pytest.fixture
def page(browser: Browser, site: str, width: int) -> Iterator[Page]:
    """A light page; whatever a test does in it asks nobody else and logs no error."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{tab.url}: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((site, "data:", "blob:")):
            complaints.append(f"{tab.url} asks {request.url}")

    viewport = {"width": width, "height": 900}
    context = browser.new_context(viewport=viewport, color_scheme="light")  # type: ignore[arg-type]
    tab = context.new_page()
    tab.on("console", on_console)
    tab.on("request", on_request)
    tab.on("pageerror", lambda error: complaints.append(f"{tab.url}: {error}"))
    yield tab
    context.close()
    assert complaints == []
