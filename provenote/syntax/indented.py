"""Blocks whose content is indented by four columns below a line that opens them."""

from markdown_it.rules_block import StateBlock

_INDENT = 4


def opens(state: StateBlock, line: int) -> bool:
    """Whether a block may open in this line: it is no code, and not too deep."""
    return not state.is_code_block(line) and state.level + 4 < state.md.options["maxNesting"]


def end(state: StateBlock, start: int, last: int) -> int:
    """The line behind the content of the block that opens at `start`."""
    stop = start + 1
    for line in range(start + 1, last):
        if state.isEmpty(line):
            continue
        if state.sCount[line] < state.sCount[start] + _INDENT:
            break
        stop = line + 1
    return stop


def read(state: StateBlock, start: int, stop: int) -> None:
    """Read the content of the block that opens at `start`, as blocks of its own."""
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax = "indented", stop
    state.blkIndent = state.sCount[start] + _INDENT
    state.md.block.tokenize(state, start + 1, stop)
    state.parentType, state.lineMax, state.blkIndent = before
    state.line = stop
