"""A warm `mkdocs build` writes byte for byte what a cold one does, whatever has changed."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

HOOK = """\
def on_page_context(context, page, config, nav):
    page.meta["description"] = "{}"
"""
HOOK_WITH_FILES = """\
from pathlib import Path

def on_files(files, config):
    (Path(config.site_dir) / "more").mkdir(parents=True)
    (Path(config.site_dir) / "more/index.html").write_text("of a hook")
    files.remove(files.get_file_from_path("Two.md"))

def on_post_page(output, page, config):
    return "" if page.file.src_uri == "sub/Three.md" else output
"""
OVERRIDE = '{{% extends "base.html" %}}{{% block announce %}}{}{{% endblock %}}'
CONFIG = {
    "site_name": "Test",
    "theme": {"name": "material", "font": False, "features": ["navigation.prune"]},
    "plugins": ["search", "provenote"],
}
FILES = {
    "docs/index.md": "# Home\n\n[[Two]] ![[dot.png]]\n\n```py\n1\n```\n",
    "docs/Two.md": "---\ntags: [a]\n---\n# Two\n\n## Part\n\n![[Three]]\n",
    "docs/sub/Three.md": "# Three\n\nText of three. [[Two]]\n",
    "docs/style.css": "a {}",
    "docs/dot.png": "png",
}


class Project:
    """A project of MkDocs, built where it is and, cold, as a copy."""

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        self.cold_root = root / "cold"
        self.config: dict[str, Any] = dict(CONFIG)
        self.write(FILES)

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)

    def warm(self) -> dict[str, bytes]:
        self.write({"mkdocs.yml": yaml.safe_dump(self.config)})
        return built(self.root)

    def cold(self) -> dict[str, bytes]:
        shutil.rmtree(self.cold_root, ignore_errors=True)
        ignored = shutil.ignore_patterns(".provenote", "site")
        shutil.copytree(self.root, self.cold_root, ignore=ignored)
        return built(self.cold_root)


def built(root: Path) -> dict[str, bytes]:
    build(load_config(str(root / "mkdocs.yml")))
    return {
        path.relative_to(root / "site").as_posix(): path.read_bytes() if path.is_file() else b""
        for path in (root / "site").rglob("*")
    }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # the sitemap has the time
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    return Project(tmp_path)


CHANGES: dict[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {
    "a text": ({"docs/sub/Three.md": "# Three\n\nOther text of three. [[Two]]\n"}, {}),
    "a title": ({"docs/sub/Three.md": "# Renamed\n\nText. [[Two]]\n"}, {}),
    "a property of the theme": ({"docs/Two.md": "---\nhide: [toc]\n---\n# Two\n\n## Part\n"}, {}),
    "a title that others show": ({"docs/Two.md": "# Another\n\n## Part\n"}, {}),
    "a note comes": ({"docs/sub/Four.md": "# Four\n\n[[index]]\n"}, {}),
    "the navigation": ({}, {"nav": [{"Second": "Two.md"}, "index.md"]}),
    "the site's name": ({}, {"site_name": "Renamed"}),
    "the site's address": ({}, {"site_url": "https://example.org/notes/"}),
    "the kind of addresses": ({}, {"use_directory_urls": False}),
    "what a theme shows": ({}, {"theme": {"name": "material", "palette": {"scheme": "slate"}}}),
    "a style sheet": ({}, {"extra_css": ["style.css"]}),
    "an extra": ({}, {"extra": {"generator": False}}),
    "a note is held back": ({"docs/sub/Three.md": "---\npublish: false\n---\nsecret\n"}, {}),
    "a hook": ({"hook.py": HOOK.format("first")}, {"hooks": ["hook.py"]}),
    "what a hook does": ({"other.py": HOOK.format("second")}, {"hooks": ["other.py"]}),
    "a hook that takes pages and writes one": (
        {"pages.py": HOOK_WITH_FILES, "docs/sub/Three.md": "# Three\n"},
        {"hooks": ["pages.py"]},
    ),
    "another plugin": ({}, {"plugins": ["search", "tags", "provenote"], "hooks": []}),
    "a template": (
        {"own/main.html": OVERRIDE.format("first")},
        {"theme": {"name": "material", "custom_dir": "own"}, "plugins": CONFIG["plugins"]},
    ),
    "what is in the template": ({"own/main.html": OVERRIDE.format("second")}, {}),
}


def test_whatever_changes_the_site_is_what_a_cold_build_makes(project: Project) -> None:
    before = project.warm()
    for change, (files, options) in CHANGES.items():
        project.write(files)
        project.config |= options
        after = project.warm()
        assert after != before, f"{change} changes nothing"
        assert after == project.cold(), f"after a change of {change}"
        before = after


def test_pages_in_which_nothing_is_new_are_not_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = project.warm()
    render = jinja2.Template.render
    rendered = []

    def spy(template: jinja2.Template, context: Mapping[str, Any]) -> str:
        rendered.append(context.get("page") or template.name)
        return render(template, context)

    monkeypatch.setattr(jinja2.Template, "render", spy)
    monkeypatch.setattr("material.plugins.search.plugin.Parser", None)
    assert project.warm() == before
    assert rendered == ["sitemap.xml"]


def test_search_finds_what_it_found_without_a_memo(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "```py\ndef f(x):\n    return x > 1\n```\n"
    project.write({"docs/Code.md": f"# $a<b$ `c`\n\nSum $\\frac{{a_1}}2$ of\n\n{code}"})
    index = project.warm()["search/search_index.json"]
    monkeypatch.setattr("provenote.faces.rebuilding._remember_entries", lambda *_: None)
    assert project.warm()["search/search_index.json"] == index
    assert b"Linked from" not in index
    assert b"Text of three." in index
    assert rb"def f(x):\n    return x &gt; 1" in index
