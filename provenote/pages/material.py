"""The HTML of Material's own constructs that is not a plain element: what counts on its page."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import count
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from provenote.syntax.attributes import ATTRIBUTES, BEARERS

Rule = Callable[..., str]
Attributes = Mapping[str, Any]


def rules(renderer: RendererHTML, shown: Callable[[Attributes], Attributes]) -> dict[str, Any]:
    """The render rules of one page, where elements have those attributes that are shown."""
    bearing = {
        name: _with_attributes(renderer.rules.get(name) or renderer.renderToken, shown)
        for name in BEARERS
    }
    return {**bearing, **_tab_rules(renderer)}


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


def _tab_rules(renderer: RendererHTML) -> dict[str, Rule]:
    """Sets of tabs are numbered through the page, embedded notes and all."""
    numbers: Iterator[int] = count(1)
    sets: list[int] = []

    def opening(tokens: Sequence[Token], index: int, *_: object) -> str:
        token = tokens[index]
        sets.append(next(numbers))
        frame = Token("", "", 0, attrs=dict(token.attrs))
        frame.attrJoin("class", "tabbed-set tabbed-alternate")
        frame.attrSet("data-tabs", f"{sets[-1]}:{token.meta['tabs']}")
        inputs = (
            f"<input{' checked' if number == token.meta['first'] else ''} "
            f'id="__tabbed_{sets[-1]}_{number}" name="__tabbed_{sets[-1]}" type="radio">'
            for number in range(1, token.meta["tabs"] + 1)
        )
        return f"<div{renderer.renderAttrs(frame)}>{''.join(inputs)}"

    def label(tokens: Sequence[Token], index: int, *_: object) -> str:
        return f'<label for="__tabbed_{sets[-1]}_{tokens[index].meta["tab"]}">'

    def closing(tokens: Sequence[Token], index: int, *_: object) -> str:
        sets.pop()
        return "</div>\n"

    return {"tabs_open": opening, "tab_label_open": label, "tabs_close": closing}
