"""What live reload has to watch: the vault, the snippets, and what snippets read."""

from collections.abc import Iterator
from pathlib import Path

from provenote.model import Site
from provenote.settings import Settings


def watched(settings: Settings, site: Site) -> Iterator[tuple[Path, bool]]:
    """Paths to watch, and whether what lies below them is meant too.

    Hidden directories and those that a build writes to are left out: a change there
    would build again, which would write there again.
    """
    for root in (settings.vault, settings.snippets_dir):
        if root.is_dir():
            yield root, False
            yield from ((child, True) for child in _visible(root, settings))
    yield from ((path, False) for path in site.watch if path.exists())


def _visible(root: Path, settings: Settings) -> list[Path]:
    written = {settings.store_dir, *settings.exclude}
    return sorted(
        child
        for child in root.iterdir()
        if child.is_dir() and not child.name.startswith(".") and child not in written
    )
