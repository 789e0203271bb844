"""Writes a built site where it belongs, as a guest: only what changed, only what is ours.

Where MkDocs writes by itself, it is kept from emptying the directory before.
"""

import filecmp
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from mkdocs import utils

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
    _remove(before - now, target)
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
    found: set[str] = set()
    for directory, inner, names in os.walk(root):
        inside = Path(directory).relative_to(root)
        links = [name for name in inner if Path(directory, name).is_symlink()]
        found.update((inside / name).as_posix() for name in (*names, *links))
    return found


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


def _remove(paths: Iterable[str], root: Path) -> None:
    """Remove files, and the directories that are empty without them."""
    for path in sorted(paths):
        with suppress(FileNotFoundError):  # another build is at it, too
            (root / path).unlink()
        with suppress(OSError):  # something else is in it
            for folder in PurePosixPath(path).parents[:-1]:
                (root / folder).rmdir()


class FormerSite:
    """The site of the last build, kept until its pages are written over.

    MkDocs empties a site's directory before it knows what will be in it. Where nothing has
    changed, making a thousand files and directories anew takes as long as all the rest of
    a build; and a build that stops early would leave no site.
    """

    def __init__(self) -> None:
        self._site_dir: Path | None = None
        self._clean: Callable[[str], None] | None = None
        self._kept: set[str] = set()

    def spare(self, site_dir: Path) -> None:
        """Let MkDocs not empty the directory."""
        self.spare_no_more()
        clean = utils.clean_directory
        self._site_dir, self._clean, self._kept = site_dir, clean, set()

        def clean_another(directory: str) -> None:
            if Path(directory) != site_dir:
                clean(directory)

        utils.clean_directory = clean_another

    def spare_no_more(self) -> None:
        """Let MkDocs empty what it likes; to say so once more does no harm."""
        if self._clean:
            utils.clean_directory = self._clean  # type: ignore[assignment]
            self._clean = None

    def clear(self, but: Iterable[str]) -> None:
        """Remove what MkDocs would have removed, save these pages, which it will write over."""
        if self._site_dir:
            found = {path for path in _files(self._site_dir) if not path.startswith(".")}
            pages = found.intersection(but)
            self._kept = {path for path in pages if _keep(self._site_dir / path)}
            _remove(found - self._kept, self._site_dir)
            (self._site_dir / MANIFEST).unlink(missing_ok=True)  # all of it will be MkDocs's

    def finish(self) -> None:
        """Remove what was kept of pages that were not written after all."""
        if self._site_dir:
            left = {path for path in self._kept if _is_kept(self._site_dir / path)}
            _remove(left, self._site_dir)


_KEPT = 333_333_332
"""The time of change, in 1980, of pages from the last build: whoever writes one changes it."""


def _keep(path: Path) -> bool:
    """Mark a page as kept, if to write over it changes nothing that has another name."""
    found = path.lstat()
    if S_ISREG(found.st_mode) and found.st_nlink == 1 and os.access(path, os.W_OK):
        with suppress(OSError):  # it is another person's
            os.utime(path, (_KEPT, _KEPT))
            return True
    return False


def _is_kept(path: Path) -> bool:
    return path.exists() and path.stat().st_mtime == _KEPT
