"""Markdown and LaTeX that a snippet prints or that its values give, as HTML.

It is CommonMark with tables and formulas. What stands in the vault is not known to it, so
that wikilinks are text.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from provenote.pages.code import PLAIN
from provenote.problems import Code, Place, Problem
from provenote.syntax import maths

_Clean = Callable[[str], str]
_KEPT = re.compile("\ue000(\\d+)\ue001")
_MARKS = re.compile("[\ue000\ue001]")


def markdown(text: str, place: Place, report: Callable[[Problem], None], clean: _Clean) -> str:
    """A text's HTML, made safe by `clean` save for what is ours: formulas and code."""
    return _rendered(_parser().parse(_MARKS.sub("", text)), place, report, clean)


def _rendered(
    tokens: list[Token], place: Place, report: Callable[[Problem], None], clean: _Clean
) -> str:
    kept: list[str] = []
    for problem in _broken(tokens, place):
        report(problem)
    html = str(_parser().renderer.render(tokens, _parser().options, {"kept": kept}))
    return _KEPT.sub(lambda match: kept[int(match[1])], clean(html))


def line(text: str, place: Place, report: Callable[[Problem], None], clean: _Clean = str) -> str:
    """A line of Markdown: a caption that stands in a script, a value within the prose."""
    tokens = _parser().parseInline(_MARKS.sub("", text))
    return _rendered(tokens, place, report, clean)


def latex(text: str) -> str:
    """LaTeX as Markdown: a formula that does not say so itself is displayed."""
    text = text.strip()
    return text if "$" in text or not text else f"$$\n{text}\n$$"


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(maths.plugin)
    for name in ("math_inline", "math_block", "fence", "code_block"):
        md.add_render_rule(name, _keep)
    return md


def _keep(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """A mark that the cleaner passes over, for what it would not let through."""
    token = tokens[index]
    if token.type in {"fence", "code_block"}:
        html = PLAIN.block(token.content, token.info.strip() or "text") + "\n"
    else:
        html = maths.rendered(token)
    env["kept"].append(html)
    return f"\ue000{len(env['kept']) - 1}\ue001"


def _broken(tokens: Sequence[Token], place: Place) -> list[Problem]:
    parts = (part for token in tokens for part in (token, *(token.children or ())))
    return [
        Problem(Code.MATH, place, f"formula that the snippet gives: {part.meta['error']}")
        for part in parts
        if "error" in part.meta
    ]
