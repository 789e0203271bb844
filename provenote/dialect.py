r"""The dialect of a vault: what its notes hold beyond Obsidian's own syntax."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Maths(Enum):
    """What marks a formula."""

    DOLLARS = "dollars"
    """`$x$` within the text and `$$x$$` displayed: Obsidian's own."""
    BRACKETS = "brackets"
    r"""`\(x\)` within the text and `\[x\]` displayed: LaTeX's own, and scraped pages'."""
    AT_SIGNS = "at-signs"
    """`@x@` within the text and `@@x@@` displayed: some Jekyll sites'."""


def _as_it_is(text: str) -> str:
    return text


def _nothing(text: str) -> str | None:
    return None


@dataclass(frozen=True)
class Dialect:
    """What the parser reads besides CommonMark and Obsidian's constructs."""

    maths: tuple[Maths, ...] = (Maths.DOLLARS,)
    extensions: frozenset[str] = frozenset()
    """Python-Markdown extensions that the site is configured with, whose syntax counts:
    `admonition`, `pymdownx.tabbed`."""
    convert: Callable[[str], str] = _as_it_is
    """Python-Markdown's HTML of what has no parts of ours in it: an icon, a key. What it
    does not know comes back as it is."""
    include: Callable[[str], str | None] = _nothing
    """The text that `--8<--` lines stand for; None where their file is not there."""


OBSIDIAN = Dialect()
"""What a vault is written in where nobody says otherwise."""
