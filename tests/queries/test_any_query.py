"""Whatever a query holds: it is answered or reported, in linear time."""

from contextlib import suppress
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from provenote.model import Site
from provenote.queries import base_file, dql
from provenote.queries.expressions import Unreadable
from tests.queries.vaults import site_of
from tests.vault.linear import grows_linearly

WORDS = [
    *("TABLE ", "LIST ", "TASK ", "WITHOUT ID ", " FROM ", " WHERE ", " SORT ", " GROUP BY "),
    *(
        " FLATTEN ",
        " LIMIT ",
        " AS ",
        " DESC",
        "#tag",
        '"folder"',
        "[[note]]",
        "outgoing([[note]])",
    ),
    *(" and ", " or ", "!", "-", "(", ")", "[", "]", "{", "}", ",", ".", ":", "=>", "=", "<=", "+"),
    *("*", "/", "%", "a", "file", "tags", "this", "rows", "null", "true", "1", "2.5", '"x"', '"'),
    *("date(today)", "dur(1 day)", "length(", "map(", "(x) => x", "sum(", "contains(", "link("),
    *("regexmatch(", "dateformat(", "//", "\n", "é", "😀", "\\", "[[", "]]", "@", "\0"),
]
queries = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
NOTE = (
    "---\ntags: tag\na: [1, x, {b: '[[note]]'}]\nday: 2024-01-05\n---\n- [ ] t [x:: 1]\n  - y:: 2\n"
)


def answered(query: str) -> Site:
    return site_of({"note.md": NOTE, "q.md": f"````dataview\n{query}\n````\n`= {query}`\n"})


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["", "TABLE ", "LIST ", "TASK FROM #tag WHERE "]), queries)
def test_any_query_is_answered_or_reported(start: str, query: str) -> None:
    page = next(page for page in answered(start + query).pages if page.source == "q.md")
    assert "pn-query" in page.body or "highlight" in page.body


YAML = [
    *("filters:", "views:", "formulas:", "properties:", "order:", "sort:", "groupBy:", "limit:"),
    *("and:", "or:", "not:", "type: ", "table", "cards", "list", "name: ", "image: ", "summaries:"),
    *(
        "\n",
        "\n  ",
        "\n    ",
        "\n  - ",
        "\n    - ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "'",
        '"',
        "&a ",
        "*a",
    ),
    *(
        "file.name",
        "file.hasTag('tag')",
        "note.a",
        "formula.x",
        "this",
        "a",
        "1",
        "x: ",
        " > ",
        "&&",
    ),
    *(
        ".contains(",
        ".map(value + 1)",
        "if(a, 1)",
        "(",
        ")",
        "/a/.matches(",
        "today()",
        "!",
        "#",
        "\t",
    ),
]
bases = st.lists(st.sampled_from(YAML), max_size=25).map("".join)
VIEWS = "views:\n  - type: table\n    name: V\n"


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["", "filters: ", "formulas:\n  x: ", VIEWS + "    filters: "]), bases)
def test_any_base_is_answered_or_reported(start: str, text: str) -> None:
    block = "\n".join(f"> {line}" for line in ["````base", *(start + text).split("\n"), "````"])
    site = site_of({"note.md": NOTE, "b.base": start + text, "q.md": f"{block}\n\n![[b.base]]"})
    for page in site.pages:
        if page.source in {"q.md", "b.base.md"}:
            assert "pn-query" in page.body or "highlight" in page.body


def test_reading_takes_linear_time() -> None:
    def read(start: str, part: str, count: int) -> None:
        reader = base_file.read if start.startswith("filters") else dql.read
        with suppress(Unreadable):
            reader(start + part * count * 10)

    for part in ("(", "[", "{a: ", "!", "-", "a.", "a[", "a(", "+ 1 ", '"', "[[", "#a ", "// \n"):
        assert grows_linearly(partial(read, "LIST WHERE ", part))
        assert grows_linearly(partial(read, "LIST FROM ", part))
    for part in ("(", "!", "-", "a.", "a(", "a[0]", "+ 1 ", "/a/."):
        assert grows_linearly(partial(read, "filters: 'a'\nformulas:\n  x: ", part))


def test_a_hundred_thousand_brackets_are_reported() -> None:
    site = answered("LIST WHERE " + "(" * 100_000)
    assert [str(p) for p in site.problems if p.place.line == 2] == [
        "q.md:2:112: query: this is nested more than 100 deep (query)"
    ]
