"""The lines of a block as rules read them."""

from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

INTERRUPTING: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
"""Says of a rule that its blocks need no blank line before them."""


def text(state: StateBlock, line: int) -> str:
    """A line without its indentation."""
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
