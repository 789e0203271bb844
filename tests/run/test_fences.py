"""What authors write on a fence, and what snippets print: nothing of it surprises."""

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from provenote.cell_options import read_options
from provenote.openings import opening
from provenote.option_lines import split
from provenote.pages.safe_html import safe
from provenote.pages.terminal import as_shown
from provenote.problems import Place

HERE = Place("note.md", 10)
INFOS = st.text(alphabet="pythonrun {}#=,'\"code-cellexec. ", max_size=40)
LINES = st.lists(
    st.one_of(
        st.from_regex(r"#\| [a-z-]{1,8}: .{0,10}", fullmatch=True),
        st.from_regex(r":[a-z-]{1,8}: ?.{0,10}", fullmatch=True),
        st.sampled_from(["---", "#|", "x = 1", "", "#| - item", "#| tags: [hide-input, x]"]),
    ),
    max_size=8,
)


@given(INFOS)
def test_any_info_string_can_be_read(info: str) -> None:
    said = opening(info)
    if not said.runs:
        assert said.options == said.unknown == ()


@given(LINES, st.booleans())
def test_option_lines_are_taken_off_the_code_and_nothing_else_is(
    lines: list[str], directive: bool
) -> None:
    code = "".join(f"{line}\n" for line in lines)
    options, rest, below = split(code, HERE, directive=directive)
    assert code.endswith(rest)
    assert below.line - HERE.line == code.count("\n") - rest.count("\n")
    assert all(HERE.line <= option.place.line < below.line for option in options)
    _, problems = read_options(options)
    assert {HERE.line <= problem.place.line < below.line for problem in problems} <= {True}


def test_an_option_that_is_nested_beyond_measure_is_text() -> None:
    (option,), rest, _ = split(f"#| label: {'[' * 3000}\n1", HERE)
    assert (option.name, option.value, rest) == ("label", "[" * 3000, "1")


@given(st.text())
def test_text_without_orders_is_shown_as_it_is(text: str) -> None:
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    assert as_shown(plain) == escape(plain)


ORDERS = st.lists(
    st.one_of(
        st.sampled_from(["\r", "\n", "\b", "\x1b[A", "\x1b[2K", "\x1b[J", "\x1b[31m", "\x1b[0m"]),
        st.from_regex(r"\x1b\[[0-9;]{0,9}[A-Za-z]", fullmatch=True),
        st.text(max_size=4),
    ),
    max_size=12,
)


@given(ORDERS)
def test_whatever_is_printed_is_html_in_the_end(parts: list[str]) -> None:
    html = as_shown("".join(parts))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", html)
    bare = re.sub(r"</?span[^<>]*>", "", html)
    assert "<" not in bare
    assert html.count("<span") == html.count("</span>")
    assert escape(unescape(bare)) == bare


PIECES = st.lists(
    st.sampled_from(
        [
            "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href=", "'javascript:x'>",
            "<iframe src=x>", "<svg><script>x</script></svg>", "<style>", "</style>", "#T_a1 {",
            "@import url(x)", "}", "<table id=T_a1>", "<td style='background:url(x)'>", "text",
            "<!--", "-->", "<math>", "<p onclick=x>", "<form action=x>", "<object data=x>",
            '"', "'", ">",
        ]
    ),
    max_size=10,
)  # fmt: skip


@given(PIECES)
def test_no_html_of_a_value_acts(pieces: list[str]) -> None:
    html = safe("".join(pieces), "cell-1", lambda name: True)
    tags = " ".join(re.findall(r"<[^>]*>", html)).lower()
    assert not re.search(r"<(?:script|iframe|object|form|svg|math|!--)", tags)
    assert not re.search(r"\son\w+\s*=|javascript:", tags)
    assert "url(" not in "".join(re.findall(r"<style>.*?</style>", html, re.DOTALL))
