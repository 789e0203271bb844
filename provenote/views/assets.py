"""Assets: the files of the vault that go into the site."""

from collections.abc import Iterator, Mapping

from provenote.model import Asset, Found, Link, Target, Vault
from provenote.paths import asset_url
from provenote.settings import Settings


def assets(vault: Vault, targets: Mapping[Link, Target], settings: Settings) -> Iterator[Asset]:
    """The files that a published note uses, and those that the settings name."""
    notes = set(vault.notes)
    used = {t.file for t in targets.values() if isinstance(t, Found)} - notes
    always = settings.published
    for file in dict.fromkeys((*vault.attachments, *vault.snippets)):
        has_page = settings.notebooks and file.path.endswith(".ipynb")
        if not has_page and (file in used or always.match_file(file.path)):
            yield Asset(asset_url(file.path), file.absolute)
