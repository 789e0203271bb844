"""Small vaults for queries, built without running anything."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from provenote.build import build
from provenote.model import Site
from provenote.settings import Settings


def site_of(vault: Mapping[str, str]) -> Site:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in vault.items():
            (root / path).write_bytes(text.encode())
        return build(Settings(project=root, vault=root, run=False))
