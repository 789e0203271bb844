"""What snippets give, as a reader meets it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")

NOTE = """\
# Outputs

A film is @fig-film, data are in [[#tbl-data]].

```python run
#| label: fig-film
#| fig-cap: A dot that rises
import matplotlib.pyplot as plt
from matplotlib.animation import FuncAnimation
fig, ax = plt.subplots(figsize=(4, 3))
(dot,) = ax.plot([0], [0], "o")
film = FuncAnimation(fig, lambda i: dot.set_data([0], [i / 50]), frames=2)
```

```python run
#| label: tbl-data
#| tbl-cap: Numbers
import pandas as pd
frame = pd.DataFrame({f"column {n}": [n, 1.5] for n in range(20)})
frame.style.set_properties(color="rgb(1, 2, 3)")
```

```python run
print("\\x1b[31mred\\x1b[0m \\x1b[97;41mon red\\x1b[0m")
```
"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> str:
    vault = tmp_path_factory.mktemp("outputs")
    (vault / "index.md").write_text(NOTE)
    program = Path(sys.executable).with_name("provenote")
    command = [str(program), "build", str(vault), "-d", "site"]
    built = subprocess.run(command, cwd=vault, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return Path(vault / "site/index.html").as_uri()


@pytest.fixture
def tab(browser: Browser, outputs: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 700}, color_scheme="light")
    page = context.new_page()
    page.goto(outputs)
    yield page
    context.close()


def test_a_reference_leads_to_its_figure_and_table(tab: Page) -> None:
    tab.get_by_role("link", name="Figure 1").click()
    expect(tab.locator("#fig-film")).to_be_in_viewport()
    tab.get_by_role("link", name="Table 1").click()
    expect(tab.locator("#tbl-data")).to_be_in_viewport()
    captions = ["Figure 1: A dot that rises", "Table 1: Numbers"]
    expect(tab.locator("figcaption")).to_have_text(captions)


def test_a_film_stands_still_on_paper_and_for_who_wants_no_motion(tab: Page) -> None:
    film, still = tab.locator(".pn-animation"), tab.locator("#fig-film figure svg")
    expect(film).to_be_visible()
    expect(still).to_be_hidden()
    tab.emulate_media(reduced_motion="reduce")
    expect(film).to_be_hidden()
    expect(still).to_be_visible()
    tab.emulate_media(reduced_motion="no-preference", media="print")
    expect(film).to_be_hidden()
    expect(still).to_be_visible()


def test_a_wide_table_scrolls_by_itself_in_its_own_colours(tab: Page) -> None:
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(tab.locator("#tbl-data td").first).to_have_css("color", "rgb(1, 2, 3)")
    expect(tab.locator("#fig-film .pn-animation")).to_have_attribute("width", "384")


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_words_on_a_colour_are_not_of_that_colour(tab: Page, scheme: str) -> None:
    tab.evaluate("one => document.body.setAttribute('data-md-color-scheme', one)", scheme)
    colours = tab.locator(".pn-ansi-bg1").evaluate(
        "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    words, ground, page = colours
    assert words == page != ground
