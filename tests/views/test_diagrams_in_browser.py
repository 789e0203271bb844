"""What a reader sees of a diagram: in both palettes, on a phone, without JavaScript."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

pytest.importorskip("merman")
pytestmark = pytest.mark.xdist_group("browser")

NOTE = """\
```mermaid
flowchart LR
  A[Start] --> B{Is it?} --> C[A step] --> D[A step] --> E[A step] --> F[The end of it all]
```
"""


@pytest.fixture(scope="module")
def site(serve: Callable[[Mapping[str, str]], str]) -> str:
    return serve({"index.md": "[[Drawn]]", "Drawn.md": NOTE})


def test_it_is_there_after_instant_navigation_and_asks_nobody(
    tab: Callable[..., Page], site: str
) -> None:
    page = tab()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.locator("article a", has_text="Drawn").click()
    expect(page.locator(".pn-diagram svg").get_by_text("The end of it all")).to_be_visible()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_its_colours_are_those_of_the_palette(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(site + "Drawn/")
    box = page.locator(".pn-diagram .node rect").first
    fill = "element => getComputedStyle(element).fill"
    light = box.evaluate(fill)
    page.evaluate("document.body.dataset.mdColorScheme = 'slate'")
    assert box.evaluate(fill) != light


def test_on_a_phone_it_scrolls_and_the_page_does_not(tab: Callable[..., Page], site: str) -> None:
    page = tab(390, scripts=False)
    page.goto(site + "Drawn/")
    widths = "element => [element.scrollWidth, element.clientWidth]"
    inside, shown = page.locator(".pn-diagram").evaluate(widths)
    assert inside > shown
    assert page.locator("html").evaluate(widths) == [390, 390]
