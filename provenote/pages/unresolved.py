"""What stands on a page for a link or an embed that leads nowhere."""

from collections.abc import Iterable
from html import escape

from provenote.model import Link, Missing, VaultPath
from provenote.paths import stem
from provenote.problems import Code, Problem, nearest


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
        return unpublished(tag)
    title = escape(target.problem.text)
    return f'<{tag} class="pn-unresolved" title="{title}">{not_found(link)}</{tag}>'


def unpublished(tag: str) -> str:
    """What a reader is told in the place of what is not published."""
    return f'<{tag} class="pn-unpublished">Not published</{tag}>'


def not_found(link: Link) -> str:
    """What a reader is told in the place of an embed."""
    return f"“{escape(label(link))}” is missing"


def label(link: Link) -> str:
    """What a link names, without its marks: `Note > Part`."""
    parts = f"{link.target.lstrip('/')}#{link.fragment}".split("#")
    return " > ".join(part for part in map(str.strip, parts) if part)


def no_cell(link: Link, file: str, names: Iterable[str]) -> Problem:
    """An embed names a cell that its file does not have."""
    named = [name for name in names if name]
    near = nearest(link.fragment, named)
    guess = f"nearest: '{near}'" if near else f"its cells are {', '.join(named) or 'unnamed'}"
    text = f"{link.written}: '{file}' has no such cell"
    return Problem(Code.CELL_MISSING, link.place, text, guess)


def loop(link: Link, around: Iterable[VaultPath]) -> Problem:
    """A note embeds itself, through those around the link."""
    chain = " → ".join(map(stem, around))
    text = f"{link.written} embeds the note that it stands in: {chain}"
    return Problem(Code.EMBED_LOOP, link.place, text)


def too_many(link: Link, most: int, deepest: int) -> Problem:
    """A page embeds more than it can show."""
    text = (
        f"{link.written} is shown as a link: a page embeds at most {most} notes, "
        f"{deepest} within one another"
    )
    return Problem(Code.EMBED_LIMIT, link.place, text, "link to it: without `!`")
