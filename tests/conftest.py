"""Options of the suite, and the browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

pytest_plugins = ["pytester"]

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="rewrite what tests/cases expect by what is; review the diff",
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; one for all, since Playwright runs only once in a process."""
    chromium = shutil.which("chromium")
    assert chromium, "the browser tests need `chromium` on the path; `make test` installs it"
    expect.set_options(timeout=30_000)  # a machine may be busy with much else
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()
