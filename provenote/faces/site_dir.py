"""Writes a built site where it belongs, as a guest: only what changed, only what is ours."""

import filecmp
import shutil
from contextlib import suppress
from pathlib import Path

MANIFEST = ".provenote-site"
"""Lists the files that we wrote into a site's directory, so that only they are deleted."""
STAGE = ".provenote-new"
"""Holds the files of a site until they are all there."""


def foreign(target: Path) -> str:
    """Why `target` is not ours to write into; '' if it is."""
    if target.exists() and not target.is_dir():
        return f"{target} is a file, where a directory for the site is needed"
    others = target.is_dir() and any(path.name != STAGE for path in target.iterdir())
    if others and _ours(target) is None:
        return (
            f"{target} holds files that provenote did not write and would mix with the site; "
            "name another directory with --site-dir"
        )
    return ""


def publish(built: Path, target: Path) -> None:
    """Make `target` hold what `built` holds; what others put there stays.

    Everything is copied beside the site before the first of its files changes: where that
    fails, or is interrupted, the site is the old one.
    """
    stage = target / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    is_new = not target.exists()
    before, now = _ours(target) or set(), _files(built)
    changed = [path for path in sorted(now) if not _is_same(built / path, target / path)]
    try:
        target.mkdir(parents=True, exist_ok=True)
        for path in changed:
            _copy(built / path, stage / path)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        if is_new:
            with suppress(OSError):
                target.rmdir()
        raise
    _list(target, before | now)  # whatever happens now, all of it is known to be ours
    for path in before - now:
        (target / path).unlink()
        _remove_empty((target / path).parent, target)
    for path in changed:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).replace(target / path)
    _list(target, now)
    shutil.rmtree(stage, ignore_errors=True)


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


def _is_same(source: Path, target: Path) -> bool:
    return target.is_file() and filecmp.cmp(source, target, shallow=False)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _list(target: Path, paths: set[str]) -> None:
    """Write the manifest."""
    temporary = target / f"{MANIFEST}.new"
    temporary.write_text("".join(f"{path}\n" for path in sorted(paths)), encoding="utf-8")
    temporary.replace(target / MANIFEST)


def _remove_empty(directory: Path, root: Path) -> None:
    while directory != root and not any(directory.iterdir()):
        directory.rmdir()
        directory = directory.parent
