"""The HTML of Material's own constructs that is not a plain element: what counts on its page."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from provenote.syntax.attributes import ATTRIBUTES, BEARERS
from provenote.syntax.tabs import IDS

Rule = Callable[..., str]
Attributes = Mapping[str, Any]


def rules(renderer: RendererHTML, shown: Callable[[Attributes], Attributes]) -> dict[str, Any]:
    """The render rules of one page, where elements have those attributes that are shown."""
    bearing = {
        name: _with_attributes(renderer.rules.get(name) or renderer.renderToken, shown)
        for name in BEARERS
    }
    return {**bearing, **_tab_rules(renderer, shown)}


def _with_attributes(rule: Rule, shown: Callable[[Attributes], Attributes]) -> Rule:
    """The rule, with the attributes that a list behind the token gives."""

    def render(tokens: Sequence[Token], index: int, *rest: object) -> str:
        html = rule(tokens, index, *rest)
        given = tokens[index].meta.get(ATTRIBUTES)
        return _added(html, shown(given)) if given else html

    return render


def _added(html: str, given: Attributes) -> str:
    """The HTML with attributes in its first tag: classes besides its own, the rest instead."""
    tag, end, rest = html.partition(">")
    for name, value in given.items():
        own = re.search(rf'\s{re.escape(name)}="([^"]*)"', tag)
        before = f"{own[1]} " if own and name == "class" else ""
        tag = tag.replace(own[0], "", 1) if own else tag
        tag += f' {escape(name)}="{before}{escape(value)}"'
    return tag + end + rest


def _tab_rules(
    renderer: RendererHTML, shown: Callable[[Attributes], Attributes]
) -> dict[str, Rule]:
    """Sets of tabs are numbered through the page, embedded notes and all."""
    numbers: Iterator[int] = count(1)
    sets: list[Sequence[str]] = []
    """The ids of the tabs in each set that is open."""

    def opening(tokens: Sequence[Token], index: int, *_: object) -> str:
        token, number = tokens[index], next(numbers)
        numbered = [f"__tabbed_{number}_{tab + 1}" for tab in range(token.meta["tabs"])]
        named = shown({"id": token.meta.get(IDS, ())}).get("id", ())
        sets.append(named if len(named) == len(numbered) else numbered)
        frame = Token("", "", 0, attrs=dict(token.attrs))
        frame.attrJoin("class", "tabbed-set tabbed-alternate")
        frame.attrSet("data-tabs", f"{number}:{len(numbered)}")
        inputs = (
            f"<input{' checked' if tab == token.meta['first'] else ''} "
            f'id="{escape(name)}" name="__tabbed_{number}" type="radio">'
            for tab, name in enumerate(sets[-1], start=1)
        )
        return f"<div{renderer.renderAttrs(frame)}>{''.join(inputs)}"

    def label(tokens: Sequence[Token], index: int, *_: object) -> str:
        return f'<label for="{escape(sets[-1][tokens[index].meta["tab"] - 1])}">'

    def closing(tokens: Sequence[Token], index: int, *_: object) -> str:
        sets.pop()
        return "</div>\n"

    return {"tabs_open": opening, "tab_label_open": label, "tabs_close": closing}
