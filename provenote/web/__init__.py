"""What the reader's browser gets beside the pages; nothing comes from elsewhere."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from provenote.model import Asset, Url

ROOT = "assets/provenote"
"""Where these files lie in the site."""
STYLESHEETS = tuple(Url(f"{ROOT}/{name}.css") for name in ("provenote", "site", "canvas"))
"""What each page links to."""


def assets() -> list[Asset]:
    """Every file under `static`."""
    static = files(__name__) / "static"
    return [
        Asset(Url(f"{ROOT}/{path}"), Path(str(static / path))) for path in sorted(_within(static))
    ]


def _within(directory: Traversable, prefix: str = "") -> list[str]:
    found: list[str] = []
    for entry in directory.iterdir():
        name = prefix + entry.name
        found += _within(entry, name + "/") if entry.is_dir() else [name]
    return found
