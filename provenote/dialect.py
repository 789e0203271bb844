r"""The dialect of a vault: what its notes hold beyond Obsidian's own syntax."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple


class Maths(Enum):
    """What marks a formula."""

    DOLLARS = "dollars"
    """`$x$` within the text and `$$x$$` displayed: Obsidian's own."""
    BRACKETS = "brackets"
    r"""`\(x\)` within the text and `\[x\]` displayed: LaTeX's own, and scraped pages'."""
    AT_SIGNS = "at-signs"
    """`@x@` within the text and `@@x@@` displayed: some Jekyll sites'."""


class Included(NamedTuple):
    """What `--8<--` lines stand for."""

    text: str = ""
    files: tuple[str, ...] = ()
    """What the text is from, as paths relative to the project."""
    wrong: str = ""
    """Why there is no text."""


def _as_it_is(text: str) -> str:
    return text


def _nothing(text: str) -> Included:
    return Included(wrong="this host includes nothing")


def _any(file: str) -> bool:
    return True


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
    include: Callable[[str], Included] = _nothing
    """What `--8<--` lines stand for."""
    may_include: Callable[[str], bool] = _any
    """Whether the text of a file may be on a page, which that of an unpublished note may not."""
    appended: tuple[str, ...] = ()
    """`--8<--` lines that end every note, such as those of a glossary."""
    contents: range = range(1, 7)
    """Levels of the headings that stand in a table of contents."""
    highlight: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """How code is shown: the options of `pymdownx.highlight`."""


OBSIDIAN = Dialect()
"""What a vault is written in where nobody says otherwise."""
