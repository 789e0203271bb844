"""Regular expressions of queries: JavaScript's, and none of them can hold up a build."""

import time

import pytest

from provenote.queries import patterns
from tests.queries.vaults import site_of

ROW = "a" * 60 + "b"
ENDLESS = {
    "Dataview": '```dataview\nLIST WHERE regextest("(a+)+$", file.name)\n```\n',
    "Bases": "```base\nfilters: /(a+)+$/.matches(file.name)\nviews: [{type: table}]\n```\n",
    "split": '`= split("' + ROW + '", "(x?a+)+$")`\n',
    "replaced": '`= regexreplace("' + ROW + '", "(a|a)*$", "")`\n',
}


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS)
def test_a_regular_expression_without_end_is_a_problem_of_its_query(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "TIME", 0.1)
    notes = {f"{number}.md": f"Words\n\n{query}" for number in range(30)}
    started = time.process_time()
    site = site_of({f"{ROW}.md": "", **notes})
    assert time.process_time() - started < 3  # it is tried once, not for each note of a template
    assert len(site.problems) == 30
    assert "takes too long, or too much memory, to be matched (query)" in str(site.problems[0])
    assert str(site.problems[0]).startswith(("0.md:3:1: ", "0.md:4:1: "))
    assert all("Words" in page.body for page in site.pages if page.source in notes)
