"""Where in its block a link, an image, inline code or HTML stands: markdown-it does not say."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick, html_inline, image
from mdit_py_plugins.footnote.index import footnote_inline

from provenote.syntax.footnotes import link

Rule = Callable[[StateInline, bool], bool]


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("link", _noted(_closable(link)))
    md.inline.ruler.at("image", _noted(_closable(image)))
    md.inline.ruler.at("backticks", _noted(backtick))
    md.inline.ruler.at("html_inline", _noted(html_inline))
    md.inline.ruler.at("footnote_inline", _noted(_closable(footnote_inline)))


_LAST = -1
"""Key in a state's cache, beside positions: where its last bracket closes."""


def _closable(rule: Rule) -> Rule:
    """The rule, which looks for a closing bracket at each opening one, where there is one."""

    def closable(state: StateInline, silent: bool) -> bool:
        if _LAST not in state.cache:
            state.cache[_LAST] = state.src.rfind("]")
        return state.pos < state.cache[_LAST] and rule(state, silent)

    return closable


def _noted(rule: Rule) -> Rule:
    """The rule, with the source and its offset left on the token that it pushes first."""

    def noted(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent and len(state.tokens) > before:
            text_first = state.tokens[before].type == "text"  # what stood before it
            token = state.tokens[before + text_first]
            token.meta = {**token.meta, "pos": start, "written": state.src[start : state.pos]}
        return True

    return noted
