"""Marks of two equal signs on either side: `==highlighted, also across *formatting*==`."""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter


def plugin(md: MarkdownIt, sign: str, tag: str) -> None:
    """Read what stands between two of the sign and two more as an element of this tag."""

    def tokenize(state: StateInline, silent: bool) -> bool:
        if silent or not state.src.startswith(2 * sign, state.pos):
            return False
        scanned = state.scanDelims(state.pos, True)
        token = state.push("text", "", 0)
        token.content = sign * scanned.length
        state.pos += scanned.length
        if scanned.length != 2:  # a row of signs is text
            return True
        state.delimiters.append(
            Delimiter(
                marker=ord(sign),
                length=0,  # no "rule of 3", which is for * and _ alone
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
        return True

    def post_process(state: StateInline) -> None:
        pair(state, state.delimiters)
        for meta in state.tokens_meta:
            if meta and "delimiters" in meta:
                pair(state, meta["delimiters"])

    def pair(state: StateInline, delimiters: list[Delimiter]) -> None:
        for opening in delimiters:
            if opening.marker != ord(sign) or opening.end == -1:
                continue
            closing = delimiters[opening.end]
            for token, kind, nesting in (
                (state.tokens[opening.token], f"{tag}_open", 1),
                (state.tokens[closing.token], f"{tag}_close", -1),
            ):
                token.type, token.tag, token.content = kind, tag, ""
                token.nesting = 1 if nesting == 1 else -1
                token.markup = 2 * sign

    md.inline.ruler.before("emphasis", tag, tokenize)
    md.inline.ruler2.before("emphasis", tag, post_process)
