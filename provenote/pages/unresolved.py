"""What stands on a page for a link or an embed that leads nowhere."""

from html import escape

from provenote.model import Link, Missing
from provenote.problems import Code


def is_unpublished(target: Missing) -> bool:
    return target.problem.code is Code.LINK_UNPUBLISHED


def unresolved(target: Missing, html: str) -> str:
    """The text of a link that leads nowhere; nothing tells it from text if it led to a secret."""
    if is_unpublished(target):
        return html
    return f'<span class="pn-unresolved" title="{escape(target.problem.text)}">{html}</span>'


def missing(link: Link, target: Missing, *, block: bool) -> str:
    """What stands for an embed of nothing."""
    tag = "p" if block else "span"
    if is_unpublished(target):
        return f'<{tag} class="pn-unpublished">Not published</{tag}>'
    title, written = escape(target.problem.text), escape(link.written)
    return f'<{tag} class="pn-unresolved" title="{title}">{written} is missing</{tag}>'
