"""Whatever a note holds: it is read, in linear time, and none of its words are lost."""

import gc
import re
import tempfile
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from provenote.build import build
from provenote.model import Site
from provenote.settings import Settings
from tests.vault.linear import grows_linearly

MARKS = [
    *("[[", "]]", "![[", "|", "#", "^", "==", "%%", "$", "$$", "`", "```", "~~", "**", "_"),
    *("> ", "> [!note]- ", "- ", "- [ ] ", "1. ", "# ", "## ", "---", "\n", "\n\n", "\t", "  "),
    *("\\", "<b>", "</b>", "<!--", "(", ")", "!", "[", "]", ":", "[^1]", "[^1]: ", "^["),
    *("| a | b |\n|-|-|\n", "![](b)", "[a](b)", "\n^id\n", "![[#^id]]", "[[a#h]]", "://", "+++\n"),
    *("[a:: ", "(a:: ", "a:: b\n", "`= this.a`", "```dataview\nLIST\n```\n", "```mermaid\n"),
    *("{python} ", "#tag", "é", "日本", "😀", "\u2028", "\r\n", "\0", " ^id", "python run"),
]
texts = st.lists(st.sampled_from(MARKS) | st.from_regex(r"[a-z]{3,6}", fullmatch=True), max_size=40)


def site_of(text: str, *, run: bool = False) -> Site:
    with tempfile.TemporaryDirectory() as name:
        vault = Path(name) / "vault"
        vault.mkdir()
        (vault / "a.md").write_bytes(text.encode())
        return build(Settings(project=Path(name), vault=vault, run=run))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_any_text_gives_a_page(parts: list[str]) -> None:
    site = site_of("".join(parts))
    assert any(page.source == "a.md" for page in site.pages)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True), min_size=1, max_size=20), st.data())
def test_no_word_is_lost(words: list[str], data: st.DataObject) -> None:
    """Marks that hide nothing are strewn among words; each word still is on the page."""
    marks = [
        *("[[", "]]", "==", "$", "$$", "`", "~~", "**", "_", "> ", "- ", "1. ", "\n", "\n\n", "!"),
        *(
            "|",
            "^x",
            "^[",
            "\n^x\n",
            "#",
            "# ",
            "[",
            "](",
            "> [!note] ",
            "  ",
            "\t",
            "```\n",
            ":: ",
            "[",
            "[a:: ",
        ),
        *("- [ ] ", "\n| ", "&", "&amp;", "<", "://", "\\"),
    ]
    text = "".join(word + " " + data.draw(st.sampled_from(marks)) for word in words)
    body = next(page.body for page in site_of(text).pages if page.source == "a.md")
    seen = unescape(re.sub(r"<[^>]*>", "", body))
    letters = re.sub(r"[^a-z]", "", seen)
    assert all(word in letters or word in body for word in words)


@pytest.mark.parametrize("mark", ["> ", "- ", "> - ", "1. ", "> [!note] ", "- > "])
def test_what_is_nested_beyond_measure_is_still_there(mark: str) -> None:
    body = next(page.body for page in site_of(mark * 300 + "word\n").pages if page.source == "a.md")
    assert "word" in body


@pytest.mark.parametrize(
    "mark", [r"\frac{", r"\sqrt", r"\sqrt[", r"\left(", r"\begin{matrix}", "{", "x_{"]
)
def test_a_formula_nested_beyond_measure_is_told_of(mark: str) -> None:
    site = site_of(f"${mark * 40_000}x$\n")
    [problem] = site.problems
    assert "a.md:1:2: formula: It is nested more than 200 deep" in str(problem)


@pytest.mark.parametrize("mark", ["(", "[a", r"\{", r"\langle x", "(x)[("])
def test_a_formula_of_open_brackets_is_told_of(mark: str) -> None:
    [problem] = site_of(f"${mark * 5_000}x$\n").problems
    assert "a.md:1:2: formula: It opens more than 12 brackets that nothing closes" in str(problem)


def test_an_outline_of_forty_levels_is_kept() -> None:
    outline = "".join(f"{'  ' * level}- level {level}\n" for level in range(40))
    body = next(page.body for page in site_of(outline).pages if page.source == "a.md")
    assert body.count("<ul>") == 40
    assert "level 39" in body


ROWS = [
    *("[[", "![[", "]]", "[[a|", "![[a]]\n\n", "![](b) ", "[a](b) ", "> ", "%%", "%% a\n\n"),
    *("$", "$$", "$$ a\n\n", "==", "`", "#a ", "^[", "^[a] ", "[", "- ", "|", "*a_", "://"),
    *("http://a", "http:// ", "https://a.b/("),
    *("> # h\na\n", "> ```\na\n", "> a\nb\n> # h\nc\n", "> %%\na\n", "[a]: b\n"),
    *("> > # h\n> a\n", "> > > ```\n> > a\n", "> > a\n> b\n> > # h\n> c\n", "- > a\n"),
    *(
        "# h\n\n",
        "^a\n\n",
        "a ^b\n\n",
        "- a ^b\n",
        "[^1] [^1]: ",
        "> [!note]\n",
        "<b id=",
        "[[#h]]\n\n# h\n\n",
        "[a:: ",
        "(a:: 1",
        "(a:: *b ",
        "a:: b *c\n",
        "<!-- a --> <!--\n",
    ),
    "![a](b)" * 6,  # where what is done for each link grows slowly with its line
]


@pytest.mark.parametrize("mark", ROWS)
def test_a_row_of_marks_takes_linear_time(mark: str) -> None:
    assert grows_linearly(lambda count: site_of(mark * count))


@pytest.mark.parametrize(
    ("link", "part"),
    [("[[#hedding {0}]]\n\n", "# heading {0}\n\n"), ("[[#^odd{0}]] ", "a ^old{0}\n\n")],
)
def test_links_to_no_part_of_a_note_take_linear_time(link: str, part: str) -> None:
    def text(count: int) -> str:
        numbers = range(count // 4)
        return "".join(map(link.format, numbers)) + "\n\n" + "".join(map(part.format, numbers))

    assert grows_linearly(lambda count: site_of(text(count)))


def test_lazy_lines_below_each_level_of_a_quote_are_read() -> None:
    def quoted(levels: int, word: str) -> str:
        return "> " * levels + word + "\n"

    depth = 20  # were each level to double the time, this would take hours
    text = quoted(depth, "a") + "".join(
        quoted(level, f"lazy{level}") + quoted(depth, f"deep{level}")
        for level in reversed(range(depth))
    )
    [body] = [page.body for page in site_of(text).pages if page.source == "a.md"]
    assert body.count("<blockquote>") == depth
    assert all(f"lazy{level}" in body and f"deep{level}" in body for level in range(depth))


@pytest.mark.parametrize(
    "text",
    [
        "+++\nsize = {}\n+++",
        "---\nsize: {}\n---\n`= this.size`",
        "---\nsize: {:.400}\n---\n`= this.size` `= this.size * this.size` `= this.size % 7`",
        '```python linenums="{0}" hl_lines="{0}"\n1\n```',
        '```python hl_lines="1-999999999"\n1\n```',
        "```python run\n#| memory: {0}\n#| seed: {0}\n1\n```",
        "```python run\nprint('\\x1b[{}mred')\n```",
        "```base view={}\nviews: []\n```",
        "```base view=²\nviews: []\n```",
        "```dataview\nLIST LIMIT {}\n```",
        "`= date(2026-01-01) + dur({} years)`",
        "`= list(1)[{}]`",
        r"$\pu{{{}}}$ $\unicode{{xd800}}$ $$\tag{{U+D800;}}$$",
    ],
)
def test_a_number_beyond_measure_is_read_or_reported(text: str) -> None:
    site = site_of(text.format("9" * 5000), run=True)
    [body] = [page.body for page in site.pages if page.source == "a.md"]
    assert body.encode()


def test_builds_in_one_process_do_not_pile_up() -> None:
    def left_by(builds: int) -> int:
        for _ in range(builds):
            site_of("> [[a]] *b* [^1]\n\n[^1]: c\n" * 50)
        return sum(isinstance(thing, Token) for thing in gc.get_objects())

    few = left_by(2)
    assert left_by(6) == few


def test_a_note_too_large_to_be_read_is_shown_as_it_is() -> None:
    site = site_of("---\npublish: true\n---\n" + "**word** [[a]]\n" * 300_000 + "the last one\n")
    [body] = [page.body for page in site.pages if page.source == "a.md"]
    assert body.count("**word** [[a]]\n") == 300_000
    assert "the last one" in body
    assert [str(problem) for problem in site.problems] == [
        "vault/a.md: this note is larger than 4 MB and is shown as its source; "
        "make several notes of it (large)"
    ]
