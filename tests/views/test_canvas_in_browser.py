"""What a reader does with a canvas, with and without JavaScript, at a desk and on a phone."""

import json
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("browser")

NODES = [
    {"id": f"{x}-{y}", "type": "text", "x": x, "y": y, "width": 200, "height": 100, "text": "card"}
    for x in (-300, 900)
    for y in (0, 900)
]
EDGES = [{"id": "e", "fromNode": "-300-0", "toNode": "900-900", "label": "on"}]


@pytest.fixture(scope="module")
def site(serve: Callable[[Mapping[str, str]], str]) -> str:
    board = json.dumps({"nodes": NODES, "edges": EDGES})
    return serve({"index.md": "[[Board.canvas]]", "Board.canvas": board})


def test_footnotes_have_the_numbers_that_the_text_refers_to(
    tab: Callable[..., Page], serve: Callable[[Mapping[str, str]], str]
) -> None:
    card = {**NODES[0], "text": "card[^1]\n\n[^1]: said below"}
    page = tab()
    board = json.dumps({"nodes": [card]})
    page.goto(serve({"index.md": "", "Board.canvas": board}) + "Board.canvas/")
    expect(page.locator(".footnote ol")).to_have_css("list-style-type", "decimal")


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
    # Instant navigation first fetches the sitemap; until then a click would load the page anew.
    page.evaluate("stayed = true; addEventListener('click', click => click.preventDefault())")
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
    page, phone = tab(), tab(390)
    for opened in (page, phone):
        opened.goto(site + "Board.canvas/")
    page.set_viewport_size({"width": 390, "height": 800})
    narrow, small = (p.locator(".pn-canvas-card").first.bounding_box() for p in (page, phone))
    assert narrow
    assert small
    assert (narrow["width"], narrow["height"]) == (small["width"], small["height"])
