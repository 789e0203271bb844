"""Assets: the files of the vault that go into the site."""

from collections.abc import Container, Iterator, Mapping

from provenote.model import Asset, Found, Link, Target, Vault, VaultPath
from provenote.paths import asset_url
from provenote.settings import Settings


def assets(
    vault: Vault,
    targets: Mapping[Link, Target],
    pages: Container[VaultPath],
    settings: Settings,
) -> Iterator[Asset]:
    """The files that a published note uses, and those that the settings name, but no pages."""
    used = {target.file.shown for target in targets.values() if isinstance(target, Found)}
    always = settings.published
    for file in dict.fromkeys((*vault.attachments, *vault.snippets)):
        if file.path not in pages and (file.shown in used or always.match_file(file.path)):
            yield Asset(asset_url(file.path), file.absolute)
