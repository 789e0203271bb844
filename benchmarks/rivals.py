"""The other tools, in a virtual environment of their own."""

import os
import subprocess
import sys
import venv
from pathlib import Path

HOME = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / f"provenote-benchmarks-{sys.version_info.major}.{sys.version_info.minor}"
)
PYTHON = HOME / "bin" / "python"

_PACKAGES = (
    *("numpy", "matplotlib"),
    *("mkdocs<2", "mkdocs-material>=9.6,<10", "markdown-exec"),
    *("sphinx", "myst-nb", "jupyter-cache"),
    *("sphinx-gallery", "joblib"),
)
_SHOWN = ("numpy", "matplotlib", "mkdocs", "markdown-exec", "sphinx", "myst-nb", "sphinx-gallery")


def install() -> None:
    """Make the environment if it is not there; delete `HOME` to have it made anew."""
    if not (HOME / "ready").exists():
        print(f"installing the other tools in {HOME}", file=sys.stderr)
        venv.create(HOME, clear=True, with_pip=True)
        _pip("install", "--quiet", "--disable-pip-version-check", *_PACKAGES)
        (HOME / "ready").touch()


def versions() -> str:
    """What is compared with, for the record."""
    lines = _pip("freeze").lower().splitlines()
    found = dict(line.split("==") for line in lines if "==" in line)
    return ", ".join(f"{name} {found[name]}" for name in _SHOWN if name in found)


def _pip(*arguments: str) -> str:
    command = [str(PYTHON), "-m", "pip", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
