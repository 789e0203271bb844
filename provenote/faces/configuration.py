"""The MkDocs configuration of a vault: its mkdocs.yml, or one made in memory."""

import io
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from provenote.faces.site_dir import MANIFEST
from provenote.vault import ending_in

_NAMES = ("mkdocs.yml", "mkdocs.yaml")

_THEME = {
    "name": "material",
    "font": False,  # a reader's browser asks nobody else for anything
    "features": [
        "content.code.copy",
        "navigation.indexes",
        "navigation.instant",
        "navigation.prune",  # the whole tree in every page would grow with its square
        "navigation.top",
        "search.highlight",
        "search.suggest",
        "toc.follow",
    ],
    "palette": [
        {
            "media": "(prefers-color-scheme: light)",
            "scheme": "default",
            "toggle": {"icon": "material/weather-night", "name": "Dark mode"},
        },
        {
            "media": "(prefers-color-scheme: dark)",
            "scheme": "slate",
            "toggle": {"icon": "material/weather-sunny", "name": "Light mode"},
        },
    ],
}


class _Memory(io.BytesIO):
    """A configuration that MkDocs may read again after closing it, as it does in `serve`."""

    def close(self) -> None:
        pass


def file_in(directory: Path) -> Path | None:
    """The mkdocs.yml of a directory, if it has one."""
    return next((directory / name for name in _NAMES if (directory / name).is_file()), None)


def source(vault: Path, site_dir: Path) -> dict[str, Any]:
    """What MkDocs' `load_config` and `serve` need to find a vault's configuration.

    Where there is no mkdocs.yml, sites may lie in the vault; they are no part of it.
    """
    file = file_in(vault)
    if file is not None:
        return {"config_file": str(file)}
    text = yaml.safe_dump(_made_up(vault.absolute(), site_dir.absolute()))
    # MkDocs takes no vault that lies beside its mkdocs.yml; here there is none.
    return {"config_file": _Memory(text.encode()), "config_file_path": ""}


def _made_up(vault: Path, site_dir: Path) -> Mapping[str, Any]:
    sites = {site_dir, *(manifest.parent for manifest in vault.glob(f"*/{MANIFEST}"))}
    inside = sorted(path.relative_to(vault) for path in sites if path.is_relative_to(vault))
    ignored = [f"/{path.as_posix()}/" for path in inside]
    plugins: list[Any] = ["search", {"provenote": {"ignore": ignored}}]
    if find_spec("mkdocs_jupyter") and any(ending_in(".ipynb", vault)):
        plugins.append({"mkdocs-jupyter": {"include": ["*.ipynb"]}})
    return {
        "site_name": vault.resolve().name or "Notes",
        "docs_dir": str(vault),
        "site_dir": f"{vault}.site",  # never written to: `build` and `serve` set another
        "theme": _THEME,
        "plugins": plugins,
    }
