"""Which modules Python would find in a directory."""

from importlib.machinery import all_suffixes
from pathlib import Path

SUFFIXES = tuple(all_suffixes())
"""What the file name of a module ends in: `.py`, `.abi3.so`, ..."""


def modules(folder: Path) -> frozenset[str]:
    """The modules and packages in a directory; one without `__init__.py` shadows nothing."""
    try:
        found = list(folder.iterdir())
    except OSError:
        return frozenset()
    files = {
        path.name.removesuffix(suffix)
        for path in found
        for suffix in SUFFIXES
        if path.name.endswith(suffix)
    }
    folders = {path.name for path in found if "." not in path.name and _is_package(path)}
    return frozenset(files | folders)


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file()


def candidates(folder: Path, names: frozenset[str], module: str) -> str:
    """Of the names in a directory, those that a module can come from."""
    found = [module + suffix for suffix in SUFFIXES if module + suffix in names]
    if module in names:
        found.append(f"{module}/__init__.py" if _is_package(folder / module) else f"{module}/")
    return " ".join(found)
