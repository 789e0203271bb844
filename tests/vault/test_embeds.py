"""However notes embed one another: a page ends, names nothing twice, and leads nowhere false."""

import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenote.build import build
from provenote.model import Site
from provenote.settings import Settings

NAMES = ("a", "b", "c")
PARTS = ("", "#One", "#Two", "#One#Two", "#^x", "#^y", "#^nowhere", "#Linked from")
BLOCKS = st.sampled_from(
    [
        *("# One", "## Two", "## Two", "### Linked from", "# Fn1"),
        *("text ^x", "text ^y", "- item ^x\n- other\n  ^y", "> quoted\n\n^y", "| t |\n|---|\n^x"),
        *("```\ncode\n```\n\n^y", "$$z$$\n\n^x", "> [!tip] T ^x", "> [!note]- T\n> body\n^y"),
        *("see[^1] and[^1] and ^[this]", "[^1]: the note", "^[of ^[a note]]", "[^1]: by[^2]"),
        *("[^2]: two", "<a id=\"one\"></a> <b id='one'>x</b>", '<div id="one">\n\n</div>'),
        *("- [ ] a[^1]", "`{python} 1`", "==m== #tag", "$x$"),
    ]
)
EMBEDS = st.builds(
    "{}![[{}{}]]{}".format,
    st.sampled_from(["", "- ", "> ", "a ", "| c |\n|---|\n| "]),
    st.sampled_from([*NAMES, ""]),
    st.sampled_from(PARTS),
    st.sampled_from(["", " ^x", " b"]),
)
NOTES = st.lists(BLOCKS | EMBEDS, max_size=8).map("\n\n".join)
VAULTS = st.fixed_dictionaries({f"{name}.md": NOTES for name in NAMES})


def site_of(notes: Mapping[str, str]) -> Site:
    with tempfile.TemporaryDirectory() as name:
        vault = Path(name) / "vault"
        vault.mkdir()
        for path, text in notes.items():
            (vault / path).write_text(text, encoding="utf-8")
        return build(Settings(project=Path(name), vault=vault, run=False))


def ids(body: str) -> Counter[str]:
    return Counter(re.findall(r"<[^>]*\sid=[\"']([^\"']*)", body))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VAULTS)
def test_no_page_names_two_elements_alike(notes: Mapping[str, str]) -> None:
    for page in site_of(notes).pages:
        assert {name: count for name, count in ids(page.body).items() if count > 1} == {}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VAULTS)
def test_a_link_within_a_page_leads_to_an_element_of_it(notes: Mapping[str, str]) -> None:
    for page in site_of(notes).pages:
        wanted = set(re.findall(r'href="#([^"]+)"', page.body))
        assert wanted - set(ids(page.body)) == set()


@pytest.mark.parametrize("times", [1, 2])
def test_a_long_chain_of_embeds_is_cut_and_reported(times: int) -> None:
    """Each note embeds the next: so deep a page, or one that doubles so often, ends."""
    count = 60
    notes = {f"n{i}.md": f"![[n{i + 1}]]\n\n" * times for i in range(count)}
    site = site_of({**notes, f"n{count}.md": "the end"})
    assert any(problem.code.value == "embed-limit" for problem in site.problems)
    assert sum(len(page.body) for page in site.pages) < 20_000_000
