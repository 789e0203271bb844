"""What a reader does with a canvas, with and without JavaScript, at a desk and on a phone."""

import functools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = pytest.mark.xdist_group("browser")

CONFIG = """\
site_name: Notes
site_url: {address}
theme: {{name: material, font: false, features: [navigation.instant]}}
plugins: [search, provenote]
"""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
NODES = [
    {"id": f"{x}-{y}", "type": "text", "x": x, "y": y, "width": 200, "height": 100, "text": "card"}
    for x in (-300, 900)
    for y in (0, 900)
]
EDGES = [{"id": "e", "fromNode": "-300-0", "toNode": "900-900", "label": "on"}]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    project = tmp_path_factory.mktemp("canvas")
    (project / "docs").mkdir()
    (project / "docs/index.md").write_text("[[Board.canvas]]")
    board = json.dumps({"nodes": NODES, "edges": EDGES})
    (project / "docs/Board.canvas").write_text(board)
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
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need `chromium` on the path; `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


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


def scrolled(page: Page) -> list[float]:
    scroll = "canvas => [canvas.scrollLeft, canvas.scrollTop]"
    place: list[float] = page.locator(".pn-canvas").evaluate(scroll)
    return place


def test_it_opens_whole_and_zooms_to_where_one_looks(tab: Callable[..., Page], site: str) -> None:
    page = tab()
    page.goto(site + "Board.canvas/")
    card = page.locator(".pn-canvas-card").first
    small = card.bounding_box()
    assert small
    assert small["width"] < 200
    assert scrolled(page) == [0, 0]
    expect(page.locator(".pn-canvas-card").last).to_be_in_viewport()

    page.get_by_role("button", name="Zoom in").click()
    large = card.bounding_box()
    assert large
    assert large["width"] == pytest.approx(small["width"] * 1.25, rel=0.02)
    page.get_by_role("button", name="Show all").click()
    again = card.bounding_box()
    assert again
    assert again["width"] == pytest.approx(small["width"], rel=0.02)


def test_the_mouse_pans(tab: Callable[..., Page], site: str) -> None:
    page = tab()
    page.goto(site + "Board.canvas/")
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    left, top = scrolled(page)
    box = page.locator(".pn-canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30)
    page.mouse.up()
    page.mouse.move(x, y)
    assert scrolled(page) == pytest.approx([left - 40, top - 30], abs=1)


def test_it_works_after_instant_navigation(tab: Callable[..., Page], site: str) -> None:
    page = tab()
    page.goto(site)
    page.evaluate("window.stayed = true")
    page.locator("article a.pn-link").first.click()
    expect(page.get_by_role("button", name="Zoom in")).to_have_count(1)
    assert page.evaluate("window.stayed")


def test_it_scrolls_without_a_script(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(site + "Board.canvas/")
    last = page.locator(".pn-canvas-card").last
    expect(last).not_to_be_in_viewport()
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert page.locator(".pn-canvas-zoom").count() == 0


def test_it_is_a_list_on_a_phone(tab: Callable[..., Page], site: str) -> None:
    page = tab(390)
    page.goto(site + "Board.canvas/")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390
    expect(page.locator(".pn-canvas-leads")).to_have_text("on → card")
    expect(page.locator(".pn-canvas svg")).to_be_hidden()
    boxes = [card.bounding_box() for card in page.locator(".pn-canvas-card").all()]
    lows = [box["y"] + box["height"] for box in boxes if box]
    highs = [box["y"] for box in boxes if box]
    assert all(low <= high for low, high in zip(lows, highs[1:], strict=False))


def test_a_window_made_narrow_is_like_a_phone(tab: Callable[..., Page], site: str) -> None:
    page = tab()
    page.goto(site + "Board.canvas/")
    page.set_viewport_size({"width": 390, "height": 800})
    box = page.locator(".pn-canvas-card").first.bounding_box()
    assert box
    assert box["width"] > 300
