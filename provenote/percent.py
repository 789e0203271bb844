"""The percent format: a Python file cut into cells by `# %% name` comments."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from provenote.model import VaultFile

_PERCENT = re.compile(r"# ?%%(?P<title>.*)$")
_TITLE_EXTRA = re.compile(r"\[\w+\]|\w+=(\[[^\]]*\]|\"[^\"]*\"|'[^']*'|\S+)")
_TAGS = re.compile(r"\btags=(\[[^\]]*\])")
_TAG = re.compile(r"[\w-]+")
_PROSE = re.compile(r"\[(?:markdown|md|raw)\]")


@dataclass(frozen=True)
class Part:
    """A cell of a file."""

    line: int
    """Of the file, where its text begins."""
    text: str
    name: str = ""
    prose: bool = False
    """Whether it is `[markdown]`, in comments or in a string."""
    tags: tuple[str, ...] = ()
    """What Jupytext writes behind the name: `tags=["hide-input"]`."""


def read(file: VaultFile) -> str:
    """A script's text, in the encoding that it declares.

    Raises: OSError, SyntaxError for an unknown encoding, UnicodeDecodeError.
    """
    data = file.absolute.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    try:
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except LookupError as error:  # it is one of bytes or of texts, such as rot13
        raise SyntaxError(str(error)) from error


def cells(source: str) -> Iterator[Part]:
    """Each cell that holds anything but prose."""
    return (one for one in parts(source) if not one.prose)


@lru_cache(maxsize=1024)  # links and snippets both ask, and a served site builds again
def parts(source: str) -> tuple[Part, ...]:
    """Each cell that holds anything."""
    return tuple(_parts(source))


def _parts(source: str) -> Iterator[Part]:
    lines = io.StringIO(source).readlines()  # a form feed ends none
    start, title = 1, ""
    for line, next_title in [*_markers(source), (len(lines) + 1, "")]:
        text = "".join(lines[start - 1 : line - 1])
        if text.strip():
            name = _TITLE_EXTRA.sub("", title).strip()
            prose = bool(_PROSE.search(title))
            yield Part(start, text, name, prose, tuple(_TAG.findall("".join(_TAGS.findall(title)))))
        start, title = line + 1, next_title


def is_percent(source: str) -> bool:
    """Whether any `# %%` opens a cell."""
    return bool(_markers(source))


def _markers(source: str) -> list[tuple[int, str]]:
    """The line and title of each `# %%` comment; one inside a string is text."""
    try:
        comments = [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT and token.start[1] == 0
        ]
    except (tokenize.TokenError, SyntaxError):  # the run will say what is wrong with it
        comments = list(enumerate(source.splitlines(), 1))
    found = ((line, _PERCENT.match(text)) for line, text in comments)
    return [(line, match["title"]) for line, match in found if match]
