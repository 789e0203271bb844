"""Where an alias and an old address lead a reader."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def site(serve: Callable[[Mapping[str, str]], str]) -> str:
    note = "---\naliases: [Dead unit]\npermalink: dying\n---\n\n## Causes\n"
    return serve({"index.md": "home", "relu/Dying ReLU.md": note})


@pytest.mark.parametrize("address", ["Dead-unit/", "relu/Dying-ReLU/"])
def test_a_redirect_keeps_the_anchor(address: str, tab: Callable[..., Page], site: str) -> None:
    page = tab()
    page.goto(site)
    page.goto(f"{site}{address}?from=mail#causes")
    expect(page).to_have_url(f"{site}dying/?from=mail#causes")
    page.go_back()  # the redirect is no step of its own
    expect(page).to_have_url(site)


def test_a_redirect_needs_no_script(tab: Callable[..., Page], site: str) -> None:
    page = tab(scripts=False)
    page.goto(f"{site}Dead-unit/")
    expect(page).to_have_url(f"{site}dying/")
