"""What a vault makes together, as MkDocs writes it."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

CONFIG = """\
site_name: Notes & more
site_url: https://example.org/notes/
theme: {name: material, font: false}
plugins: [search, provenote]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("project")
    vault = project / "docs"
    (vault / "deep" / "er").mkdir(parents=True)
    (project / "mkdocs.yml").write_text(CONFIG)
    (vault / "index.md").write_text("Home")
    (vault / "deep/er/Note.md").write_text("---\ndate: 2026-01-01\naliases: [Other]\n---\n#a/b")
    (vault / "deep/Moved.md").write_text("---\npermalink: moved\n---\nwords")
    build(load_config(str(project / "mkdocs.yml")))
    return project / "site"


def test_the_sitemap_has_the_address_of_each_page_and_no_redirect(site: Path) -> None:
    sitemap = (site / "sitemap.xml").read_text()
    for address in ("", "moved/", "deep/", "deep/er/", "deep/er/Note/", "tags/a/b/"):
        assert f"<loc>https://example.org/notes/{address}</loc>" in sitemap
    assert "deep/Moved/" not in sitemap
    assert "Other/" not in sitemap


def test_redirects_lead_on(site: Path) -> None:
    assert 'url=../deep/er/Note/"' in (site / "Other/index.html").read_text()
    assert 'url=../../moved/"' in (site / "deep/Moved/index.html").read_text()


def test_search_finds_notes_only(site: Path) -> None:
    index = json.loads((site / "search/search_index.json").read_text())
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    assert found == {"", "moved/", "deep/er/Note/"}


def test_every_page_leads_to_the_feed(site: Path) -> None:
    link = (
        '<link rel="alternate" type="application/atom+xml" title="Notes &amp; more" '
        'href="https://example.org/notes/feed.xml"></head>'
    )
    assert (site / "feed.xml").is_file()
    for page in ("index.html", "moved/index.html", "tags/index.html"):
        assert link in (site / page).read_text()


def test_a_page_that_is_not_there_says_so_in_the_site_s_style(site: Path) -> None:
    page = (site / "404.html").read_text()
    assert "404 - Not found" in page
    assert 'href="/notes/assets/provenote/provenote.css"' in page


def test_every_page_can_be_reached_from_the_first(site: Path) -> None:
    """By links alone, as whoever has no JavaScript and the programs that index sites go."""
    seen: set[Path] = set()
    waiting = [site / "index.html"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for href in re.findall(r'<a [^>]*href="([^"#:?]*)', page.read_text()):
            target = (page.parent / unquote(href) / "index.html").resolve()
            if target.is_file() and target not in seen:
                waiting.append(target)
    redirects = {site / "Other/index.html", site / "deep/Moved/index.html"}
    assert seen == {page for page in site.rglob("index.html") if page not in redirects}


def test_a_folder_s_page_heads_its_notes_in_the_navigation(site: Path) -> None:
    """A page at another folder's depth, as by permalink, is no folder's page."""
    nav = (site / "index.html").read_text().partition('<nav class="md-nav md-nav--primary')[2]
    assert nav.count('href="deep/"') == 1
    assert 'href="moved/"' in nav
