"""The lines of a block as rules read them."""

from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

INTERRUPTING: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
"""Says of a rule that its blocks need no blank line before them."""


def text(state: StateBlock, line: int) -> str:
    """A line without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


_UNCLOSED = "unclosed"
"""Key in a state's environment, by mark, of lines among which it does not stand alone."""


def closing(state: StateBlock, start: int, end: int, mark: str) -> int:
    """The line below `start` that is this mark alone, in the same item; `start` if there is none.

    That there is none is remembered, so that openings in a row take linear time.
    """
    first, last = state.env.setdefault(_UNCLOSED, {}).get(mark, (0, 0))
    if first <= start < last:
        return start
    for line in range(start + 1, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            end = line
            break
        if text(state, line) == mark:
            return line
    state.env[_UNCLOSED][mark] = start, end
    return start


def read(state: StateBlock, start: int, stop: int, kind: str) -> None:
    """Read lines as blocks of their own, within a block of this kind."""
    before = state.parentType, state.lineMax
    state.parentType, state.lineMax = kind, stop
    state.md.block.tokenize(state, start, stop)
    state.parentType, state.lineMax = before
