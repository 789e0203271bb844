"""Maths: `$x$` within the text and `$$x$$` displayed, typeset as MathML at build.

No script runs in the reader's browser, and a formula that cannot be typeset is
known when the site is built: its token carries `error` and the offset of it.
"""

import re
from functools import lru_cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from math_core import LatexError, LatexToMathML

from provenote.syntax import lines, open_marks, tex


def plugin(md: MarkdownIt) -> None:
    md.block.ruler.before("fence", "math_block", _block, lines.INTERRUPTING)
    md.inline.ruler.before("escape", "math_inline", _inline)
    md.core.ruler.after("inline", "typeset", _typeset)
    md.add_render_rule("math_inline", _render)
    md.add_render_rule("math_block", _render)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A formula that fills its lines, blank ones included.

    Where text stands behind the closing mark, the formula is a part of a paragraph.
    """
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin) or state.is_code_block(start):
        return False
    if open_marks.closes(state, start, "$$"):
        return False
    parts: list[str] = []
    for line in range(start, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return False
        first = begin + 2 if line == start else state.bMarks[line]
        text = state.src[first : state.eMarks[line]]
        content, mark, rest = text.partition("$$")
        parts.append(content)
        if mark:
            break
    if not mark or rest.strip() or not "".join(parts).strip():
        return False
    if not silent:
        token = state.push("math_block", "math", 0)
        token.block = True
        token.content = "\n".join(parts)
        token.map = [start, line + 1]
        token.markup = "$$"
        state.line = line + 1
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    """`$x$` as Obsidian reads it: `$5 and $6` or `$ 5` is money.

    A single dollar opens before a character and closes behind one, no digit following;
    a backtick between them is code's: "$6, or `$x`" is money and code.
    """
    src, start = state.src, state.pos
    if src[start] != "$":
        return False
    mark = "$$" if src.startswith("$$", start) else "$"
    end = _closing(src, start + len(mark), state.posMax, mark)
    content = src[start + len(mark) : end]
    if end < 0 or not content.strip():
        return False
    if mark == "$" and (
        content[0].isspace()
        or content[-1].isspace()
        or src[end + 1 : end + 2].isdigit()
        or "`" in content
    ):
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content
        token.markup = mark
        token.meta = {"pos": start + len(mark)}
    state.pos = end + len(mark)
    return True


def _closing(src: str, start: int, stop: int, mark: str) -> int:
    """Where the next mark stands that no backslash escapes; -1 if nowhere."""
    end = src.find(mark, start, stop)
    while end > 0 and src[end - 1] == "\\":
        end = src.find(mark, end + 1, stop)
    return end


# Fonts draw primes raised already; as a superscript they would be raised twice.
_PRIME = re.compile("<mo>([′″‴⁗])</mo>")
# A sign behind `&` continues the line, as TeX has it; a browser takes it for a number's own.
_CONTINUED = re.compile('(?<=padding-left: 0;"><mo)(?=>[+−±∓]</mo>)')
# Browsers break a line between a formula and what touches it, even before a full stop.
_TOUCHED = re.compile(r"[(\[“‘]?<math>[^<]*(?:<(?!/math>)[^<]*)*</math>[-.,:;!?)\]’”…]+")


Macros = tuple[tuple[str, str], ...]
"""Commands that the formulas before have defined, and what they stand for."""
_MOST = 200
"""How many definitions one note may have."""


@lru_cache(maxsize=256)
def _converter(macros: Macros = ()) -> LatexToMathML:
    """Knows the definitions that can be read; one that cannot is told where it is used."""
    try:
        return LatexToMathML(fancy_error=False, macros={**tex.MACROS, **dict(macros)})
    except LatexError:
        return _converter(macros[:-1])


def _typeset(state: StateCore) -> None:
    macros: Macros = ()
    for token in state.tokens:
        for part in (token, *(token.children or ())):
            if part.type in {"math_inline", "math_block"}:
                macros = (*macros, *tex.definitions(part.content))[:_MOST]
                _convert(part, macros)


def _convert(token: Token, macros: Macros) -> None:
    display = token.type == "math_block" or token.markup == "$$"
    said = tex.plain(tex.without_definitions(token.content), display=display)
    try:
        token.meta["mathml"] = _mathml(said, display=display, macros=macros)
    except LatexError as error:
        offset, _, text = str(error).partition(": ")
        at = int(offset) if offset.isdigit() else 0
        token.meta["error"] = text.strip().rstrip(".")
        token.meta["offset"] = at if said == token.content else _found(token.content, said[at:])


def _found(formula: str, rest: str) -> int:
    """Where in a formula stands what has been read otherwise; its start where it is not there."""
    return max(formula.find(rest[:8]), 0) if rest else len(formula)


_DEEPEST = 200
"""Levels of a formula: math-core has no bound, and ends the process where its stack does."""


_UNCLOSED = 12
"""Brackets that a formula leaves open: for each more math-core takes twice as long."""


def _mathml(said: str, *, display: bool, macros: Macros = ()) -> str:
    if tex.depth(said) > _DEEPEST:
        raise LatexError(f"0: It is nested more than {_DEEPEST} deep")
    if tex.unclosed(said) > _UNCLOSED:
        raise LatexError(f"0: It opens more than {_UNCLOSED} brackets that nothing closes")
    mathml = _converter(macros).convert_with_local_state(said, displaystyle=display)
    mathml = tex.spelt(mathml)
    return _CONTINUED.sub(' form="infix"', _PRIME.sub(r'<mo class="pn-prime">\1</mo>', mathml))


# What no formula is looked for in, tags, and formulas between what is left.
_IN_HTML = re.compile(
    r"<(pre|code|script|style|textarea|svg)\b.*?</\1>|<[^>]*>"
    r"|\$\$(?P<display>[^$<]+)\$\$|\$(?P<inline>[^$<\s](?:[^$<\n]*[^$<\s\\])?)\$(?!\d)",
    re.DOTALL,
)


def typeset_html(html: str) -> str:
    """Typeset the formulas of a page that another program made, such as a notebook's."""

    def formula(match: re.Match[str]) -> str:
        formula, display = match["display"] or match["inline"], bool(match["display"])
        if formula is None:
            return match[0]
        try:
            said = tex.plain(unescape(formula), display=display)
            return _framed(_mathml(said, display=display))
        except LatexError:
            return match[0]

    return kept(_IN_HTML.sub(formula, html))


def _render(
    self: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return rendered(tokens[index])


def rendered(token: Token) -> str:
    """A formula's MathML, or its source where it cannot be typeset."""
    mathml: str | None = token.meta.get("mathml")
    if mathml is None:
        return f'<code class="pn-unresolved">{escapeHtml(token.content.strip())}</code>'
    return _framed(mathml)


def kept(html: str) -> str:
    """HTML in which no formula parts from the marks that touch it."""
    if "</math>" not in html:
        return html
    return _TOUCHED.sub(r'<span class="pn-kept">\g<0></span>', html)


def _framed(mathml: str) -> str:
    """Wide formulas scroll on their own rather than push the page sideways."""
    if 'display="block"' in mathml:
        return f'<span class="pn-math" tabindex="0">{mathml}</span>'
    return mathml
