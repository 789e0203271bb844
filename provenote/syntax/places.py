"""Where in its block a link, an image, inline code or HTML stands: markdown-it does not say."""

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, backtick, html_inline, image, link
from mdit_py_plugins.footnote.index import footnote_inline

Rule = Callable[[StateInline, bool], bool]


def plugin(md: MarkdownIt) -> None:
    md.inline.ruler.at("link", _noted(link))
    md.inline.ruler.at("image", _noted(image))
    md.inline.ruler.at("backticks", _noted(backtick))
    md.inline.ruler.at("html_inline", _noted(html_inline))
    md.inline.ruler.at("footnote_inline", _noted(footnote_inline))


def _noted(rule: Rule) -> Rule:
    """The rule, with the source and its offset left on the token that it pushes first."""

    def noted(state: StateInline, silent: bool) -> bool:
        start = state.pos
        first = len(state.tokens) + bool(state.pending)
        if not rule(state, silent):
            return False
        if not silent and first < len(state.tokens):
            token = state.tokens[first]
            token.meta = {**token.meta, "pos": start, "written": state.src[start : state.pos]}
        return True

    return noted
