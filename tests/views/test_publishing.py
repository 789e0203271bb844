"""A note that is not published leaves no trace: the whole output is searched for it."""

from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from provenote.build import build as provenote_build
from provenote.settings import Notebooks, read
from tests.run.notebooks import notebook

MARKER = "Xyzzy"
HIDDEN = """\
---
{gate}
title: The {m} plan
aliases: [{m} alias]
tags: [{m}-tag]
description: About {m}
date: 2026-01-01
permalink: {m}-link
cover: {m}-cover.png
---
# {m} heading ^{m}-block

Words of {m}, #{m}-inline, [[Open]], ![[{m}.png]], ![[{m}.py]], [[Open|{m} display]]

```python run
open("{m}-file", "w")
print("{m} output")
```

> [!question] {m} question
> {m} answer

^{m}-card
"""
OPEN = """\
[[Secret]] ![[Secret]] ![[Secret#heading]] [[Secret#^block]] [plain](Secret.md) ![[Board.canvas]]

![[shared.png]] ![[linked.png]] #open

--8<-- "Secret.md"

```text
--8<-- "docs/Secret.md"
```
"""
CANVAS = """\
{"nodes": [
  {"id": "1", "type": "file", "file": "Secret.md", "x": 0, "y": 0, "width": 100, "height": 100},
  {"id": "2", "type": "text", "text": "![[Secret]]", "x": 0, "y": 200, "width": 100, "height": 100}
]}
"""
CONFIG = """\
site_name: Notes
site_url: https://example.org/
theme: {{name: material, font: false}}
plugins: [search, provenote: {settings}]
markdown_extensions:
  pymdownx.snippets: {{base_path: [., docs], auto_append: [Secret.md]}}
"""


@pytest.mark.parametrize(
    ("gate", "settings", "own"),
    [
        ("publish: false", "{}", ""),
        ('publish: "False"', "{}", ""),
        ("draft: true", "{}", ""),
        ("share: false", "{}", ""),
        ("publish: perhaps", "{}", ""),
        ("other: x", "{publish_by: opt-in}", "---\npublish: true\n---\n"),
        ("draft: false", "{publish_by: opt-in}", "---\nshare: 'true'\n---\n"),
    ],
)
def test_nothing_of_an_unpublished_note_is_in_the_output(
    gate: str, settings: str, own: str, tmp_path: Path
) -> None:
    vault = tmp_path / "docs"
    vault.mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG.format(settings=settings))
    (tmp_path / "snippets").mkdir()
    (tmp_path / "snippets" / f"{MARKER}.py").write_text(f"print('{MARKER}')")
    (vault / "Secret.md").write_text(HIDDEN.format(gate=gate, m=MARKER) + "![[shared.png]]")
    (vault / "linked.png").symlink_to("Secret.md")
    (vault / "Open.md").write_text(own + OPEN)
    (vault / "index.md").write_text(own + "Home")
    (vault / "Board.canvas").write_text(CANVAS)
    for name in (f"{MARKER}.png", f"{MARKER}-cover.png", f"{MARKER}-unused.pdf", "shared.png"):
        (vault / name).write_bytes(b"x")
    build(load_config(str(tmp_path / "mkdocs.yml")))

    site = tmp_path / "site"
    files = [path for path in site.rglob("*") if path.is_file()]
    traces = [f for f in files if MARKER.lower().encode() in f.read_bytes().lower()]
    names = [f for f in files if MARKER.lower() in f.relative_to(site).as_posix().lower()]
    assert traces + names == []
    assert not (site / "Secret").exists()
    assert (site / "shared.png").exists()
    assert not list(tmp_path.rglob(f"{MARKER}-file"))
    assert "Secret" not in (site / "sitemap.xml").read_text()


@pytest.mark.parametrize(
    ("publish_by", "published"),
    [("all", ("other.ipynb", "used.ipynb")), ("opt-in", ("used.ipynb",))],
)
def test_by_opt_in_a_notebook_is_a_page_where_a_published_note_uses_it(
    publish_by: str, published: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "index.md").write_text("---\npublish: true\n---\n[[used.ipynb]]")
    (tmp_path / "silent.md").write_text("---\nshare: false\n---\n[[other.ipynb]]")
    for name in ("used.ipynb", "other.ipynb"):
        (tmp_path / name).write_text(notebook("1"))
    options = {"publish_by": publish_by}
    settings, _ = read(options, project=tmp_path, vault=tmp_path, notebooks=Notebooks())
    site = provenote_build(settings)
    assert tuple(page.source for page in site.notebooks) == published
    assert not [asset for asset in site.assets if asset.url.endswith(".ipynb")]
