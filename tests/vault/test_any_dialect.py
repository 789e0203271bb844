"""Whatever a note holds, with every extension a site may have: it is read, in linear time."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymdownx.slugs import slugify

from provenote.dialect import Dialect, Maths
from provenote.faces.python_markdown import dialect
from provenote.model import VaultFile, VaultPath
from provenote.notes import parse
from provenote.syntax import parser
from tests.vault.linear import grows_linearly

EXTENSIONS = [
    *("abbr", "admonition", "attr_list", "def_list", "md_in_html", "pymdownx.blocks.caption"),
    *("pymdownx.caret", "pymdownx.critic", "pymdownx.details", "pymdownx.emoji"),
    *("pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.smartsymbols", "pymdownx.snippets"),
    *("pymdownx.tabbed", "pymdownx.tilde"),
]
CONFIGS = {"pymdownx.tabbed": {"alternate_style": True, "slugify": slugify(case="lower")}}
MARKS = [
    *("!!! note\n", '!!! a "b"\n', "??? a\n", "???+ ", '=== "a"\n', '===!+ "a"\n', "    ", "\n"),
    *("<div markdown>\n", "</div>\n", '<p markdown="span">\n', "</p>", "<b markdown>x</b>\n"),
    *("--8<--\n", '--8<-- "a"\n', "{ .a }", "{#b c=d}", "{", "}", ":smile:", ":a:", "++a++", "++"),
    *("- --8<--\n", "/// caption\n", "/// figure-caption | < 2 #a\n", "///\n", "*[a]: b\n"),
    *("^^", "^", "~~", "~", "{++", "++}", "{~~", "~>", "~~}", "{>>", "<<}", "{==\n", "==}\n"),
    *("==", "[a][^1]", "https://e.org/a", "(c)", "1st", "-->", "`#!py a`", "\\"),
    *(
        "Term\n:   ",
        "\n:   ",
        "> ",
        "- ",
        "# ",
        "| a |\n|-|\n",
        "**",
        "[a](b)",
        "![[a]]",
        "`",
        "^a\n",
    ),
    *("\\[ a\n", "\\[", "\\]", "\\(", "\\)", "@", "@@", "$", "\n\n", "word ", "é"),
]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Dialect:
    read = dialect(EXTENSIONS, CONFIGS, tmp_path_factory.mktemp("project"))
    return Dialect(tuple(Maths), read.extensions, read.convert, read.include)


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.sampled_from(MARKS), max_size=40))
def test_any_text_is_read(
    parts: list[str], everything: Dialect, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.md"
    file.write_text("".join(parts), encoding="utf-8")
    note = parse(VaultFile(VaultPath("any.md"), Path(file), "any.md"), everything)
    opened = sum(token.nesting for token in note.tokens)
    assert opened == 0
    words = "".join(token.content for token in note.tokens)
    assert words.count("word") >= "".join(parts).count("word")


@pytest.mark.parametrize("mark", MARKS)
def test_a_row_of_marks_takes_linear_time(mark: str, everything: Dialect) -> None:
    assert grows_linearly(lambda count: parser(everything).parse(mark * count))


def test_elements_of_many_names_take_linear_time(everything: Dialect) -> None:
    def text(count: int) -> str:
        return "".join(f"<x{n} markdown>\n\n</x{n}>\n\n" for n in range(count // 4))

    assert grows_linearly(lambda count: parser(everything).parse(text(count)))


def test_elements_nested_beyond_measure_are_read(everything: Dialect) -> None:
    text = "<div markdown>\n\n" * 2_000 + "word\n\n" + "</div>\n\n" * 2_000
    assert any(token.content == "word" for token in parser(everything).parse(text))
