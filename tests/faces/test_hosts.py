"""One vault, three hosts: MkDocs, ProperDocs and Zensical, from one mkdocs.yml."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown import Markdown

from tests.faces.given import Run, Write

CONFIG = """\
site_name: Test
site_dir: {site}
use_directory_urls: {directories}
theme: {{name: material, font: false}}
plugins: [search, provenote]
markdown_extensions:
  - admonition
  - attr_list
  - pymdownx.tabbed: {{alternate_style: true}}
  - provenote.faces.markdown_extension
"""
VAULT = {
    "docs/index.md": """\
---
title: Home of notes
---
# Home

A list right after a paragraph:
- one
  - two

[[Two words]], [[a dir/index]], [[Two words#Part & more|its part]], [[#Last]], ![[dot.svg]], $x^2$
and [a button](sub/deep.md){ .md-button }; [[Nowhere]] and [[Secret]].

!!! note "To [[deep]]"
    ```python run
    print(6 * 7)
    ```

=== "Tab"

    In a tab.

## Part

### Within

## Last

The end.
""",
    "docs/sub/Two words.md": "# Two\n\n[[index]]\n\n## Part & more\n\n![[deep#It]]\n\nThe end.\n",
    "docs/sub/deep.md": "## It\n\nText, `{python} 1 + 1`. [[Two words]]\n\nThe end.\n",
    "docs/a dir/index.md": "# Dir\n\n[[#Dir]]\n\nThe end.\n",
    "docs/Secret.md": "---\ndraft: true\n---\n# Hidden words\n",
    "docs/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
HOSTS = ("mkdocs", "properdocs", "zensical")
NOTES = {"index": "Home", "sub/deep": "deep", "sub/Two words": "Two", "a dir/index": "Dir"}


@pytest.fixture(params=[True, False], ids=["directories", "files"])
def sites(request: pytest.FixtureRequest, write: Write, run: Run) -> dict[str, dict[str, str]]:
    """For each host its pages, by note; and that every link of theirs leads somewhere."""
    pages = {}
    for host in HOSTS:
        config = CONFIG.format(site=host, directories=str(request.param).lower())
        root = write({"mkdocs.yml": config, **VAULT})
        done = run(host, "build")
        assert done.returncode == 0, done.stderr
        assert "[[Nowhere]] names no note" in done.stderr + done.stdout
        pages[host] = {note: page(root / host, note) for note in NOTES}
    return pages


def page(site: Path, note: str) -> str:
    """The page of a note, wherever its host puts it."""
    name = re.escape(note).replace("\\ ", "[ -]")
    wanted = re.compile(rf"(?:{name}/index|{name}|{name.removesuffix('/index')})\.html")
    (file,) = [f for f in site.rglob("*.html") if wanted.fullmatch(f.relative_to(site).as_posix())]
    html = file.read_text(encoding="utf-8")
    for address in filter(None, re.findall(r'(?:href|src)="([^"#:]+)', written(html))):
        target = file.parent / unquote(address)
        assert (target / "index.html" if target.is_dir() else target).is_file(), address
    return html


def written(html: str) -> str:
    """What the note gives, from its title to its last words."""
    return html[html.index("<h1") : html.index("<p>The end.</p>")]


def body(html: str) -> str:
    """The same for all hosts: MkDocs takes our addresses, Zensical has its own."""
    alike = written(html).replace("Two-words", "Two%20words").replace("a-dir", "a%20dir")
    return re.sub(r"a%20dir(?:/index)?\.html", "a%20dir.html", alike)


def contents(html: str) -> list[tuple[str, str]]:
    """The page's table of contents: addresses and titles."""
    nav = re.search(r'<nav class="md-nav md-nav--secondary.*?</nav>\s*</div>', html, re.DOTALL)
    links = re.findall(
        r'<a href="(#[^"]*)" class="md-nav__link">(.*?)</a>', nav[0] if nav else "", re.DOTALL
    )
    return [(href, re.sub(r"<[^>]*>|\s+", " ", text).strip()) for href, text in links]


def test_bodies_and_tables_of_contents_are_alike(sites: dict[str, dict[str, str]]) -> None:
    for note, title in NOTES.items():
        for host in HOSTS[1:]:
            assert body(sites[host][note]) == body(sites["mkdocs"][note]), (host, note)
            assert contents(sites[host][note]) == contents(sites["mkdocs"][note]), (host, note)
        assert f">{title}" in body(sites["zensical"][note])
    home = sites["zensical"]["index"]
    assert '<pre class="pn-output pn-stdout">42\n</pre>' in home
    assert 'class="pn-link md-button"' in home or 'class="md-button' in home
    assert contents(home) == [("#part", "Part"), ("#within", "Within"), ("#last", "Last")]
    assert "<title>Home of notes - Test</title>" in home


def test_hosts_with_plugins_are_left_alone() -> None:
    """MkDocs renders what other plugins make, such as notebooks, with all extensions."""
    md = Markdown(extensions=["provenote.faces.markdown_extension", "toc"])
    assert md.convert("# A *b*") == '<h1 id="a-b">A <em>b</em></h1>'
    assert len(vars(md)["toc_tokens"]) == 1


def test_zensical_shows_nothing_of_what_is_not_published(
    write: Write, run: Run, tmp_path: Path
) -> None:
    write({"mkdocs.yml": CONFIG.format(site="site", directories="true"), **VAULT})
    run("zensical", "build")
    written = [f for f in (tmp_path / "site").rglob("*") if f.suffix in {".html", ".json", ".txt"}]
    assert all("Hidden words" not in f.read_text(encoding="utf-8") for f in written)
    assert "not published" in (tmp_path / "site/Secret/index.html").read_text(encoding="utf-8")


def test_an_option_of_the_extension_is_a_setting(write: Write, run: Run, tmp_path: Path) -> None:
    config = CONFIG.format(site="site", directories="true").rstrip()
    write(
        {
            "mkdocs.yml": f"{config}:\n      maths: [brackets]\n      mahts: [dollars]\n",
            "docs/index.md": "# Home\n\n\\(x\\) and $y$\n",
        }
    )
    done = run("zensical", "build")
    assert "has no setting 'mahts'; nearest: maths" in done.stdout + done.stderr
    html = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "<math><mi>x</mi></math> and $y$" in html
