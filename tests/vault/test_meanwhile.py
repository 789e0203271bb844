"""Whatever changes in a vault while it is read: its site is there."""

import builtins
import errno
import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from provenote.build import build
from provenote.problems import Code
from provenote.settings import Settings
from tests.test_cases import write

Act = Callable[[Path], None]

QUERY = "```dataview\nTABLE file.size\n```\n"
VAULT = {
    "index.md": f"# Home\n\n[[One]] ![[pic.png]] ![[One#Part]]\n\n![[code.py]]\n\n{QUERY}",
    "One.md": "# One\n\n## Part\n\nwords of it\n",
    "sub/Two.md": "# Two\n\n[[One]] ![](deep.svg)\n",
    "sub/deep.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pic.png": "a picture",
    "code.py": "print('hello')\n",
    "board.canvas": '{"nodes": [], "edges": []}',
    "all.base": "filters: file.size > 0\nviews: [{type: table}]\n",
}


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _swap(path: Path) -> None:
    """Put a directory where a file is, and the other way round."""
    was_file = path.is_file()
    _delete(path)
    if was_file:
        path.mkdir()
    else:
        path.write_text("a file")


def _grow(path: Path) -> None:
    if path.is_file():
        with path.open("a") as stream:
            stream.write("\n# [[nowhere]]\n")


class _Meddler:
    """Does something to a path of a vault just before it is looked at for the n-th time."""

    def __init__(self, vault: Path, number: int, act: Act) -> None:
        self._vault, self._number, self._act = str(vault), number, act
        self._looks = 0
        self.acted_on: Path | None = None

    def before(self, path: object) -> None:
        inside = isinstance(path, str | os.PathLike) and self._is_inside(os.fspath(path))
        if inside and self.acted_on is None:
            if self._looks == self._number:
                self.acted_on = Path(str(path))
                self._act(self.acted_on)
            self._looks += 1

    def _is_inside(self, path: str | bytes) -> bool:
        return str(path).startswith(self._vault + os.sep) and "/.provenote" not in str(path)


@contextmanager
def meddling(meddler: _Meddler) -> Iterator[None]:
    """Let a meddler know of all that is opened, listed, or asked for its state."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in [(builtins, "open"), (io, "open")] + [
            (os, name) for name in ("stat", "lstat", "scandir", "listdir")
        ]:
            original = getattr(module, name)

            def told(path: Any = ".", *more: Any, _original: Any = original, **named: Any) -> Any:
                meddler.before(path)
                return _original(path, *more, **named)

            patch.setattr(module, name, told)
        yield


def test_a_folder_that_cannot_be_listed_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "vault", {"index.md": "home", "locked/note.md": "words"})
    scandir = os.scandir

    def refuse(path: Any = ".") -> Any:
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    site = build(Settings(project=tmp_path, vault=tmp_path / "vault"))
    assert [str(problem) for problem in site.problems] == [
        "vault/locked: cannot be read: Permission denied (unreadable)"
    ]


@pytest.mark.parametrize("act", [_delete, _swap, _grow])
def test_whatever_happens_to_a_path_when_it_is_looked_at_there_is_a_site(
    tmp_path: Path, act: Act
) -> None:
    """Each look at a path in turn: when it is listed, opened, or asked for its size."""
    vault = tmp_path / "vault"
    for number in count():
        write(vault, VAULT)
        meddler = _Meddler(vault, number, act)
        with meddling(meddler):
            site = build(Settings(project=tmp_path, vault=vault))
        if meddler.acted_on is None:
            break
        left = {path for path in VAULT if path.endswith(".md") and (vault / path).is_file()}
        assert left <= {page.source for page in site.pages}
        told = {problem.code for problem in site.problems}
        assert told <= {Code.UNREADABLE, Code.CANVAS, Code.LINK_MISSING}, site.problems
        assert str(tmp_path) not in "".join(map(str, site.problems))
        shutil.rmtree(vault)
    assert number > 20
