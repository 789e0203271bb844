"""Bases: a `.base` file (https://help.obsidian.md/bases/syntax) -> a Note.

A base is a note like another to all that links, lists and publishes: a heading for each of
its views, and below it a fence that holds the query.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import yaml
from markdown_it.token import Token

from provenote import yaml_text
from provenote.dialect import OBSIDIAN, Dialect
from provenote.model import Fence, Note, Vault, VaultFile, VaultPath
from provenote.notes import read_headings
from provenote.problems import Place, cannot_read
from provenote.source import Spot
from provenote.syntax.headings import give_anchors

LANGUAGE = "base"
"""What a fence is opened with that holds a base."""
VIEW = "view="
"""Follows it where the fence stands for one of the views, counted from 1."""
_SUFFIX = ".base"
_MOST = 5000
"""How many parts a base may have: YAML can name one in many places, or within itself."""


def is_base(path: VaultPath) -> bool:
    return path.endswith(_SUFFIX)


def files(vault: Vault) -> list[VaultFile]:
    """The bases among a vault's files."""
    return [file for file in vault.attachments if is_base(file.path)]


def unreadable(file: VaultFile, error: OSError) -> Note:
    """A base of which nothing is known but its name."""
    problem = cannot_read(file.shown, error)
    return Note(file, title=_title(file), properties={}, tokens=(), problems=(problem,))


def from_bytes(file: VaultFile, raw: bytes, dialect: Dialect = OBSIDIAN) -> Note:
    """The base that a file holds; whether it makes sense is seen when it is answered."""
    code = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    place = Place(file.shown, 1)
    names = view_names(code)
    fences = [
        Fence(f"{LANGUAGE} {VIEW}{number}", code, place, place)
        for number in range(1, len(names) + 1)
    ]
    tokens: list[Token] = []
    for name, fence in zip(names, fences, strict=True):
        tokens += [*_heading(name), _fence(fence)]
    if not fences:
        fences = [Fence(LANGUAGE, code, place, place)]
        tokens = [_fence(fences[0])]
    give_anchors(tokens)
    return Note(
        file=file,
        title=_title(file),
        properties={},
        tokens=tuple(tokens),
        headings=read_headings(tokens, Spot(place)),
        fences=tuple(fences),
    )


def _title(file: VaultFile) -> str:
    return file.path.rpartition("/")[2].removesuffix(_SUFFIX)


def load(code: str) -> Any:
    """What a base says, as YAML; raises yaml.YAMLError."""
    said = yaml_text.load(code)
    parts = sum(1 for _ in islice(_parts(said), _MOST + 1))
    if parts > _MOST:
        raise yaml.YAMLError(f"it has more than {_MOST} parts")
    return said


def _parts(said: Any) -> Iterator[Any]:
    """All that a base says, whatever is named within itself."""
    around = [iter([said])]
    while around:
        for part in around[-1]:
            yield part
            inner = part.values() if isinstance(part, dict) else part
            around.append(iter(inner if isinstance(part, dict | list) else ()))
            break
        else:
            around.pop()


def view_names(code: str) -> list[str]:
    """The names of a base's views, in their order; none where it cannot be read."""
    try:
        said = load(code)
    except yaml.YAMLError:
        return []
    views = said.get("views") if isinstance(said, dict) else None
    if not isinstance(views, list):
        return []
    return [view_name(view, number) for number, view in enumerate(views, start=1)]


def view_name(view: Any, number: int) -> str:
    given = view.get("name") if isinstance(view, dict) else None
    return str(given or f"View {number}")


def _heading(name: str) -> list[Token]:
    words = Token("text", "", 0, content=name)
    return [
        Token("heading_open", "h2", 1, block=True, map=[0, 1]),
        Token("inline", "", 0, content=name, children=[words], level=1, map=[0, 1]),
        Token("heading_close", "h2", -1, block=True),
    ]


def _fence(fence: Fence) -> Token:
    return Token("fence", "code", 0, content=fence.code, info=LANGUAGE, meta={"fence": fence})
