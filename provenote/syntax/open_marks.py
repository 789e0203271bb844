"""Marks that a paragraph has opened: `text %%` and `where $$`, closed at the start of a line."""

import re

from markdown_it.rules_block import StateBlock

_NEXT = {
    mark: re.compile(rf"\\.|(`+)(?!`).*?(?<!`)\1(?!`)|{re.escape(mark)}") for mark in ("%%", "$$")
}


def closes(state: StateBlock, line: int, mark: str) -> bool:
    """Whether the mark that starts a line closes what the paragraph above it has opened.

    Then it opens no block: the line is the paragraph's.
    """
    if state.parentType != "paragraph":
        return False
    key = (state.src, state.line, mark)
    # Whether the mark is open before each line, so that no line is looked through twice.
    known: list[bool] = state.env.setdefault("open_marks", {}).setdefault(key, [False])
    while len(known) <= line - state.line:
        above = state.line + len(known) - 1
        known.append(
            _is_open(state.src[state.bMarks[above] : state.eMarks[above]], mark, known[-1])
        )
    return known[line - state.line]


def _is_open(text: str, mark: str, before: bool) -> bool:
    at, is_open = 0, before
    while True:
        if is_open:
            at = text.find(mark, at)
            if at < 0:
                return True
            at, is_open = at + len(mark), False
        match = _NEXT[mark].search(text, at)
        if not match:
            return False
        at, is_open = match.end(), match[0] == mark
