r"""TeX as notes have it, made for MathJax: what math-core lacks is said in words that it has.

MathJax numbers no formula by itself in Obsidian, so that `align` is `align*` here, too.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from provenote.halves import joined
from provenote.syntax.chemistry import in_tex

MACROS: Mapping[str, str] = {
    **dict.fromkeys(("tiny", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"), ""),
    **dict.fromkeys(("Tiny", "scriptsize", "footnotesize", "strut", "hfil", "hfill"), ""),
    **dict.fromkeys(("dotsb", "dotsi", "dotsm"), r"\cdots"),
    **dict.fromkeys(("dotsc", "dotso", "hdots"), r"\ldots"),
    **dict.fromkeys(("smash", "rlap", "llap", "mathrlap", "mathllap", "mathclap"), "#1"),
    **dict.fromkeys(("lefteqn", "mathtip", "texttip", "vcenter"), "#1"),
    **dict.fromkeys(("class", "colorbox", "cssId", "data", "enclose", "href", "style"), "#2"),
    **dict.fromkeys(("longrightleftharpoons", "longRightleftharpoons"), r"\rightleftharpoons"),
    **dict.fromkeys(("mathup", "symup"), r"\mathrm{#1}"),
    **dict.fromkeys(("intop", "smallint"), r"\int"),
    **dict.fromkeys(("hbox", "mbox", "textnormal", "textup"), r"\text{#1}"),
    "LaTeX": r"\text{LaTeX}",
    "TeX": r"\text{TeX}",
    "cancelto": r"\cancel{#2}^{#1}",
    "celsius": r"{}^\circ\mathrm{C}",
    "centerdot": r"\cdot",
    "centernot": r"\not",
    "dag": r"\dagger",
    "ddag": r"\ddagger",
    "enskip": r"\enspace",
    "fcolorbox": "#3",
    "ketbra": r"\ket{#1}\bra{#2}",
    "longLeftrightharpoons": r"\leftrightharpoons",
    "longleftrightarrows": r"\leftrightarrows",
    "mathbfit": r"\boldsymbol{#1}",
    "mathbfup": r"\mathbf{#1}",
    "mathds": r"\mathbb{#1}",
    "mathnormal": "#1",
    "micro": r"\mu",
    "nshortmid": r"\nmid",
    "ohm": r"\Omega",
    "pmb": r"\boldsymbol{#1}",
    "scr": r"\mathscr{#1}",
    "shortmid": r"\mid",
    "shortparallel": r"\parallel",
    "smallfrown": r"\frown",
    "smallsetminus": r"\setminus",
    "smallsmile": r"\smile",
    "stackbin": r"\overset{#1}{#2}",
    "thickapprox": r"\approx",
    "thicksim": r"\sim",
    "utilde": r"\underset{\sim}{#1}",
    "varinjlim": r"\underrightarrow{\lim}",
    "varliminf": r"\underline{\lim}",
    "varlimsup": r"\overline{\lim}",
    "varprojlim": r"\underleftarrow{\lim}",
    "varpropto": r"\propto",
    "wideparen": r"\overparen{#1}",
    "widetilde": r"\overset{\sim}{#1}",
}
"""Commands that math-core does not know, in terms of those that it does."""
CHARACTERS: Mapping[str, str] = {
    "∅": r"\varnothing ",
    "√": r"\surd ",
    "∠": r"\angle ",
    "∡": r"\measuredangle ",
    "∢": r"\sphericalangle ",
    "∴": r"\therefore ",
    "∵": r"\because ",
    "⊤": r"\top ",
    "⊥": r"\bot ",
}
"""Characters likewise; within a text, it takes them."""

_BRACES = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_TEXT = r"\\(?:text(?:bf|it|rm|sf|tt|normal|up)?|[hm]box)"
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


def _operator(match: re.Match[str]) -> str:
    """A name that is no plain text stands in a formula of its own."""
    if not re.search(r"\\[A-Za-z]|[{_^]", match[2]):
        return match[0]
    return rf"\mathop{{\mathrm{{{match[2]}}}}}" + match[1].replace("*", r"\limits")


def _tag(match: re.Match[str]) -> str:
    """A tag may hold any character: what math-core does not read in it is spelt."""
    text = re.sub(r"\\([_&#%$])", r"\1", match[2].replace("$", ""))
    told = re.sub(r"[^\w .,:;()*\\-]|[^\x00-\x7f]|_", lambda m: f"U+{ord(m[0]):X};", text)
    return rf"\tag{match[1]}{{{told}}}"


def _columns(match: re.Match[str]) -> str:
    """An array with what math-core knows of its columns: how they are aligned, and lines."""
    columns = re.sub(r"\*\s*\{(\d)\}\s*\{([^{}]*)\}", lambda m: int(m[1]) * m[2], match[1])
    columns = re.sub(rf"[@!<>]\s*{_BRACES}", "", columns)
    columns = re.sub(rf"[pmb]\s*{_BRACES}", "l", columns)
    columns = re.sub(r"[^clr|:]", "", columns) or "c"
    return rf"\begin{{array}}{{{columns}}}"


def _character(number: str) -> str:
    return joined(chr(int(number, 16)))


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
        (r"(\\begin\{(?:aligned|alignedat|array|gathered|split)\})\s*\[[tbc]\]", r"\1"),
        (rf"\\begin\{{array\}}\s*{_BRACES}", _columns),
        (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
        (r"\\begin\{(x?alignat|alignedat)(\*?)\}\{\d+\}", r"\\begin{\1\2}"),
        (rf"\\(begin|end)\{{({_STARRED})\}}", r"\\\1{\2*}"),
        (r"\\(begin|end)\{(?:x?alignat|flalign)\*\}", r"\\\1{align*}"),
        (r"\\(begin|end)\{alignedat\}", r"\\\1{aligned}"),
        (r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}"),
        (r"\\end\{eqnarray\*?\}", r"\\end{array}"),
        (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
        (r"\\(begin|end)\{([bBpvV]?matrix)\*\}(?:\[[lcr]\])?", r"\\\1{\2}"),
        (rf"\\([bBpvV]?matrix|cases)\s*{_BRACES}", r"\\begin{\1}\2\\end{\1}"),
        (r"\\cr\b", r"\\\\"),
        (r"\\\\\*?(?:\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?", r"\\\\"),  # how far the next row is
        (r"\\\\\s*(?=\\end\b|\}|\Z)", ""),  # a last row that is none
        (r"\\bbox\s*(?:\[[^\[\]]*\])?", ""),
        (r"(\\(?:left|right|middle|[bB]igg?[lrm]?)\s*)<", r"\1\\langle "),
        (r"(\\(?:left|right|middle|[bB]igg?[lrm]?)\s*)>", r"\1\\rangle "),
        (rf"\\substack\s*{_BRACES}", _stack),
        (rf"\\operatorname(\*?)\s*{_BRACES}", _operator),
        (r"\\tag(\*?)\s*\{([^{}]*)\}", _tag),
        (r"(\\(?!(?:operatorname|tag|[hv]space)\*)[A-Za-z]+)\*", r"\1 *"),
        (r"'\s+\^", "'^"),
        (rf"\\mathop\s*{_BRACES}\s*\\limits\s*_{_BRACES}", r"\\underset{\2}{\\mathop{\1}}"),
        (rf"({_TEXT})\s*{_BRACES}", _text),
        (rf"{_TEXT}{_BRACES}|[{''.join(CHARACTERS)}]", lambda m: CHARACTERS.get(m[0], m[0])),
        (r"\\unicode\{x([0-9a-fA-F]{1,5})\}", lambda m: _character(m[1])),
    )
)
_NUMBERED = re.compile(rf"\\(?:begin|end)\{{(?:{_STARRED})\*\}}")
_OUTER = re.compile(r"\\(begin|end)\{(align|gather)\*\}")


_NEST = re.compile(
    r"(?P<open>\{|\\(?:left|begin)(?![A-Za-z]))|(?P<close>\}|\\(?:right|end)(?![A-Za-z]))"
    r"|(?P<command>\\[A-Za-z]+)|\\.|[^\s\\\[]",
    re.DOTALL,
)


def depth(formula: str) -> int:
    """How deep a formula is nested at most: in groups, and in commands that wait for a part."""
    opened, waiting, deepest = [0], 0, 0
    for step in _NEST.finditer(formula):
        if step["command"]:
            waiting += 1
        elif step["open"]:
            opened.append(opened[-1] + waiting + 1)
            waiting = 0
        else:
            waiting = 0
            if step["close"] and len(opened) > 1:
                opened.pop()
        deepest = max(deepest, opened[-1] + waiting)
    return deepest


_BRACKET = re.compile(
    r"\\(?:left|right)(?![A-Za-z])|(?P<open>[(\[]|\\(?:\{|l(?:angle|brace|brack|ceil|floor)))"
    r"|(?P<close>[)\]]|\\(?:\}|r(?:angle|brace|brack|ceil|floor)))|\\."
)


def unclosed(formula: str) -> int:
    """How many brackets a formula opens and never closes, of whatever kind."""
    opened = 0
    for bracket in _BRACKET.finditer(formula):
        opened = opened + 1 if bracket["open"] else max(opened - bool(bracket["close"]), 0)
    return opened


def plain(tex: str, *, display: bool) -> str:
    """A formula in the words of math-core."""
    if "\\" not in tex and tex.isascii():
        return tex
    for pattern, to in _RULES:
        tex = pattern.sub(to, tex)
    if not display:
        return tex
    numbered = [match.start() for match in _NUMBERED.finditer(tex)]
    tag = tex.rfind(r"\tag")
    if tag >= 0 and not (numbered and numbered[0] < tag < numbered[-1]):
        tex = _OUTER.sub(r"\\\1{\2ed}", tex)  # the tag is of the formula around
        around = "equation*" if r"\begin" in tex or r"\\" not in tex else "gather*"
    elif r"\\" in tex and r"\begin" not in tex:
        around = "gathered"  # lines of their own, as MathJax shows them
    else:
        return tex
    return rf"\begin{{{around}}}{tex}\end{{{around}}}"


def spelt(mathml: str) -> str:
    """MathML with the letters that were spelt for math-core."""
    return _SPELT.sub(lambda match: escape(_character(match[1])), mathml)


_SPELT = re.compile(r"U\+([0-9A-F]{2,5});")


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
