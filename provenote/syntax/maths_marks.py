r"""Other marks of formulas: `\(x\)` and `\[x\]`, `@x@` and `@@x@@`."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.utils import EnvType

from provenote.dialect import Maths
from provenote.syntax import lines


class _Marks(NamedTuple):
    opening: str
    closing: str
    display: bool
    wordless: bool = False
    """Neither mark touches a word outside: `me@example.org` and `@you` are no formulas."""


_MARKS = {
    Maths.BRACKETS: (_Marks("\\[", "\\]", True), _Marks("\\(", "\\)", False)),
    Maths.AT_SIGNS: (_Marks("@@", "@@", True, True), _Marks("@", "@", False, True)),
}


def plugin(md: MarkdownIt, chosen: Collection[Maths]) -> None:
    """Read the marks that a vault uses; `maths` typesets what they hold."""
    if Maths.DOLLARS not in chosen:
        md.disable(["math_block", "math_inline"])
    if Maths.AT_SIGNS in chosen:
        md.disable("reference")  # `@fig-x` would open a formula
    for maths in _MARKS.keys() & chosen:
        for marks in _MARKS[maths]:
            name = f"math {marks.opening}"
            md.inline.ruler.before("escape", name, _inline(marks))
            if marks.display:
                md.block.ruler.before("fence", name, _block(marks), lines.INTERRUPTING)


def _block(marks: _Marks) -> Callable[[StateBlock, int, int, bool], bool]:
    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        """A displayed formula that fills all of its lines."""
        if state.is_code_block(start) or not lines.text(state, start).startswith(marks.opening):
            return False
        stop = _last_line(state, start, end, marks) + 1
        written = state.getLines(start, stop, state.blkIndent, False).strip()
        if not stop or not written.endswith(marks.closing):
            return False  # text that follows leaves it to the inline rule
        if not silent:
            token = state.push("math_block", "math", 0)
            token.content = written[len(marks.opening) : -len(marks.closing)]
            token.map = [start, stop]
            token.markup = marks.opening
            token.block = True
            state.line = stop
        return True

    return rule


def _last_line(state: StateBlock, start: int, end: int, marks: _Marks) -> int:
    """The line of the closing mark, before any blank line; -1 if there is none."""
    known, key = _unclosed(state.env), (state.src, marks.closing)
    if start < known.get(key, 0):  # looked for already, from further up
        return -1
    line = start
    while line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        if marks.closing in lines.text(state, line)[len(marks.opening) if line == start else 0 :]:
            return line
        line += 1
    known[key] = line
    return -1


def _unclosed(env: EnvType) -> dict[tuple[str, str], int]:
    """Where a closing mark was looked for in vain, by text and mark, so that none is twice."""
    unclosed: dict[tuple[str, str], int] = env.setdefault("unclosed", {})
    return unclosed


def _inline(marks: _Marks) -> Callable[[StateInline, bool], bool]:
    def rule(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(marks.opening, state.pos):
            return False
        begin = state.pos + len(marks.opening)
        end = _closing(state, begin, marks)
        content = state.src[begin:end]
        if end < 0 or (marks.wordless and not _stands_alone(state, content, marks)):
            return False
        if not silent:
            token = state.push("math_inline", "math", 0)
            token.content = content
            token.markup = "$$" if marks.display else "$"
            token.meta = {"pos": begin}
        state.pos = end + len(marks.closing)
        return True

    return rule


def _closing(state: StateInline, begin: int, marks: _Marks) -> int:
    known, key = _unclosed(state.env), (state.src, marks.closing)
    if begin >= known.get(key, len(state.src)):
        return -1
    end = state.src.find(marks.closing, begin)
    if end < 0:
        known[key] = begin
    return end if end + len(marks.closing) <= state.posMax else -1


def _stands_alone(state: StateInline, content: str, marks: _Marks) -> bool:
    before = state.src[max(0, state.pos - 1) : state.pos]
    behind = state.src[state.pos + len(marks.opening + content + marks.closing) :][:1]
    touches = before.isalnum() or behind.isalnum() or "@" in {before, behind}
    if not content.strip() or touches or "`" in content:
        return False
    return marks.display or not (content[0].isspace() or content[-1].isspace() or "\n" in content)
