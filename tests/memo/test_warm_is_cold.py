"""A warm build gives what a cold one does, whatever has changed in between."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenote import memo, notes, pages
from provenote.build import build
from provenote.faces.python_markdown import dialect
from provenote.memo import FORGETFUL, Memo
from provenote.model import Display, Result, Session, SessionId, Site
from provenote.run.sessions import Progress, silent
from provenote.run.store import Store
from provenote.settings import Settings, read

EXTENSIONS = ["admonition", "pymdownx.snippets", "attr_list", "pymdownx.emoji", "pymdownx.keys"]


class Project:
    """A small vault whose snippets give what `value` says, and one memo of all its builds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.value = "old"
        self.options: dict[str, Any] = {}
        self.host: dict[str, Any] = {}
        self.extensions = EXTENSIONS
        self.configs: dict[str, Any] = {}

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(content.encode() if isinstance(content, str) else content)

    def site(self, kept: Memo) -> Site:
        try:
            return build(self.settings(), runner=self.run, memo=kept)
        finally:
            kept.close()

    def settings(self) -> Settings:
        syntax = dialect(self.extensions, self.configs, self.root)
        vault = self.root / "docs"
        vault.mkdir(exist_ok=True)
        return read(
            self.options, project=self.root, vault=vault, **{"syntax": syntax, **self.host}
        )[0]

    def warm(self) -> Site:
        return self.site(Memo(self.root / ".provenote"))

    def cold(self) -> Site:
        return self.site(FORGETFUL)

    def run(
        self,
        sessions: Iterable[Session],
        settings: Settings,
        *,
        store: Store | None,
        progress: Progress = silent,
    ) -> dict[SessionId, Result]:
        said = Display({"text/plain": self.value})
        return {s.id: Result(s.id, tuple((said,) for _ in s.cells)) for s in sessions}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write(
        {
            "docs/index.md": "# Home\n\n[[Target]] and [[Target#Part]], [[Gone]], [[Other name]],"
            " ![[Middle]], #tag\n\n![[dot.png|20]]\n\n![[one.py]] ![[one.py#second]]\n"
            "\n![[Board.canvas]]\n",
            "docs/Middle.md": "Middle: ![[Inner#^block]] $x^2$\n",
            "docs/Inner.md": "Inner text. ^block\n\n[[Target]]\n\n`{python} 1`\n",
            "docs/Target.md": "---\naliases: [Other name]\n---\n# Target\n\n## Part\n\ntext\n",
            "docs/Code.md": "```python run\n#| label: fig-a\n1\n```\n\n[[#fig-a]]\n",
            "docs/Asks.md": "```dataview\nTABLE by FROM #tag OR #asked\n```\n`= this.by`\n",
            "docs/Embeds.md": "---\nby: me\ntags: asked\n---\n![[Asks]] [[Code#fig-a]]\n",
            "docs/Included.md": '--8<-- "part.txt"\n\n!!! note\n    text ++ctrl+c++\n',
            "docs/Board.canvas": '{"nodes":[{"id":"a","type":"text","text":"on the board"}]}',
            "docs/dot.png": b"png",
            "part.txt": "included text",
            "snippets/one.py": "# %% first\n1\n# %% second\n2\n",
        }
    )
    return project


def files(**changed: str | bytes | None) -> Callable[[Project], None]:
    paths = {name.replace("__", "/").replace("_", "."): text for name, text in changed.items()}
    return lambda project: project.write(paths)


def attribute(**values: object) -> Callable[[Project], None]:
    return lambda project: vars(project).update(values)


NO_QUERIES = {"docs/Asks.md": None, "docs/Embeds.md": None}
"""What is asked of notes looks into them anew."""
TARGET = "---\naliases: [Other name]\n---\n# Target\n\n## Part\n\ntext\n"
CHANGES: dict[str, Callable[[Project], None]] = {
    "a text": files(docs__Middle_md="Changed: ![[Inner#^block]]\n"),
    "a title": files(docs__Target_md=TARGET.replace("# Target", "# Renamed", 1)),
    "a heading that is linked": files(docs__Target_md=TARGET.replace("## Part", "## Parts")),
    "an alias": files(docs__Target_md=TARGET.replace("Other name", "Another")),
    "a permalink": files(docs__Target_md=TARGET.replace("---\n#", "permalink: there\n---\n#")),
    "a property": files(docs__Target_md=TARGET.replace("---\n#", "by: [me, 2024-01-02]\n---\n#")),
    "what a query is answered": files(
        docs__Embeds_md="---\nby: you\ntags: asked\n---\n![[Asks]] [[Code#fig-a]]\n"
    ),
    "the number of a figure": files(
        docs__Code_md="```python run\n#| label: fig-b\n1\n```\n\n"
        "```python run\n#| label: fig-a\n1\n```\n"
    ),
    "a tag": files(docs__Target_md=TARGET + "#new/tag\n"),
    "a note moves": files(docs__Target_md=None, docs__sub__Target_md=TARGET),
    "a note goes": files(docs__Target_md=None),
    "a note that was missing comes": files(docs__Gone_md="here"),
    "a name becomes ambiguous": files(docs__sub__Target_md="two"),
    "an address is taken": files(docs__a__Target_md="---\npermalink: Target\n---\n"),
    "an embed of an embed": files(docs__Inner_md="New text. ^block\n"),
    "a block id goes": files(docs__Inner_md="Inner text.\n"),
    "an embed embeds itself": files(docs__Inner_md="Inner. ![[Middle]] ^block\n"),
    "a backlink comes": files(docs__New_md="[[Target]] of a new note"),
    "a backlink's words": files(docs__Inner_md="Inner text. ^block\n\nSee [[Target]].\n"),
    "a note is held back": files(docs__Inner_md="---\npublish: false\n---\nInner text. ^block\n"),
    "a drawing": files(docs__Board_canvas='{"nodes":[{"id":"a","type":"text","text":"new"}]}'),
    "an attachment": files(docs__dot_png=b"other"),
    "an attachment goes": files(docs__dot_png=None),
    "a script": files(snippets__one_py="# %% first\n1\n# %% second\n3\n"),
    "an included file": files(part_txt="other text"),
    "an included file goes": files(part_txt=None),
    "an included file is held back": files(part_txt="---\npublish: false\n---\nincluded text"),
    "what an included file includes": files(part_txt='--8<-- "snippets/one.py"\n'),
    "what ends every note": attribute(configs={"pymdownx.snippets": {"auto_append": ["part.txt"]}}),
    "a result": attribute(value="new"),
    "a setting": attribute(options={"maths": "brackets"}),
    "who is published": attribute(options={"publish_by": "opt-in"}),
    "what is run": attribute(options={"run": False}),
    "addresses": attribute(host={"directory_urls": False}),
    "a host that wants links to sources": attribute(host={"only_notes": True}),
    "the site's address": attribute(host={"site_url": "https://example.org/"}),
    "a Markdown extension": attribute(extensions=["pymdownx.snippets"]),
    "the program": lambda project: None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_of(change: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = project.warm()
    assert before == project.cold()
    if change == "the program":
        monkeypatch.setattr(memo, "program", lambda: "another")
        monkeypatch.setattr(pages.Book, "here", lambda *_: "elsewhere/than/before/")
    CHANGES[change](project)
    after = project.warm()
    assert after == project.cold()
    if change != "an attachment":  # it is copied, whatever it holds
        assert after != before
    assert project.warm() == after


def test_what_is_as_it_was_is_not_read_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(NO_QUERIES)
    before = project.warm()
    monkeypatch.setattr(notes, "from_bytes", None)
    assert project.warm() == before


def test_what_is_answered_as_it_was_is_not_written_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = project.warm()
    monkeypatch.setattr(import_module("provenote.pages.write"), "_body", None)
    assert project.warm() == before


def test_only_what_changed_is_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write(NO_QUERIES)
    project.warm()
    project.write({"docs/Code.md": "```python run\n2\n```\n"})
    project.warm()
    read = []
    parse = notes.from_bytes

    def spy(file: Any, *rest: Any) -> Any:
        read.append(file.path)
        return parse(file, *rest)

    monkeypatch.setattr(notes, "from_bytes", spy)
    project.write({"docs/Middle.md": "Other text.\n"})
    project.warm()
    assert sorted(read) == ["Inner.md", "Middle.md", "index.md"]  # a backlink; an embed


def test_no_word_of_a_note_that_is_held_back_is_left(project: Project) -> None:
    project.write({"docs/Secret.md": "---\ntags: [xyzzy]\n---\nxyzzy [[index]] ^x\n"})
    project.write({"docs/Other.md": '![[Secret]] ![[Secret#^x]]\n\n--8<-- "docs/Secret.md:4"\n'})
    assert "xyzzy" in str(project.warm())
    project.write({"docs/Secret.md": "---\npublish: false\n---\nxyzzy [[index]] ^x\n"})
    site = project.warm()
    assert "xyzzy" not in str((site.pages, site.assets, site.problems))


# ---------------------------------------------------------------- any vault, any edits

NAMES = ("a", "b", "sub/a", "sub/c", "index")
PARTS = (
    *(f"[[{name}]]" for name in ("a", "b", "c", "sub/a", "A", "d")),
    *("![[a]]", "![[b]]", "![[c]]", "![[sub/a#Part]]", "![[a#^x]]", "[[c#Part]]", "[[#Part]]"),
    *("## Part", "# Title", "text ^x", "other", "#tag", "#tag/sub", "$x$", "`{python} 1`"),
    *("> [!note] call\n> out", "```python run\n1\n```", '--8<-- "part.txt"', "![[one.py]]"),
    *("```dataview\nLIST FROM #tag\n```", "`= this.on`", "- [ ] do [[a]] #tag"),
    *("```python run\n#| label: fig-a\n1\n```", "[[a#fig-a]]"),
    *("[^1]\n\n[^1]: note", "![](dot.png)", "++ctrl++", ":smile:"),
)
FRONT = (
    "",
    "aliases: d",
    "permalink: b",
    "publish: false",
    "title: T",
    "on: 2024-01-02",
    "tags: x",
)
texts = st.builds(
    lambda front, parts: f"---\n{front}\n---\n" + "\n\n".join(parts),
    st.sampled_from(FRONT),
    st.lists(st.sampled_from(PARTS), max_size=5),
)
note_files = st.sampled_from([f"docs/{name}.md" for name in NAMES])
others = st.sampled_from(["docs/dot.png", "part.txt", "snippets/one.py"])
edits = st.lists(
    st.tuples(note_files, texts)
    | st.tuples(note_files, st.none())
    | st.tuples(others, st.sampled_from([None, "1", "2"])),
    min_size=3,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(note_files, texts, min_size=3), edits)
def test_after_any_edits(vault: Mapping[str, str], edited: list[tuple[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        project = Project(Path(name))
        project.write({"docs/dot.png": b"png", "part.txt": "included", "snippets/one.py": "1\n"})
        project.write(vault)
        project.warm()
        for path, text in edited:
            project.write({path: text})
            assert project.warm() == project.cold()
