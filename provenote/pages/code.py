"""Highlighted code, with the classes that Material's style sheet knows."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from pymdownx.highlight import Highlight

from provenote.syntax.anchors import FENCE_ID

_OPTION = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)')""")
_ALONE = (
    *("anchor_linenums", "auto_title", "code_attr_on_pre", "default_lang", "extend_pygments_lang"),
    *("guess_lang", "language_prefix", "line_anchors", "line_spans", "linenums", "linenums_class"),
    *("linenums_special", "linenums_style", "noclasses", "pygments_lang_class", "pygments_style"),
    "use_pygments",
)
"""Options of `pymdownx.highlight` that need no Markdown instance."""
_NUMBERING = ("anchor_linenums", "line_anchors", "line_spans")
"""Those that give ids to lines, which hold the number of their block on the page."""


class Highlighter:
    """Makes code HTML as the options of `pymdownx.highlight` say."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        known = {name: options[name] for name in _ALONE if name in options}
        self.name = repr(sorted(known.items()))
        """What tells it from others."""
        self.engine = Highlight(None, stripnl=False, **known)
        self._numbers = any(known.get(name) for name in _NUMBERING)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Highlighter) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def block(self, code: str, info: str, number: int = 0) -> str:
        """A code block, the so manieth of its page.

        `info` is the fence's info string: the language, then options as pymdownx knows
        them: `python title="relu.py" hl_lines="2" linenums="1"`; or in braces, with classes:
        `{ .python .annotate title="relu.py" }`, `python { .annotate }`.
        """
        return _block(self, code, info, number if self._numbers else 0)

    def within_text(self, code: str, language: str) -> str:
        """Inline code."""
        element = self.engine.highlight(code, language, inline=True)
        return f'<code class="{element.get("class")}">{element.text}</code>'


PLAIN = Highlighter({})


@lru_cache(maxsize=4096)
def _block(by: Highlighter, code: str, info: str, number: int) -> str:
    options = {name: double or single for name, double, single in _OPTION.findall(info)}
    before, _, braced = _OPTION.sub("", info).partition("{")
    words = [*before.split()[:1], *braced.rstrip("} ").split()]
    language, *classes = [word.lstrip(".") for word in words if word[0] != "#"] or [""]
    named = FENCE_ID.search(info)
    start, step, special = [*_numbers(options.get("linenums", "")), -1, -1, -1][:3]
    return str(
        by.engine.highlight(
            code.rstrip("\n"),
            language,
            linestart=start,
            linestep=step,
            linespecial=special,
            hl_lines=_lines(options.get("hl_lines", ""), code.count("\n") + 1),
            title=options.get("title"),
            classes=classes,
            id_value=named[2] if named else "",
            attrs={name: escape(options[name]) for name in options if name.startswith("data-")},
            code_block_count=number,
        )
    )


def _numbers(given: str) -> list[int]:
    """`3 2 10`: the first line's number, and how many lines have one, and a special one."""
    return [int(number) for number in given.split() if re.fullmatch(r"\d{1,9}", number)]


def _lines(given: str, most: int) -> list[int]:
    """`2 4-6` -> [2, 4, 5, 6], of so many lines that there are."""
    lines: list[int] = []
    for first, last in re.findall(r"(\d{1,9})(?:-(\d{1,9}))?", given):
        lines += range(int(first), min(int(last or first), most) + 1)
    return lines
