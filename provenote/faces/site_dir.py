"""Writes a built site where it belongs, as a guest: only what changed, only what is ours."""

import filecmp
import shutil
from pathlib import Path

MANIFEST = ".provenote-site"
"""Lists the files that we wrote into a site's directory, so that only they are deleted."""


def foreign(target: Path) -> str:
    """Why `target` is not ours to write into; '' if it is."""
    if target.exists() and not target.is_dir():
        return f"{target} is a file, where a directory for the site is needed"
    if target.is_dir() and any(target.iterdir()) and _ours(target) is None:
        return (
            f"{target} holds files that provenote did not write and would mix with the site; "
            "name another directory with --site-dir"
        )
    return ""


def publish(built: Path, target: Path) -> None:
    """Make `target` hold what `built` holds; what others put there stays."""
    before = _ours(target) or set()
    now = _files(built)
    for path in before - now:
        (target / path).unlink()
        _remove_empty((target / path).parent, target)
    for path in sorted(now):
        _copy(built / path, target / path)
    _write(target / MANIFEST, "".join(f"{path}\n" for path in sorted(now)))


def _ours(target: Path) -> set[str] | None:
    """The files in `target` that we wrote; None if it is not known to be a site of ours."""
    manifest = target / MANIFEST
    if manifest.is_file():
        return set(manifest.read_text(encoding="utf-8").splitlines()) & _files(target)
    return _files(target) if _is_of_mkdocs(target) else None


def _is_of_mkdocs(target: Path) -> bool:
    page = target / "404.html"
    return page.is_file() and b'<meta name="generator" content="mkdocs-' in page.read_bytes()


def _files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, temporary)
    temporary.replace(target)


def _write(target: Path, text: str) -> None:
    temporary = target.with_name(f"{target.name}.new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(target)


def _remove_empty(directory: Path, root: Path) -> None:
    while directory != root and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent
