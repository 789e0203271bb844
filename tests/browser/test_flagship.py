"""What a reader does with the flagship site."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("browser")

NOTE = "relu/Dying-ReLU/"


def test_a_reader_walks_to_a_note_and_back_by_what_links_to_it(page: Page, site: str) -> None:
    page.goto(site)
    page.locator(f'article a.pn-link[href$="{NOTE}"]').first.click()
    expect(page).to_have_url(site + NOTE)
    expect(page.locator("article h1")).to_have_text("Dying ReLU")

    page.locator('article > p a.pn-link[href*="training/Backprop-by-hand/"]').first.click()
    expect(page.locator("article h1")).to_contain_text("Backprop")

    page.locator(".pn-backlinks a", has_text="Dying ReLU").first.click()
    expect(page).to_have_url(site + NOTE)


def test_a_figure_follows_the_palette(page: Page, site: str) -> None:
    page.goto(site + NOTE)
    text = page.locator(".pn-figure svg text").first
    color = "element => getComputedStyle(element).fill"
    light = text.evaluate(color)
    while page.locator("body").get_attribute("data-md-color-scheme") != "slate":
        page.locator("[data-md-component=palette] label:visible").click()
    assert text.evaluate(color) != light


def test_an_answer_opens(page: Page, site: str) -> None:
    page.goto(site + NOTE)
    card = page.locator("details.question").first
    answer = card.locator("> p").first
    expect(answer).to_be_hidden()
    card.locator("> summary").click()
    expect(answer).to_be_visible()


def test_search_finds_what_a_note_says(page: Page, site: str) -> None:
    page.goto(f"{site}?q=dying+relu")  # typed at once, it might be before the script listens
    found = page.locator(f'a.md-search-result__link[href*="{NOTE}"]')
    expect(found.first).to_be_visible(timeout=20_000)


def test_search_finds_notes_before_the_reference(page: Page, site: str) -> None:
    page.goto(f"{site}?q=dead+unit")
    first = page.locator("a.md-search-result__link").first
    expect(first).to_have_attribute("href", re.compile(NOTE), timeout=20_000)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_the_screen(page: Page, site: str, site_dir: Path, width: int) -> None:
    wide = []
    pages = (
        file for file in sorted(site_dir.rglob("index.html")) if b"md-main" in file.read_bytes()
    )
    for file in pages:  # and not those that only lead to another
        address = quote(file.parent.relative_to(site_dir).as_posix())
        page.goto(f"{site}{address}/")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    assert wide == []
