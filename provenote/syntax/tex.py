r"""TeX as notes have it, made for MathJax: what math-core lacks is said in words that it has.

MathJax numbers no formula by itself in Obsidian, so that `align` is `align*` here, too.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from provenote.syntax.chemistry import in_tex

MACROS: Mapping[str, str] = {
    **dict.fromkeys(("tiny", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"), ""),
    **dict.fromkeys(("dotsb", "dotsi", "dotsm"), r"\cdots"),
    **dict.fromkeys(("dotsc", "dotso", "hdots"), r"\ldots"),
    **dict.fromkeys(("smash", "rlap", "llap", "mathrlap", "mathllap", "mathclap"), "#1"),
    **dict.fromkeys(("class", "colorbox", "cssId", "href", "style"), "#2"),
    **dict.fromkeys(("longrightleftharpoons", "longRightleftharpoons"), r"\rightleftharpoons"),
    "longLeftrightharpoons": r"\leftrightharpoons",
    "longleftrightarrows": r"\leftrightarrows",
    "dag": r"\dagger",
    "ddag": r"\ddagger",
    "mathds": r"\mathbb{#1}",
    "mbox": r"\text{#1}",
    "pmb": r"\boldsymbol{#1}",
    "smallsetminus": r"\setminus",
    "utilde": r"\underset{\sim}{#1}",
    "varliminf": r"\underline{\lim}",
    "varlimsup": r"\overline{\lim}",
    "wideparen": r"\overparen{#1}",
    "widetilde": r"\overset{\sim}{#1}",
}
"""Commands that math-core does not know, in terms of those that it does."""

_BRACES = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_STARRED = r"align|alignat|equation|flalign|gather|multline"


def _stack(match: re.Match[str]) -> str:
    small = match[1].replace(r"\\", r"\\\scriptstyle ")
    return rf"\begin{{matrix}}\scriptstyle {small}\end{{matrix}}"


def _text(match: re.Match[str]) -> str:
    """Formulas within text stand between texts; marks in it are characters."""
    parts = re.split(r"(?<!\\)\$", match[2])
    words = [re.sub(r"(?<!\\)([_&#%])", r"\\\1", part) for part in parts]
    texts = (
        word if at % 2 else f"{match[1]}{{{word}}}"
        for at, word in enumerate(words if len(parts) % 2 else [match[2]])
        if word
    )
    return f"{{{''.join(texts)}}}"


def _chemistry(match: re.Match[str]) -> str:
    return in_tex(match[2], match[1]) or match[0]


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (rf"\\(ce|pu)\s*{_BRACES}", _chemistry),
        (rf"\\root\s*(?:{_BRACES}|(\\?\w+))\s*\\of\b\s*", r"\\sqrt[\1\2]"),
        (
            r"\\buildrel\b\s*(.*?)\s*\\over\b\s*(\{\}|\\?\w+|[^\s{}])",
            r"\\mathrel{\\overset{\1}{\2}}",
        ),
        (r"\\(?:label|require)\{[^{}]*\}", ""),
        (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
        (r"\\begin\{(x?alignat|alignedat)(\*?)\}\{\d+\}", r"\\begin{\1\2}"),
        (rf"\\(begin|end)\{{({_STARRED})\}}", r"\\\1{\2*}"),
        (r"\\(begin|end)\{(?:x?alignat|flalign)\*\}", r"\\\1{align*}"),
        (r"\\(begin|end)\{alignedat\}", r"\\\1{aligned}"),
        (r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
        (r"\\(begin|end)\{([bBpvV]?matrix)\*\}(?:\[[lcr]\])?", r"\\\1{\2}"),
        (rf"\\substack\s*{_BRACES}", _stack),
        (rf"\\mathop\s*{_BRACES}\s*\\limits\s*_{_BRACES}", r"\\underset{\2}{\\mathop{\1}}"),
        (rf"(\\(?:text(?:bf|it|rm|sf|tt|normal)?|mbox))\s*{_BRACES}", _text),
        (r"\\unicode\{x([0-9a-fA-F]{1,5})\}", lambda m: chr(int(m[1], 16))),
    )
)
_NUMBERED = re.compile(rf"\\begin\{{(?:{_STARRED})\*\}}")


def plain(tex: str, *, display: bool) -> str:
    """A formula in the words of math-core."""
    if "\\" not in tex:
        return tex
    for pattern, to in _RULES:
        tex = pattern.sub(to, tex)
    if not display or _NUMBERED.search(tex):
        return tex
    if r"\tag" in tex:
        around = "equation*" if r"\begin" in tex or r"\\" not in tex else "gather*"
    elif r"\\" in tex and r"\begin" not in tex:
        around = "gathered"  # lines of their own, as MathJax shows them
    else:
        return tex
    return rf"\begin{{{around}}}{tex}\end{{{around}}}"


_DEFINITION = re.compile(
    rf"\\(?:(?:re|provide)?newcommand\*?\s*(?:\{{\\([A-Za-z]+)\}}|\\([A-Za-z]+))\s*(?:\[\d\])?"
    rf"|def\s*\\([A-Za-z]+)\s*(?:#\d)*)\s*{_BRACES}"
    rf"|\\DeclareMathOperator(\*?)\s*\{{\\([A-Za-z]+)\}}\s*{_BRACES}"
)


def definitions(tex: str) -> Iterator[tuple[str, str]]:
    r"""The commands that a formula defines for those behind it: `\newcommand{\R}{\mathbb R}`."""
    for match in _DEFINITION.finditer(tex) if "\\" in tex else ():
        if match[6]:
            yield match[6], rf"\operatorname{match[5]}{{{match[7]}}}"
        else:
            yield match[1] or match[2] or match[3], plain(match[4], display=False)


def without_definitions(tex: str) -> str:
    return _DEFINITION.sub("", tex) if "\\" in tex else tex
