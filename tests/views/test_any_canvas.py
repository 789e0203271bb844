"""Whatever a canvas file holds: it is a page, and the words of its cards are on it."""

import json
import re
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from provenote.build import build
from provenote.model import Page, Site
from provenote.settings import Settings

anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
numbers = st.sampled_from([0, -5, 100, 1e9, 10**400, float("nan"), "3", None, True])
nodes = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "c", 4]), "type": st.sampled_from(["text", "group", "x"])},
    optional={
        "text": st.sampled_from(
            ["word", "# word", "![[Board.canvas]]", "[[a", "```python run\n1/0"]
        ),
        "label": st.sampled_from(["<b>", "label"]),
        "color": st.sampled_from(["1", "7", "#fff", "red", 3]),
        "file": st.sampled_from(["../../etc/passwd", "index.md", "Board.canvas", "", 7]),
        "subpath": st.sampled_from(["#a", "a", 1]),
        "url": st.sampled_from(["https://x.org", "http://[", "javascript:x"]),
        **dict.fromkeys(("x", "y", "width", "height"), numbers),
    },
)
edges = st.fixed_dictionaries(
    {"fromNode": st.sampled_from(["a", "b", 4]), "toNode": st.sampled_from(["a", "c"])},
    optional={
        "fromSide": st.sampled_from(["top", "up", 1]),
        "toEnd": st.sampled_from(["arrow", "none", []]),
        "label": st.sampled_from(["", "\n", "a\nb", "<"]),
    },
)


def site_of(text: str | bytes) -> Site:
    with tempfile.TemporaryDirectory() as name:
        vault = Path(name) / "vault"
        vault.mkdir()
        (vault / "index.md").write_text("home")
        (vault / "Board.canvas").write_bytes(text.encode() if isinstance(text, str) else text)
        return build(Settings(project=Path(name), vault=vault, run=False))


def page_of(text: str | bytes) -> Page:
    return next(page for page in site_of(text).pages if page.title == "Board")


@settings(max_examples=150, deadline=None)
@given(st.lists(nodes | anything, max_size=6), st.lists(edges | anything, max_size=4))
def test_any_cards_and_lines_give_a_page(cards: list[Any], lines: list[Any]) -> None:
    body = page_of(json.dumps({"nodes": cards, "edges": lines})).body
    assert "nan" not in body
    assert "inf" not in body
    words = sum("word" in str(card.get("text")) for card in cards if isinstance(card, dict))
    shown = unescape(re.sub(r'<ul class="pn-canvas-leads">.*?</ul>|<[^>]*>', "", body, flags=re.S))
    assert shown.count("word") >= words


@settings(max_examples=100, deadline=None)
@given(anything)
def test_any_json_gives_a_page(data: Any) -> None:
    assert page_of(json.dumps(data)).body


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_give_a_page(data: bytes) -> None:
    assert page_of(data).body


def test_json_as_deep_as_can_be_gives_a_page() -> None:
    assert "cannot be read" in page_of("[" * 100_000).body


def test_groups_may_lie_in_one_another_however_deep() -> None:
    cards = [
        {"type": "group", "x": n, "y": n, "width": 4000 - 2 * n, "height": 4000 - 2 * n, "id": n}
        for n in range(1500)
    ]
    assert page_of(json.dumps({"nodes": cards})).body.count("pn-canvas-group") == 1500
