"""What a reader does with callouts, embeds, films and documents."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("browser")

NOTE = """\
> [!question]- Why?
> Because.

> [!tip]+ How?
> > [!bug]- Thus
> > deep

![[Part#Section]]

![](https://www.youtube.com/watch?v=NnTvZWp5Q7o)

![[paper.pdf#height=222]]

![[paper.pdf|200x300]]
"""


@pytest.fixture(scope="module")
def site(serve: Callable[[Mapping[str, str]], str]) -> str:
    part = "Before\n\n## Section\n\nEmbedded, [[#Section|above]], [[#Other]].\n\n## Other\n"
    wide = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"/>'
    sizes = "![[wide.svg|60x90]] ![[wide.svg|60]] ![[wide.svg|4000x1000]]"
    links = "[there](Part.md) [secret](Secret.md) [gone](gone.md) [[gone]]"
    secret = "---\npublish: false\n---\n"
    files = {
        "Links.md": links,
        "Secret.md": secret,
        "Part.md": part,
        "paper.pdf": "%PDF-1.1\n",
        "Sizes.md": sizes,
        "Tasks.md": "- [ ]\n- [x] done\n- [-] given up\n\n- [?] asked\n",
        "wide.svg": wide,
    }
    return serve({"index.md": NOTE, **files})


def test_callouts_fold_and_unfold_without_javascript(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(site)
    expect(page.get_by_text("Because.")).to_be_hidden()
    page.get_by_text("Why?").click()
    expect(page.get_by_text("Because.")).to_be_visible()
    expect(page.get_by_text("deep")).to_be_hidden()
    page.get_by_text("Thus").click()
    expect(page.get_by_text("deep")).to_be_visible()
    page.get_by_text("How?").click()
    expect(page.get_by_text("deep")).to_be_hidden()


def test_links_within_an_embed_lead_to_where_it_is_from(
    tab: Callable[..., Page], site: str
) -> None:
    page = tab(scripts=False)
    page.goto(site)
    page.locator(".pn-embed").get_by_text("above").click()
    expect(page).to_have_url(f"{site}Part/#section")


def test_a_film_is_asked_for_by_a_click_only(tab: Callable[..., Page], site: str) -> None:
    page = tab()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    player = page.frame_locator(".pn-film iframe").get_by_role("link")
    player.scroll_into_view_if_needed()
    expect(player).to_be_visible()
    elsewhere = [url for url in asked if url.startswith("http") and not url.startswith(site)]
    assert elsewhere == []
    with page.expect_request("https://www.youtube-nocookie.com/embed/NnTvZWp5Q7o?autoplay=1"):
        player.click()


def test_a_document_has_the_size_that_is_asked_for(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(site)
    first, second = page.locator("iframe.pn-pdf").all()
    assert first.evaluate("element => element.clientHeight") == 222
    size = "element => [element.clientWidth, element.clientHeight]"
    assert second.evaluate(size) == [200, 300]


def test_an_image_has_the_size_that_is_asked_for(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(f"{site}Sizes/")
    images = page.locator("article img").all()
    sizes = [
        one.evaluate("element => [element.clientWidth, element.clientHeight]") for one in images
    ]
    assert sizes[:2] == [[60, 90], [60, 30]]
    width, height = sizes[2]
    assert 200 < width < 1000, "no wider than the text"
    assert height == pytest.approx(width / 4, abs=1)


def test_what_leads_nowhere_does_not_look_like_a_link(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(f"{site}Links/")
    look = """element => {
      const { color, textDecorationLine, textDecorationStyle } = getComputedStyle(element);
      return [color, textDecorationLine, textDecorationStyle];
    }"""
    around = page.locator("article p").evaluate(look)
    there, secret, gone = (page.get_by_text(one).first for one in ("there", "secret", "gone"))
    assert secret.evaluate(look) == around
    assert gone.evaluate(look) == page.locator("span.pn-unresolved").evaluate(look)
    assert gone.evaluate(look)[2] == "dashed"
    assert there.evaluate(look)[0] not in {around[0], gone.evaluate(look)[0]}


def test_a_task_has_its_own_mark_in_its_box(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(f"{site}Tasks/")
    items, boxes = page.locator(".task-list-item"), page.locator(".task-list-item input")
    shown = [item.evaluate("e => getComputedStyle(e, '::before').content") for item in items.all()]
    assert shown == ["none", "none", '"-"', '"?"']
    assert [box.is_visible() for box in boxes.all()] == [True, True, False, False]
    assert items.first.evaluate("e => e.offsetHeight") > 10
