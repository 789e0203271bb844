"""Turns paths into addresses; nobody else does."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote

from provenote.model import Url, VaultFile, VaultPath

_INDEX = {"index", "readme"}
"""Names of notes that are the page of their folder, whatever their case."""
_FILES = re.compile(
    r"(?<![^/])(404|index|feed|sitemap|llms)\.(html|xml|xml\.gz|txt)(?![^/])", re.IGNORECASE
)
"""Files that a site has."""
_LONGEST = 200
"""Bytes of an address that a note asks for; file systems take names of 255."""


def fold(name: str) -> str:
    """A name as it is compared: in one Unicode form, without regard to case."""
    return unicodedata.normalize("NFC", name).casefold()


def stem(path: VaultPath) -> str:
    """A note's name: `Dying ReLU` for `relu/Dying ReLU.md`."""
    return posixpath.basename(path).removesuffix(".md")


def opens_folder(path: VaultPath) -> bool:
    """Whether a note is the page of its folder."""
    return stem(path).lower() in _INDEX


def addresses(notes: Iterable[VaultFile], *, directory_urls: bool) -> dict[VaultPath, Url]:
    """Give each note an address of its own.

    Spaces become dashes; everything else stays, percent-encoded. Where two notes
    would meet (`a b.md` and `a-b.md`), the one without spaces, then the first in
    order, has the plain address, and the others a number.
    """
    given: dict[VaultPath, Url] = {}
    taken: set[str] = set()
    for path in sorted((n.path for n in notes), key=lambda p: (_is_readme(p), " " in p, p)):
        base = _slug(path)
        name, number = base, 1
        while fold(name) in taken:
            number += 1
            name = f"{base or 'index'}-{number}"
        taken.add(fold(name))
        given[path] = page_url(name, directory_urls)
    return given


def asked(name: str, *, directory_urls: bool) -> Url | None:
    """The address that an alias or a permalink asks for; None where that is none.

    Written like a note's own: spaces become dashes, and so does what some file
    systems do not take.
    """
    parts = unicodedata.normalize("NFC", name).removesuffix(".html").split("/")
    clean = [re.sub(r'[\s\x00-\x1f\\:*?"<>|]+', "-", part.strip()) for part in parts]
    kept = _beside_files("/".join(part for part in clean if part.strip("-.")))
    if not kept or "://" in name or len(kept.encode()) > _LONGEST:
        return None
    return page_url(kept, directory_urls)


def folder_url(folder: str, *, directory_urls: bool) -> Url:
    """The address of a folder's page: the one that an `index.md` in it would have."""
    return page_url(
        _slug(VaultPath(f"{folder}/index.md" if folder else "index.md")), directory_urls
    )


def asset_url(path: VaultPath) -> Url:
    return Url(quote(path))


def note_url(path: VaultPath, directory_urls: bool) -> Url:
    """Where a host puts a note by itself: its page at its path, spaces and all."""
    if not path.endswith(".md"):
        return asset_url(path)
    folder, _, name = path.removesuffix(".md").rpartition("/")
    if name not in {"index", "README"}:
        return page_url(f"{folder}/{name}".lstrip("/"), directory_urls)
    return page_url(folder if directory_urls else f"{folder}/index".lstrip("/"), directory_urls)


def notebook_url(path: VaultPath, *, directory_urls: bool) -> Url:
    """Where mkdocs-jupyter puts the page of a notebook: at MkDocs' own address of it."""
    return page_url(path.removesuffix(".ipynb").removesuffix(".py"), directory_urls)


def file_path(url: Url) -> str:
    """Where the file of an address lies in the site's directory."""
    path = unquote(url)
    return path + "index.html" if path == "" or path.endswith("/") else path


def relative(target: Url, page: Url) -> str:
    """A link to `target` as it is written in `page`."""
    if target == page:
        return ""
    here, there = page.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return "../" * (len(here) - shared) + "/".join(there[shared:]) or "./"


def _is_readme(path: str) -> bool:
    return posixpath.basename(path).lower() == "readme.md"


def _slug(path: VaultPath) -> str:
    """The address without its ending: `relu/Dying-ReLU`; '' for the home page."""
    name = re.sub(r"\s+", "-", unicodedata.normalize("NFC", path).removesuffix(".md"))
    name = _beside_files(name)
    folder, _, last = name.rpartition("/")  # a canvas keeps its ending: it is no note's rival
    return folder if last.lower() in _INDEX else name


def _beside_files(name: str) -> str:
    """An address where no file of the site's own is: no directory can be `sitemap.xml`, too."""
    return _FILES.sub(r"\1-\2", name)


def page_url(name: str, directory_urls: bool) -> Url:
    """The address of a page of this name, `relu/dying`; '' is the home page's."""
    if directory_urls:
        return Url(quote(name + "/") if name else "")
    return Url(quote(name + ".html") if name else "index.html")
