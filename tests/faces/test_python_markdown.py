"""Material's syntax in a note gives what Python-Markdown gives on a plain Material site."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown import Markdown
from pymdownx.slugs import slugify

from provenote.build import build
from provenote.faces.markdown_extension import toc_tokens
from provenote.faces.python_markdown import dialect
from provenote.settings import Settings

EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "md_in_html", "tables", "pymdownx.details"),
    *("pymdownx.blocks.caption", "pymdownx.caret", "pymdownx.emoji", "pymdownx.inlinehilite"),
    *("pymdownx.critic", "pymdownx.keys"),
    *("pymdownx.smartsymbols", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tilde"),
]
CONFIGS = {"pymdownx.tabbed": {"alternate_style": True}}

# Each is written as both dialects read it: blank lines before lists, four columns in them.
BLOCKS = {
    "admonition": "!!! note\n    One *two*.\n\n    - a\n        - b\n\n    Three.\n\nafter",
    "classes": '!!! warning inline end "A **bold** title"\n\n    Text.',
    "no title": '!!! tip ""\n    Text.',
    "too little indented": "!!! note\n  Text.",
    "title only": '!!! success "Done"',
    "right below text": "Text\n!!! note\n    Note.\nafter",
    "two in a row": "!!! note\n    One.\n!!! tip\n    Two.",
    "details": "??? question\n    Hidden.",
    "open details": '???+ question "Why?"\n\n    Shown.\n\n    ??? tip "Within"\n        Deeper.',
    "in a list": "- item\n\n    !!! note\n\n        In it.\n\n- next",
    "fence": "!!! example\n\n    ```\n    !!! note\n        code\n    ```",
    "not one": "!!!note!\n\n!! note\n\n!!! ",
    "tabs": '=== "One"\n\n    Text.\n\n=== "Two *2*"\n\n    - list\n\nafter',
    "tabs in tabs": '=== "A"\n\n    === "B"\n\n        b\n\n=== "D"\n\n    d',
    "sets of tabs": '=== "A"\n\n    a\n\n===! "B"\n\n    b\n\n===+ "C"\n\n    c',
    "tabs in a note": '!!! note\n\n    === "A"\n\n        a\n\n    === "B"\n\n        b',
    "grid": '<div class="grid cards" markdown>\n\n-   **A**\n\n    ---\n\n    T\n\n-   B\n\n</div>',
    "grid of blocks": '<div class="grid" markdown>\n\nOne\n{ .card }\n\n> Two\n\n</div>\n\nafter',
    "nested HTML": "<div markdown>\n\n<section markdown>\n\nIn *it*.\n\n</section>\n\n</div>",
    "plain HTML": "<div>\n*plain*\n</div>\n\nafter",
    "figure": '<figure markdown="span">\n![a](https://e.org/a.png)\n</figure>',
    "button": "[Go](https://e.org){ .md-button .md-button--primary }",
    "attributes": "[a](https://e.org){: #i title='A b' target=_blank } *e*{.x} `c`{ .y }",
    "no attributes": "text { .x } and [a](https://e.org) { .y } {}",
    "heading": "## Words { #own .cls data-x='1' }",
    "not searched": "Words\n{ data-search-exclude }\n\n{braces}",
    "paragraph": "Text\n{ .lead #p }\n\nOther {.no}",
    "cells": "| a | b |\n|---|---|\n| 1 { .x } | 2 |",
    "icons": ":smile: :smile:{ .big } :nosuch: 10:30:45 `:smile:`",
    "inline code": "`#!python print(x < 1)` `:::js a` `#!nosuch b` `#!python` ` #!py text `",
    "annotated code": "``` { .yaml .annotate .no-copy }\na: 1 # (1)!\n```\n\n1.  One",
    "titled code": '``` { .py title="a b.py" linenums="2" hl_lines="1" }\nx = 1\n```',
    "code with classes": "```yaml { .annotate }\na: 1\n```\n\n```{ .py .x data-y='z' }\n1\n```",
    "named code": "```{ .py .x #code }\n1\n```\n\n```{ .py title='a #b' #c }\n2\n```",
    "numbered code": '```py linenums="3 2 4"\n1\n2\n```\n\n```{ .py linenums="1 2" }\n1\n2\n```',
    "keys": "++ctrl+alt+del++ and C++, D++",
    "insertions": "^^in *two* words^^ a^^b **^^c^^** `^^d^^`",
    "scripts": "A^T^A H~2~O C~6~H~12~O~6~ x^*i*^ 2^10 3^4 ~5 and ~6 ^a b^ `H~2~O` **H~2~O**{ .x }",
    "symbols": "(c) (tm) 1/2 21/2 --> <-- +/- =/= c/o 1st 12th 3th (C) `(c)` [1/4](https://e.org/1/4)",
    "caption": "![a](https://e.org/a.png)\n/// caption\nIn *it*.\n\nTwo\n///\nafter",
    "caption above": "| a |\n|---|\n| 1 |\n\n/// table-caption | <\nTable\n///",
    "caption in a list": "- one\n\n    /// figure-caption\n    Of it\n    ///\n\n- two",
    "named captions": "a\n/// caption | #x.y.z\nb\n///\n\n"
    "a\n/// caption\n    attrs: {id: v, class: 'w u'}\nb\n///",
    "given numbers": "a\n/// figure-caption | < 3 #x\nA\n///\n\nb\n/// figure-caption\nB\n///",
    "two numbered captions": "a\n/// figure-caption\nA\n///\n\nb\n/// figure-caption\nB\n///",
    "changes": "{--a *b*--} {++c++} {~~d~>e~~} {==f==}{>>g < h<<}",
    "changed blocks": "{==\n\nOne\n\n- two\n\n==}\n\nafter\n\n{++\n\nthree\n\n++}",
    "abbreviations": 'An HTML, *HTML5*, `HTML`\n\n*[HTML]: Hyper "Text"\n*[H C]:  Two\n\n> H C',
    "definitions": "Term\n:   One *two*.\n\nOther\n:   Four",
    "long definitions": "Term\n\n:   One.\n\n    Two.",
}


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_gives_the_same_elements(text: str, tmp_path: Path) -> None:
    assert_same_elements(text, EXTENSIONS, CONFIGS, tmp_path)


def assert_same_elements(
    text: str, extensions: list[str], configs: dict[str, Any], vault: Path
) -> None:
    (vault / "a.md").write_text(f"# Title\n\n{text}\n", encoding="utf-8")
    syntax = dialect(extensions, configs, vault)
    site = build(Settings(project=vault, vault=vault, syntax=syntax))
    (page,) = [page for page in site.pages if page.source == "a.md"]
    theirs = Markdown(extensions=extensions, extension_configs=configs).convert(text)
    assert elements(page.body.partition("</h1>")[2]) == elements(theirs)


@pytest.mark.parametrize("combined", [False, True])
def test_tabs_may_have_ids_of_their_titles(combined: bool, tmp_path: Path) -> None:
    named = {"slugify": slugify(case="lower"), "combine_header_slug": combined}
    configs = {"pymdownx.tabbed": {"alternate_style": True, **named}}
    extensions = ["attr_list", "pymdownx.tabbed"]
    text = """\
## Set up { #set-up }

=== "One *a*"

    === "Within"

        b

=== "Two `b`"

    c

## Next { #next }

=== "One *a*"

    d

=== "Set up"

    e
"""
    link = "set-up-within" if combined else "within"
    (tmp_path / "a.md").write_text(f"# Title\n\n{text}", encoding="utf-8")
    (tmp_path / "b.md").write_text(f"![[a]]\n\n[[a#{link}]]\n", encoding="utf-8")
    syntax = dialect(extensions, configs, tmp_path)
    site = build(Settings(project=tmp_path, vault=tmp_path, syntax=syntax))
    bodies = {str(page.source): page.body for page in site.pages}
    theirs = Markdown(extensions=extensions, extension_configs=configs).convert(text)
    ours, _, _ = bodies["a.md"].partition("</h1>")[2].partition("<nav")
    assert elements(ours) == elements(theirs)
    assert f'href="../a/#{link}"' in bodies["b.md"]
    assert 'id="__tabbed_1_1"' in bodies["b.md"]
    assert not site.problems


def test_the_table_of_contents_may_call_a_heading_otherwise(tmp_path: Path) -> None:
    text = '# Title\n\n## With *pip* and more { #pip data-toc-label="With & pip" }\n'
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    syntax = dialect(["attr_list"], {}, tmp_path)
    site = build(Settings(project=tmp_path, vault=tmp_path, syntax=syntax))
    (page,) = [page for page in site.pages if page.source == "a.md"]
    theirs = Markdown(extensions=["attr_list", "toc"])
    assert elements(page.body) == elements(theirs.convert(text))
    (title,) = theirs.toc_tokens  # type: ignore[attr-defined]
    assert [h.title for h in page.toc[0].children] == [h["name"] for h in title["children"]]


HIGHLIGHTS = {
    "plain": {},
    "numbers": {"linenums": True},
    "numbers in line": {"linenums": True, "linenums_style": "pymdownx-inline"},
    "Material's own": {
        "anchor_linenums": True,
        "line_spans": "__span",
        "linenums": True,
        "pygments_lang_class": True,
    },
    "titles": {"auto_title": True},
    "a language": {"default_lang": "python"},
    "own names": {"extend_pygments_lang": [{"name": "mine", "lang": "python"}]},
    "in the browser": {"use_pygments": False},
}


@pytest.mark.parametrize("options", HIGHLIGHTS.values(), ids=HIGHLIGHTS.keys())
def test_code_is_shown_as_the_site_says(options: dict[str, Any], tmp_path: Path) -> None:
    extensions = ["pymdownx.highlight", "pymdownx.superfences", "pymdownx.inlinehilite"]
    configs = {"pymdownx.highlight": options}
    fences = ["py", "", "mine"]
    if options.get("use_pygments", True):
        fences += ['py linenums="3"', 'py title="a" hl_lines="1"']
    text = "`#!py 1`\n\n" + "\n\n".join(f"```{info}\nx = 1\ny\n```" for info in fences)
    assert_same_elements(text, extensions, configs, tmp_path)


@pytest.mark.parametrize("depth", [0, 2, "2-3"])
def test_the_table_of_contents_is_as_deep_as_the_site_says(
    depth: int | str, tmp_path: Path
) -> None:
    text = "# Title\n\n## Two\n\n### Three\n\n#### Four\n\n## Five\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    configs = {"toc": {"toc_depth": depth, "permalink": True}}
    syntax = dialect(["toc"], configs, tmp_path)
    site = build(Settings(project=tmp_path, vault=tmp_path, syntax=syntax))
    (page,) = [page for page in site.pages if page.source == "a.md"]
    theirs = Markdown(extensions=["toc"], extension_configs=configs)
    theirs.convert(text)
    tokens = theirs.toc_tokens  # type: ignore[attr-defined]
    assert names(toc_tokens(page.toc)) == names(tokens)


def names(tokens: list[dict[str, Any]]) -> list[Any]:
    return [(token["name"], names(token["children"])) for token in tokens]


_BARE = ("checked", "data-search-exclude", "open")
"""Attributes that say all by being there."""


class _Elements(HTMLParser):
    """What a browser makes of HTML, as far as it matters: tags, attributes, words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value for name, value in attrs if (name, value) != ("loading", "lazy")}
        kept.update({name: name for name in _BARE if name in kept})
        self.found.append(f"<{tag} {sorted(kept.items())}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def elements(html: str) -> list[str]:
    parser = _Elements()
    parser.feed(re.sub(r'<a class="headerlink".*?</a>|<span></span>', "", html))
    return parser.found


def test_pytest_runs_the_cells_that_stand_in_blocks(pytester: pytest.Pytester) -> None:
    config = """\
site_name: x
plugins: [provenote]
markdown_extensions:
  - admonition
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji ''}
"""
    cell = "    ```python run\n    {}\n    ```\n"
    note = f'!!! note ":smile:"\n{cell.format(1)}\n=== "Tab"\n\n{cell.format(2)}'
    (pytester.path / "docs").mkdir()
    (pytester.path / "docs/a.md").write_text(note)
    (pytester.path / "mkdocs.yml").write_text(config)
    pytester.runpytest_inprocess("-Werror").assert_outcomes(passed=1)
    (pytester.path / "docs/a.md").write_text(note.replace("    2\n", "    1 / 0\n"))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])
