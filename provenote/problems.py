"""What can be wrong with a vault, as values.

A room of the corridor never raises for something an author wrote: it returns a
`Problem` and goes on, so that one build reports everything at once. Exceptions
are for bugs of ours.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Code(Enum):
    """The name of a kind of problem, as printed behind its message."""

    NO_NOTES = "no-notes"
    """The vault holds no Markdown file."""
    NOT_UTF8 = "not-utf8"
    """A note is not UTF-8 text; the bytes that are not show as U+FFFD."""
    UNREADABLE = "unreadable"
    """A file of the vault cannot be read."""
    LARGE = "large"
    """A note is too large to be read as Markdown; its source is shown."""
    FRONT_MATTER = "front-matter"
    """A note's properties cannot all be read; those that can be still count."""
    SETTING = "setting"
    """A setting is unknown or has a value that it cannot have."""
    LINK_MISSING = "link-missing"
    """A link or embed names no note, file, heading or block."""
    LINK_UNPUBLISHED = "link-unpublished"
    """A link or embed leads to a note that is not published; its text stands there alone."""
    LINK_AMBIGUOUS = "link-ambiguous"
    """A link fits several notes; the one that Obsidian would open is taken."""
    EMBED_LOOP = "embed-loop"
    """A note embeds itself, directly or through others."""
    EMBED_LIMIT = "embed-limit"
    """A page embeds more notes, or deeper, than it can show; the rest are links."""
    DOUBLED_ADDRESS = "doubled-address"
    """Two files of the vault would be written to one address, or a note asks for an address
    that another has; the first has it."""
    CANVAS = "canvas"
    """A canvas is no JSON Canvas, or a part of it is not as that format says."""
    DOUBLED_BLOCK = "doubled-block"
    """A note gives one block id or one label of a figure twice; links lead to the first."""
    OPEN_COMMENT = "open-comment"
    """`%%` opens a comment that is not closed: readers see it, or nothing of what follows."""
    MATH = "math"
    """A formula that cannot be typeset; its source is shown instead."""
    QUERY = "query"
    """A query of Dataview or a base that is not understood, whose source is then shown; or one
    that asks for what only the file system knows."""
    DIAGRAM = "diagram"
    """A diagram that Mermaid does not understand; its source is shown instead."""
    OPTION = "option"
    """A snippet option is unknown or has a value that it cannot have."""
    SNIPPET_FAILED = "snippet-failed"
    """A snippet raised, did not compile, was stopped by a limit, or died."""
    MAGIC = "magic"
    """A notebook holds a line that IPython understands and Python does not; it is not run."""
    IRREPRODUCIBLE = "irreproducible"
    """A session gave other output when `provenote check --rerun` ran it again."""
    EXPECTED = "expected"
    """A cell gives other text than the `output` block below it says."""
    SCRIPTED = "scripted"
    """A value can only be drawn by a script, which pages leave out; its text is shown instead."""
    CELL_MISSING = "cell-missing"
    """An embed names a cell that its file does not have."""

    ORPHAN = "orphan"
    """Nothing links to a note. Advice."""
    UNUSED = "unused"
    """No published note uses an attachment, which is therefore not published. Advice."""
    NO_ALT = "no-alt"
    """An image has no text for those who do not see it. Advice."""
    VOLATILE = "volatile"
    """A snippet reads the clock, the network or randomness without a seed, so that its output is
    that of one run; it is stored like any other. Or a query reads the clock. Advice."""
    AMBIGUOUS_HEADING = "ambiguous-heading"
    """A link names a heading that its note has several times; it leads to the first. Advice."""

    @property
    def advice(self) -> bool:
        """Whether this is no problem, only what `provenote check` tells besides."""
        return self in {
            Code.ORPHAN,
            Code.UNUSED,
            Code.NO_ALT,
            Code.VOLATILE,
            Code.AMBIGUOUS_HEADING,
        }

    @property
    def breaks_build(self) -> bool:
        """Whether the build ends with exit 1 even when it is not strict."""
        return self in {
            Code.SNIPPET_FAILED,
            Code.SETTING,
            Code.MAGIC,
            Code.EXPECTED,
            Code.IRREPRODUCIBLE,
        }


class Place(NamedTuple):
    """Where in which file: what an editor opens at a click."""

    path: str
    """Relative to the project's directory, with forward slashes: `docs/relu/dying.md`."""
    line: int = 0
    """Counted from 1; 0 stands for the whole file."""
    column: int = 0
    """Counted from 1, in characters; 0 stands for the whole line."""
    cell: int = 0
    """A notebook's code cell, counted as `In [3]` is; its lines are counted from its top."""

    @property
    def order(self) -> tuple[str, int, int, int]:
        """What places are sorted by: one cell is read before the next."""
        return self.path, self.cell, self.line, self.column

    def __str__(self) -> str:
        cell = [f"cell {self.cell}"] if self.cell else []
        return ":".join([self.path, *cell, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, said to the person who wrote the note."""

    code: Code
    place: Place
    text: str
    """What was found, quoted, and what was expected; no final full stop."""
    guess: str = ""
    """What the author probably meant, or an example that is right."""
    detail: str = ""
    """Further lines, such as a traceback cut to the author's own frames."""

    def __str__(self) -> str:
        guess = f"; {self.guess}" if self.guess else ""
        detail = "".join(f"\n    {line}" for line in self.detail.splitlines())
        return f"{self.place}: {self.text}{guess} ({self.code.value}){detail}"


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort by place, once each."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda p: (p.place.order, p.code.value, p.text)))


def cannot_read(path: str, error: Exception, kind: str = "") -> Problem:
    """What is said of a file that cannot be read, or not as what it should be: ` as Python`."""
    why = (isinstance(error, OSError) and error.strerror) or error  # which names no path again
    return Problem(Code.UNREADABLE, Place(path), f"cannot be read{kind}: {why}")


def nearest(wanted: str, names: Iterable[str]) -> str:
    """Guess which of `names` was meant by `wanted`; '' if none is near."""
    folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(wanted.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""
