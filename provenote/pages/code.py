"""Highlighted code, with the classes that Material's style sheet knows."""

import re
from functools import lru_cache

from pymdownx.highlight import Highlight

_OPTION = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)')""")
_highlighter = Highlight(None, stripnl=False)  # it needs no Markdown instance for blocks


@lru_cache(maxsize=4096)
def highlighted(code: str, info: str) -> str:
    """A code block as HTML.

    `info` is the fence's info string: the language, then options as pymdownx knows
    them: `python title="relu.py" hl_lines="2" linenums="1"`; or in braces, with classes:
    `{ .python .annotate title="relu.py" }`, `python { .annotate }`.
    """
    options = {name: double or single for name, double, single in _OPTION.findall(info)}
    before, _, braced = _OPTION.sub("", info).partition("{")
    words = [*before.split()[:1], *braced.rstrip("} ").split()]
    language, *classes = [word.lstrip(".") for word in words if word[0] != "#"] or [""]
    start, step, special = [*_numbers(options.get("linenums", "")), -1, -1, -1][:3]
    return str(
        _highlighter.highlight(
            code.rstrip("\n"),
            language or "text",
            linestart=start,
            linestep=step,
            linespecial=special,
            hl_lines=_lines(options.get("hl_lines", ""), code.count("\n") + 1),
            title=options.get("title"),
            classes=classes,
            attrs={name: value for name, value in options.items() if name.startswith("data-")},
        )
    )


def within_text(code: str, language: str) -> str:
    """Inline code as HTML."""
    element = _highlighter.highlight(code, language, inline=True)
    return f'<code class="highlight">{element.text}</code>'


def _numbers(given: str) -> list[int]:
    """`3 2 10`: the first line's number, and how many lines have one, and a special one."""
    return [int(number) for number in given.split() if re.fullmatch(r"\d{1,9}", number)]


def _lines(given: str, most: int) -> list[int]:
    """`2 4-6` -> [2, 4, 5, 6], of so many lines that there are."""
    lines: list[int] = []
    for first, last in re.findall(r"(\d{1,9})(?:-(\d{1,9}))?", given):
        lines += range(int(first), min(int(last or first), most) + 1)
    return lines
