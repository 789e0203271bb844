"""Assets: the files of the vault that go into the site."""

import posixpath
import re
from collections.abc import Container, Iterator, Mapping, Set
from urllib.parse import unquote

from provenote.model import Asset, Found, Link, Target, Vault, VaultFile, VaultPath
from provenote.paths import asset_url
from provenote.settings import Settings


def assets(vault: Vault, used: Container[str], pages: Container[VaultPath]) -> Iterator[Asset]:
    """The files that go into the site and are no pages."""
    for file in dict.fromkeys((*vault.attachments, *vault.snippets)):
        if file.path not in pages and file.shown in used:
            yield Asset(asset_url(file.path), file.absolute)


def used(vault: Vault, targets: Mapping[Link, Target], settings: Settings) -> Set[str]:
    """What a published note uses or the settings name, and what style sheets among it name."""
    found = {target.file.shown for target in targets.values() if isinstance(target, Found)}
    files, always = (*vault.attachments, *vault.snippets), settings.published
    found |= {file.shown for file in files if always.match_file(file.path)}
    sheets = (file for file in files if file.path.endswith(".css") and file.shown in found)
    named = {path for sheet in sheets for path in _named(sheet)}
    return found | {file.shown for file in vault.attachments if file.path in named}


_ADDRESS = re.compile(r"""(?:\burl\(|@import)\s*["']?([^"'()?#\s]+)""", re.IGNORECASE)


def _named(sheet: VaultFile) -> Iterator[VaultPath]:
    """What a style sheet names in the vault: fonts and images."""
    try:
        text = sheet.absolute.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it is told of where it is copied
        return
    for match in _ADDRESS.finditer(text):
        path = posixpath.join(posixpath.dirname(sheet.path), unquote(match[1]))
        yield VaultPath(posixpath.normpath(path))
