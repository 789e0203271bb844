"""The plugin in real builds of MkDocs."""

import json
import os
import re
import sys
import time
from pathlib import Path

import pytest

from tests.faces.given import Run, Serve, Served, Write

CONFIG = "site_name: Test\ntheme: material\nplugins: [search, provenote]\n"


def build(run: Run) -> None:
    """Build in strict mode; `--quiet` would keep warnings even from being counted."""
    done = run("mkdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr


def navigation(page: Path) -> list[str]:
    """The titles of the primary navigation, in order."""
    html = page.read_text(encoding="utf-8")
    nav = html[html.index("md-nav--primary") : html.index("md-content")]
    found = re.findall(r'<span class="md-ellipsis">\s*(.*?)\s*</span>', nav, re.DOTALL)
    return list(dict.fromkeys(found))


def test_the_navigation_has_the_titles_of_the_notes(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "# Home page\n",
            "docs/b.md": "---\ntitle: Q & A <1>\ntags: [x]\n---\n",
        }
    )
    build(run)
    assert navigation(root / "site/index.html") == ["Home page", "Q &amp; A &lt;1&gt;"]


def test_a_folder_in_the_navigation_has_the_title_of_its_own_page(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "# Home\n",
            "docs/relu/index.md": "---\ntitle: ReLU & co\n---\n",
            "docs/relu/to_do/note.md": "# Note\n",
        }
    )
    build(run)
    titles = navigation(root / "site/relu/to_do/index.html")
    assert titles == ["Home", "ReLU &amp; co", "to_do", "Note"]
    write({"mkdocs.yml": CONFIG + "nav:\n  - Mine: [relu/index.md]\n"})
    build(run)
    assert "Mine" in navigation(root / "site/relu/index.html")


def test_formulas_are_typeset_in_the_table_of_contents(write: Write, run: Run) -> None:
    root = write({"mkdocs.yml": CONFIG, "docs/index.md": "# Home\n\n## If $x$ < 1 & *so* on\n"})
    build(run)
    titles = navigation(root / "site/index.html")
    assert titles == ["Home", "If <math><mi>x</mi></math> &lt; 1 &amp; so on"]


def test_a_nav_in_mkdocs_yml_decides_order_and_titles(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG + "nav:\n  - Second note: 2.md\n  - index.md\n  - 1.md\n",
            "docs/index.md": "# Home\n",
            "docs/1.md": "---\ntitle: First\n---\n",
            "docs/2.md": "---\ntitle: Second\n---\n",
        }
    )
    build(run)
    assert navigation(root / "site/index.html") == ["Second note", "Home", "First"]


def test_nothing_of_a_hidden_note_is_in_the_site(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "home",
            "docs/hidden.md": "---\npublish: false\ntags: [xyzzy-tag]\n---\nxyzzy [[index]]\n"
            "![[xyzzy.txt]]\n\n```python run\nprint('xyzzy')\n```\n",
            "docs/xyzzy.txt": "xyzzy",
            "docs/unused.txt": "xyzzy",
            "docs/.obsidian/workspace.json": "xyzzy",
        }
    )
    build(run)
    files = [file for file in (root / "site").rglob("*") if file.is_file()]
    leaks = [file for file in files if "xyzzy" in file.name or b"xyzzy" in file.read_bytes()]
    assert leaks == []
    assert not (root / "site/unused.txt").exists()


@pytest.mark.parametrize("setting", ["exclude_docs", "draft_docs"])
@pytest.mark.parametrize("host", ["mkdocs", "properdocs"])
def test_what_the_host_keeps_out_of_a_site_is_not_published(
    host: str, setting: str, write: Write, run: Run
) -> None:
    root = write(
        {
            "mkdocs.yml": f"{CONFIG}{setting}: |\n  /drafts\n  kept.*\n  *.py\n",
            "docs/index.md": "[[Idea]], [[kept.pdf]], [[kept]] ![[kept.py]] ![[shown.txt]]",
            "docs/drafts/Idea.md": "xyzzy ![[used.txt]]",
            "docs/drafts/Board.canvas": '{"nodes": [{"id": "a", "type": "text", "text": "xyzzy"}]}',
            "docs/used.txt": "xyzzy",
            "docs/kept.md": "xyzzy",
            "docs/kept.pdf": "xyzzy",
            "docs/kept.py": "print('xyzzy')",
            "docs/shown.txt": "shown",
        }
    )
    done = run(host, "build", "--config-file", "mkdocs.yml")
    assert done.returncode == 0, done.stderr
    files = [file for file in (root / "site").rglob("*") if file.is_file()]
    leaks = [file for file in files if b"xyzzy" in file.read_bytes()]
    assert leaks == []
    assert (root / "site/shown.txt").exists()
    assert "docs/index.md:1:1: [[Idea]] leads to a note that is not published" in done.stderr


def test_parts_that_are_no_pages_are_included(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": f"{CONFIG}exclude_docs: parts/\nmarkdown_extensions:\n  - abbr\n"
            "  - pymdownx.snippets: {base_path: docs, auto_append: [parts/glossary.md]}\n",
            "docs/index.md": 'HTML\n\n--8<-- "parts/hint.md"\n\n--8<-- "parts/kept.md"\n',
            "docs/parts/glossary.md": "*[HTML]: Hyper Text\n",
            "docs/parts/hint.md": "A hint.\n",
            "docs/parts/kept.md": "---\npublish: false\n---\nxyzzy",
        }
    )
    done = run("mkdocs", "build")
    assert done.returncode == 0, done.stderr
    assert "docs/index.md:5: `--8<--`: docs/parts/kept.md is not published" in done.stderr
    page = (root / "site/index.html").read_text(encoding="utf-8")
    assert '<p><abbr title="Hyper Text">HTML</abbr></p>\n<p>A hint.</p>' in page
    assert "xyzzy" not in page
    assert not (root / "site/parts").exists()


def test_search_knows_what_notes_and_outputs_say(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "# Home\n\n## Part\n\nplugh\n\n"
            "```python run\nprint(6 * 7 * 1001)\n```\n",
        }
    )
    build(run)
    index = json.loads((root / "site/search/search_index.json").read_text(encoding="utf-8"))
    texts = {entry["location"]: entry["text"] for entry in index["docs"]}
    assert "plugh" in texts["#part"]
    assert "42042" in texts["#part"]


def test_search_finds_a_heading_in_a_list_below_two_in_a_quote(write: Write, run: Run) -> None:
    root = write({"mkdocs.yml": CONFIG, "docs/index.md": "> # One\n> # Two\n\n- # Three\n"})
    build(run)
    index = json.loads((root / "site/search/search_index.json").read_text(encoding="utf-8"))
    assert all(word in json.dumps(index) for word in ("One", "Two", "Three"))


def test_properties_that_a_theme_would_stumble_over_do_no_harm(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "---\nhide: true\nicon: LiBook\ntemplate: Daily\nsearch: no\n"
            'status: [1]\ntags: 3\ndescription: say "hi" <b>\n---\ntext\n',
        }
    )
    build(run)
    html = (root / "site/index.html").read_text(encoding="utf-8")
    assert 'name="description" content="say &quot;hi&quot; &lt;b&gt;"' in html


def test_properties_that_a_theme_knows_reach_it(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "---\nhide: [navigation]\n---\ntext\n",
        }
    )
    build(run)
    html = (root / "site/index.html").read_text(encoding="utf-8")
    assert re.search(r"md-sidebar--primary[^>]*\shidden", html)


def test_files_that_the_configuration_names_are_published(write: Write, run: Run) -> None:
    theme = "theme:\n  name: material\n  logo: img/a [logo].svg\n  favicon: img/icon.svg\n"
    scripts = "extra_javascript:\n  - path: js/one.mjs\n    type: module\n  - ./js/two.js?v=1\n"
    named = ("img/a [logo].svg", "img/icon.svg", "js/one.mjs", "js/two.js")
    others = ("img/other.svg", "js/three.js", "Templates/one.mjs")
    root = write(
        {
            "mkdocs.yml": f"site_name: Test\n{theme}{scripts}plugins: [search, provenote]\n",
            "docs/index.md": "text",
            **{f"docs/{path}": "" for path in (*named, *others)},
        }
    )
    build(run)
    assert [path for path in (*named, *others) if (root / "site" / path).exists()] == [*named]
    told = run("provenote", "check").stderr
    assert all(path in told for path in others)
    assert not any(path in told for path in named)


def test_a_status_has_an_icon_where_the_theme_or_the_site_knows_it(write: Write, run: Run) -> None:
    notes = {f"docs/{name}.md": f"---\nstatus: {name}\n---\n" for name in ("new", "read", "own")}
    config = f"{CONFIG}extra:\n  status:\n    own: Our own\n"
    root = write({"mkdocs.yml": config, "docs/index.md": "text", **notes})
    build(run)
    html = (root / "site/index.html").read_text(encoding="utf-8")
    assert set(re.findall(r"md-status--(\w+)", html)) == {"new", "own"}
    assert "<dd>read</dd>" in (root / "site/read/index.html").read_text(encoding="utf-8")


def test_a_readme_beside_an_index_is_a_page_of_its_own(write: Write, run: Run) -> None:
    root = write({"mkdocs.yml": CONFIG, "docs/index.md": "[[README]]", "docs/README.md": "read me"})
    build(run)
    href = re.search(
        r'class="pn-link" href="([^"]+)"', (root / "site/index.html").read_text(encoding="utf-8")
    )
    assert href is not None
    assert "read me" in (root / "site" / href[1] / "index.html").read_text(encoding="utf-8")


def test_pages_may_be_files_rather_than_directories(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG + "use_directory_urls: false\n",
            "docs/index.md": "[[A note]]",
            "docs/sub/A note.md": "[[index]]",
        }
    )
    build(run)
    assert 'href="sub/A-note.html"' in (root / "site/index.html").read_text(encoding="utf-8")
    assert 'href="../index.html"' in (root / "site/sub/A-note.html").read_text(encoding="utf-8")


def test_problems_are_printed_once_each_and_count_in_strict_mode(write: Write, run: Run) -> None:
    write({"mkdocs.yml": CONFIG, "docs/index.md": "[[Nowhere]]\n[[Nowhere 2]]\n"})
    expected = [
        "WARNING -  docs/index.md:1:1: [[Nowhere]] names no note (link-missing)",
        "WARNING -  docs/index.md:2:1: [[Nowhere 2]] names no note (link-missing)",
    ]
    relaxed = run("mkdocs", "build")
    assert relaxed.returncode == 0
    assert [s for s in relaxed.stderr.splitlines() if s.startswith("WARNING")] == expected
    strict = run("mkdocs", "build", "--strict")
    assert strict.returncode == 1
    assert [s for s in strict.stderr.splitlines() if s.startswith("WARNING")] == expected


def test_a_failing_snippet_fails_the_build_after_the_whole_site(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "fine",
            "docs/bad.md": "text\n\n```python run\nx = 1\nx / 0\n```\n",
        }
    )
    done = run("mkdocs", "build")
    assert done.returncode == 1
    assert "ERROR   -  docs/bad.md:5:1: snippet failed: ZeroDivisionError" in done.stderr
    assert "provenote/" not in done.stderr
    assert (root / "site/search/search_index.json").is_file()
    assert (root / "site/bad/index.html").is_file()


def test_links_out_of_the_vault_and_in_a_circle_are_not_followed(write: Write, run: Run) -> None:
    root = write({"docs/index.md": "![[secret]] ![[leads/secret.md]]", "away/secret.md": "hidden"})
    write({"mkdocs.yml": CONFIG})
    (root / "docs/circle").symlink_to(".")
    (root / "docs/top").symlink_to("/")
    (root / "docs/leads").symlink_to("../away")
    (root / "docs/secret.md").symlink_to("../away/secret.md")
    (root / "docs/itself.md").symlink_to("itself.md")
    os.mkfifo(root / "docs/pipe.md")
    done = run("mkdocs", "build")
    assert done.returncode == 0, done.stderr
    assert "hidden" not in (root / "site/index.html").read_text()
    assert {path.parent.name for path in (root / "site").rglob("index.html")} == {"site"}


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems take no such names")
def test_files_whose_names_are_no_utf8_are_told_of(write: Write, run: Run) -> None:
    root = write({"mkdocs.yml": CONFIG, "docs/index.md": "x"})
    (root / "docs" / os.fsdecode(b"caf\xe9")).mkdir()
    (root / "docs" / os.fsdecode(b"caf\xe9.md")).touch()
    done = run("mkdocs", "build")
    assert done.returncode == 0, done.stderr
    for path in ("docs/caf\\udce9", "docs/caf\\udce9.md"):
        assert f"{path}: its name is no UTF-8; rename it (unreadable)" in done.stderr


def test_wrong_settings_are_all_told(write: Write, run: Run) -> None:
    config = "site_name: x\ntheme: material\nplugins: [provenote: {stoer: x, timeout: soon}]\n"
    write({"mkdocs.yml": config, "docs/index.md": "x"})
    done = run("mkdocs", "build")
    assert done.returncode == 1
    assert "mkdocs.yml: provenote has no setting 'stoer'; nearest: store (setting)" in done.stderr
    assert "provenote's setting 'timeout' is a positive number, not 'soon'" in done.stderr


def test_an_empty_vault_is_one_message(write: Write, run: Run) -> None:
    root = write({"mkdocs.yml": CONFIG})
    (root / "docs").mkdir()
    done = run("mkdocs", "build")
    assert done.returncode == 1
    assert "docs: this vault holds no notes" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------------- serve


@pytest.fixture
def served(write: Write, serve: Serve) -> Served:
    """A project with a note, a script and a module."""
    write(
        {
            "mkdocs.yml": CONFIG,
            "docs/index.md": "first words\n\n![[script.py]]\n",
            "docs/.obsidian/workspace.json": "{}",
            "snippets/script.py": "import module\n\nprint('script', module.value())\n",
            "module.py": "def value():\n    return 'one'\n",
        }
    )
    served = serve("mkdocs", "serve")
    assert served.shows("script one")
    return served


def test_a_served_site_follows_notes_scripts_and_modules(served: Served, write: Write) -> None:
    write({"docs/index.md": "second words ![[script.py]]"})
    assert served.shows("second words")
    write({"snippets/script.py": "import module\n\nprint('SCRIPT', module.value())\n"})
    assert served.shows("SCRIPT one")
    write({"module.py": "def value():\n    return 'two'\n"})
    assert served.shows("SCRIPT two")
    write({"docs/new.md": "a new note"})
    assert served.shows("a new note", "new/")


def test_a_served_site_outlives_what_breaks_a_build(served: Served, write: Write) -> None:
    write({"docs/index.md": "broken\n\n```python run\n1 / 0\n```\n\n[[Nowhere]]\n"})
    assert served.shows("ZeroDivisionError")
    write({"docs/index.md": "mended"})
    assert served.shows("mended")
    assert "provenote/" not in served.log.read_text()  # no traceback of ours


def test_drafts_of_mkdocs_are_served(write: Write, serve: Serve) -> None:
    write(
        {
            "mkdocs.yml": f"{CONFIG}draft_docs: Idea.md\n",
            "docs/index.md": "[[Idea]]",
            "docs/Idea.md": "an idea",
        }
    )
    served = serve("mkdocs", "serve")
    assert served.shows("mkdocs-draft-marker", "Idea/")
    assert served.shows("an idea", "Idea/")


def test_a_click_in_obsidian_builds_nothing(served: Served, write: Write) -> None:
    write({"docs/.obsidian/workspace.json": '{"open": 1}'})
    time.sleep(2)
    assert "Detected file changes" not in served.log.read_text()
