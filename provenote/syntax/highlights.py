"""Highlights: `==marked, also across *formatting*==`."""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.before("emphasis", "highlight", _tokenize)
    md.inline.ruler2.before("emphasis", "highlight", _post_process)


def _tokenize(state: StateInline, silent: bool) -> bool:
    if silent or not state.src.startswith("==", state.pos):
        return False
    scanned = state.scanDelims(state.pos, True)
    token = state.push("text", "", 0)
    token.content = "=" * scanned.length
    state.pos += scanned.length
    if scanned.length != 2:  # a row of equal signs is text
        return True
    state.delimiters.append(
        Delimiter(
            marker=ord("="),
            length=0,  # no "rule of 3", which is for * and _ alone
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
    )
    return True


def _post_process(state: StateInline) -> None:
    _pair(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state, meta["delimiters"])


def _pair(state: StateInline, delimiters: list[Delimiter]) -> None:
    for opening in delimiters:
        if opening.marker != ord("=") or opening.end == -1:
            continue
        closing = delimiters[opening.end]
        for token, kind, nesting in (
            (state.tokens[opening.token], "mark_open", 1),
            (state.tokens[closing.token], "mark_close", -1),
        ):
            token.type, token.tag, token.content = kind, "mark", ""
            token.nesting = 1 if nesting == 1 else -1
            token.markup = "=="
