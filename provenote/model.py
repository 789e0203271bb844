"""Every type that passes from room to room: the vocabulary of the program.

Nouns are frozen dataclasses, or named tuples where a vault has tens of thousands
that are looked up; the verbs that make them are functions in the
rooms (`vault.scan`, `notes.parse`, `links.resolve`, `snippets.plan`, `run.run`,
`pages.write`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, NewType

from markdown_it.token import Token

from provenote.problems import Place, Problem

VaultPath = NewType("VaultPath", str)
"""A file's path relative to its vault, with forward slashes: `relu/dying.md`."""
Url = NewType("Url", str)
"""An address relative to the site's root, percent-encoded: `relu/dying/`; the home page is ``."""
Anchor = NewType("Anchor", str)
"""The id of an element of a page."""
SessionId = NewType("SessionId", str)
"""Names a session: `docs/relu/dying.md`, `docs/relu/dying.md#other`, `snippets/dying_relu.py`."""


# ---------------------------------------------------------------- the vault


@dataclass(frozen=True)
class VaultFile:
    """One file of the vault, or of the snippets directory beside it."""

    path: VaultPath
    absolute: Path
    shown: str
    """The path as problems print it: relative to the project, `docs/relu/dying.md`."""


@dataclass(frozen=True)
class Vault:
    """What a directory of notes holds, before any of it is read."""

    notes: tuple[VaultFile, ...]
    attachments: tuple[VaultFile, ...]
    """Every other file: images, PDFs, notebooks, data."""
    snippets: tuple[VaultFile, ...]
    """Python files that a note may embed; `path` is relative to the project."""


# -------------------------------------------------------------------- notes


class Link(NamedTuple):
    """A wikilink, an embed, or a Markdown link into the vault, as written."""

    place: Place
    written: str
    """The source text without comments, for messages: `[[Dyng ReLU#Causes|why]]`."""
    target: str
    """The name or path before `#`; empty for the note itself."""
    fragment: str = ""
    """What follows the first `#`: a heading path `A#B`, or `^block-id`."""
    text: str = ""
    """What follows `|` (display text, or an image's alt text and size); empty if not given."""
    embed: bool = False
    context: str = ""
    """The sentence around it, as HTML of words and formulas."""


class Heading(NamedTuple):
    """A heading of a note."""

    text: str
    """As plain text, without markup."""
    html: str
    """As it stands in the table of contents: HTML of words and formulas."""
    written: str
    """As it stands in the source, which is what Obsidian compares a link with."""
    level: int
    anchor: Anchor
    place: Place
    start: int
    """Index of its `heading_open` token in `Note.tokens`."""


class Block(NamedTuple):
    """A part of a note that a block id names: `^like-this`."""

    id: str
    anchor: Anchor
    place: Place
    start: int
    """Its tokens are `Note.tokens[start:stop]`."""
    stop: int


class Tag(NamedTuple):
    """A tag, in the text or in the properties, without its `#`."""

    name: str
    place: Place


@dataclass(frozen=True)
class Option:
    """One thing that an author says about a cell: `#| label: fig-x`."""

    name: str
    value: str | tuple[str, ...] | None
    """A text, or a list of them; None for anything else, which no option takes."""
    place: Place


@dataclass(frozen=True)
class Fence:
    """A fenced code block, or an inline `{python}` value."""

    info: str
    """The info string: `python run session=other`; empty for an inline value."""
    code: str
    """Without the option lines, where it runs."""
    place: Place
    """Where its first line of code stands."""
    opened: Place
    """Where the fence opens."""
    options: tuple[Option, ...] = ()
    """What its first line and its option lines say, if it runs."""
    captions: tuple[Token, ...] = ()
    """Its captions as inline tokens."""
    inline: bool = False
    """An expression in prose."""
    indent: int = 0
    """How many characters stand before the code in its lines: marks of quotes, spaces of lists."""
    output_of: Place | None = None
    """The place of the cell right above whose output it says."""

    def at(self, line: int, column: int) -> Place:
        """Where a line and column of the code, both counted from 1, are in the note."""
        where = self.indent + column if column else 0
        return Place(self.place.path, self.place.line + line - 1, where)


@dataclass(frozen=True)
class Card:
    """A question and its answer: a `[!question]` callout with a block id."""

    id: str
    question: str
    """The callout's title as plain text."""
    tags: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Image:
    """An image that a note shows, the vault's own or from elsewhere."""

    place: Place
    written: str
    """The source text: `![[kink.png|300]]`, `![](kink.png)`."""
    source: str
    """Its name or address."""
    text: str
    """Its alt text, or its size behind that."""
    link: Link | None = None
    """The link that it is, where it is the vault's own."""


@dataclass(frozen=True)
class Note:
    """A note, read: what it says of itself and what it points to."""

    file: VaultFile
    title: str
    properties: Mapping[str, Any]
    """By name; `aliases`, `tags` and `cssclasses` are lists, however they are written."""
    tokens: Sequence[Token]
    """The markdown-it stream that `pages` renders; nobody changes it."""
    headings: tuple[Heading, ...] = ()
    blocks: tuple[Block, ...] = ()
    anchors: tuple[str, ...] = ()
    """Ids that Obsidian does not know of and the page has: in raw HTML, and of headings that
    stand in a callout, a quote or a list."""
    links: tuple[Link, ...] = ()
    tags: tuple[Tag, ...] = ()
    fences: tuple[Fence, ...] = ()
    cards: tuple[Card, ...] = ()
    images: tuple[Image, ...] = ()
    problems: tuple[Problem, ...] = ()
    digest: str = ""
    """What tells it from every other text read in another way; empty where nobody asks."""

    @property
    def path(self) -> VaultPath:
        return self.file.path

    @property
    def opens_with_title(self) -> bool:
        """Whether its text begins with its `h1`."""
        first = self.headings[0] if self.headings else None
        return first is not None and (first.start, first.level) == (0, 1)

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other names that the note gives itself."""
        return tuple(map(str, self.properties.get("aliases", ())))


# ----------------------------------------------------------------- canvases


@dataclass(frozen=True)
class CanvasNode:
    """A card of a canvas, or a group of cards, where the author put it."""

    id: str
    x: float
    y: float
    width: float
    height: float
    color: str = ""
    """`1` to `6` for the presets of JSON Canvas, or `#rrggbb`; empty for none."""
    group: bool = False
    label: str = ""
    """A group's name."""
    note: Note | None = None
    """A text card's text, read as a note is."""
    link: Link | None = None
    """The file that a card shows, or a group's background."""
    address: str = ""
    """The web page that a card points to."""


@dataclass(frozen=True)
class CanvasEdge:
    """A line between two cards."""

    source: CanvasNode
    target: CanvasNode
    source_side: str = ""
    """`top`, `right`, `bottom` or `left`; empty where the nearest will do."""
    target_side: str = ""
    source_arrow: bool = False
    target_arrow: bool = True
    color: str = ""
    label: str = ""


@dataclass(frozen=True)
class Canvas:
    """What a `.canvas` file draws; it is the one token of a Note of its own."""

    nodes: tuple[CanvasNode, ...] = ()
    edges: tuple[CanvasEdge, ...] = ()
    broken: str = ""
    """Why nothing of it can be read."""


# ---------------------------------------------------------------- notebooks


@dataclass(frozen=True)
class Notebook:
    """A notebook, read: an `.ipynb` file, or a Python file in the percent format."""

    file: VaultFile
    document: Mapping[str, Any]
    """As nbformat 4 has it, each cell's source in one piece; nobody changes it."""
    places: tuple[Place, ...]
    """Where the source of each of its cells begins."""
    python: bool = True
    """Whether its language is Python; others are shown as they were saved."""


@dataclass(frozen=True)
class NotebookPage:
    """A notebook for another plugin of the host to make a page of."""

    source: VaultPath
    file: Path
    content: str | None
    """The notebook with the outputs of its run, as JSON; None for the file as it is."""
    backlinks: str
    """HTML to stand below it: what links to it."""


# -------------------------------------------------------------------- links


class Found(NamedTuple):
    """Where a link leads."""

    file: VaultFile
    fragment: Heading | Block | str | None = None
    """The heading or block in it; a cell's name in a snippet file; anything else as written."""
    name: str = ""
    """What of the link names the file, if more than what stands before `#`: `C# notes`."""


@dataclass(frozen=True)
class Missing:
    """A link that leads nowhere, with the reason as a problem."""

    problem: Problem
    file: VaultFile | None = None
    """The note that it names, where only the heading or block is not in it."""


Target = Found | Missing


class Backlink(NamedTuple):
    """A note that links to another, seen from that one."""

    source: VaultPath
    title: str
    """That note's."""
    contexts: tuple[str, ...]
    """The sentences around its links, each once, as `Link.context`."""


# ----------------------------------------------------------------- snippets


class Show(Enum):
    """How a cell's source is shown on the page."""

    OPEN = "open"
    FOLDED = "folded"
    UNFOLDED = "unfolded"
    """It can be folded, and is not at first."""
    HIDDEN = "hidden"


@dataclass(frozen=True)
class CellOptions:
    """What `#|` lines say about one cell; the option's name is the field's with a dash."""

    label: str = ""
    """Anchor of the cell's figure, to link to as `[[#fig-sigmoid]]`."""
    fig_cap: tuple[str, ...] = ()
    """Caption under the cell's figure; a list of them for several figures."""
    fig_alt: tuple[str, ...] = ()
    """What the figure shows, for those who do not see it; a list for several."""
    tbl_cap: tuple[str, ...] = ()
    """Caption above the cell's table; a list of them for several tables."""
    fig_format: str = "svg"
    """What figures are drawn as: `svg`, `png` or `webp`."""
    show: Show = Show.OPEN
    """From `echo: false` (hidden) and `code-fold: true` (folded)."""
    code_summary: str = ""
    """What stands above source that is folded: by default `Code`."""
    output: bool = True
    """Whether what the cell gives is shown; `asis` shows what it prints as Markdown."""
    asis: bool = False
    """Whether what the cell prints is Markdown."""
    eval: bool = True
    """Whether the cell runs at all."""
    error: bool = False
    """The cell is expected to raise; not raising is then the failure."""
    warning: bool = True
    """Whether what the cell writes to stderr is shown."""


@dataclass(frozen=True)
class Cell:
    """One unit of a session: a fence, a percent cell of a file, or an inline value."""

    place: Place
    """Where its first line of source stands."""
    source: str
    """The code as written, without its option lines."""
    begins: Place
    """Where it begins: with its option lines, if it has any."""
    name: str = ""
    """The title of a percent cell: `plot` for `# %% plot`."""
    options: CellOptions = field(default_factory=CellOptions)
    inline: bool = False
    """An expression whose value stands in the prose."""
    indent: int = 0
    """How many characters stand before the code in its lines."""
    expected: Fence | None = None
    """The block below it that says what it prints."""


@dataclass(frozen=True)
class Session:
    """Cells that share a namespace and run in one process, top to bottom."""

    id: SessionId
    file: Path
    """The note or script; `__file__` while it runs."""
    cells: tuple[Cell, ...]
    script: bool = False
    """A `.py` file, which runs as `__main__`."""
    directory: Path | None = None
    """Where it runs; None for a scratch directory of its own."""
    timeout: float = 60.0
    """Seconds of wall time that the whole session may take."""
    memory: int = 2**31
    """Bytes of address space beyond what the server holds when it forks."""
    depends: tuple[Path, ...] = ()
    """Files that the author says it depends on, besides what it is seen to read."""
    env: tuple[str, ...] = ()
    """Variables of the environment that it sees."""
    seed: int = 0
    """What Python's `random` and NumPy's global generator start from."""
    network: bool = False
    """Whether it may use the network."""
    skip: str = ""
    """Why it does not run."""
    slow: bool = False
    """Whether tests may leave it out."""


@dataclass(frozen=True)
class Figure:
    """A figure or a table that a label names."""

    anchor: Anchor
    name: str
    """What links to it read: `Figure 1`."""


@dataclass(frozen=True)
class Plan:
    """What there is to run, and where its results belong."""

    sessions: tuple[Session, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Stream:
    """Text that a cell wrote."""

    name: str
    """`stdout` or `stderr`."""
    text: str


@dataclass(frozen=True)
class Display:
    """A value or a figure, as a MIME bundle."""

    data: Mapping[str, str]
    """MIME type -> text; binary types in base64, as in Jupyter's protocol."""


@dataclass(frozen=True)
class Failure:
    """An exception, a limit, or a death."""

    place: Place
    """The author's line."""
    cause: str
    """One line: `ZeroDivisionError: division by zero`, `no end after 60 s`."""
    traceback: str = ""
    """Python's own, cut to the author's frames."""


Output = Stream | Display | Failure


@dataclass(frozen=True)
class Volatile:
    """Something that a session read and that the next run may find otherwise."""

    place: Place
    what: str
    """`time.time`, `randomness without a seed`, `the network`."""


@dataclass(frozen=True)
class Result:
    """What running a session gave."""

    session: SessionId
    outputs: tuple[tuple[Output, ...], ...]
    """One tuple a cell, in order; cells after a failure have none."""
    failure: Failure | None = None
    """Why the session counts as failed; an expected exception is none."""
    seconds: float = 0.0
    """Wall time of the run that gave it."""
    depends: tuple[Path, ...] = ()
    """Local files it read: modules and data, for live reload to watch."""
    stored: bool = False
    """Whether it came from the store."""
    volatile: tuple[Volatile, ...] = ()
    """Why another run may give something else."""


# -------------------------------------------------------------------- pages


class TocEntry(NamedTuple):
    """A line of a page's table of contents."""

    title: str
    """As HTML of words and formulas."""
    anchor: Anchor
    level: int
    children: tuple["TocEntry", ...] = ()


@dataclass(frozen=True)
class Page:
    """A page's body; a host wraps it in a theme."""

    source: VaultPath
    """The note it shows, or the path of a note that would give this address."""
    url: Url
    title: str
    body: str
    """HTML, with its `h1`."""
    toc: tuple[TocEntry, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    file: Path | None = None
    """The note on disk; None for a page that the program makes up."""
    listed: bool = True
    """Whether it stands in the site's navigation."""


@dataclass(frozen=True)
class Asset:
    """A file that goes into the site as it is."""

    url: Url
    content: Path | bytes


@dataclass(frozen=True)
class Site:
    """Everything a host needs to write a site."""

    pages: Sequence[Page]
    assets: Sequence[Asset]
    problems: Sequence[Problem]
    """All of them, in order."""
    advice: Sequence[Problem] = ()
    """What is not wrong but may be forgotten, in order."""
    notebooks: Sequence[NotebookPage] = ()
    """What another plugin of the host makes pages of."""
    feed: Url | None = None
    """The asset that feed readers subscribe to; None if there is none."""
    watch: Sequence[Path] = ()
    """Files outside the vault whose change means building again."""
