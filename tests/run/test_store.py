"""The store: right, whole, bounded, shared."""

import json
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from provenote.run import inventory
from provenote.run.pool import Pool
from provenote.run.protocol import Report
from provenote.run.sessions import run
from provenote.run.state import Dependency
from provenote.run.store import TRACES_PER_KEY, Store
from tests.run.project import Project, shown

HURTS: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "one bit": lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
    "other content": lambda data: b"[]",
    "no text": lambda data: b"\xff\xfe\n\xff",
}


@pytest.mark.parametrize("hurt", HURTS)
@pytest.mark.parametrize("kind", ["traces", "results"])
def test_a_corrupt_entry_is_run_again(project: Project, kind: str, hurt: str) -> None:
    project.note("note.md", "6 * 7")
    project.rerun()
    (file,) = (project.root / ".provenote" / kind).iterdir()
    file.write_bytes(HURTS[hurt](file.read_bytes()))
    assert project.rerun() == {"docs/note.md"}
    assert shown(project.last[project.plan().sessions[0].id]) == [{"text/plain": "42"}]
    assert project.rerun() == set()


@pytest.mark.parametrize("hurt", HURTS)
def test_corrupt_files_are_known(project: Project, hurt: str) -> None:
    project.note("note.md", "6 * 7")
    project.rerun()
    store = Store(project.settings.store_dir)
    assert list(inventory.corrupt(store)) == []
    files = [*store.traces(), *store.results()]
    for file in files:
        file.write_bytes(HURTS[hurt](file.read_bytes()))
    assert list(inventory.corrupt(store)) == files
    assert list(inventory.items(store)) == []


def test_what_is_kept_is_known(project: Project) -> None:
    project.note("a.md", "import time\n'x' * 1000")
    project.note("b.md", "1")
    started = time.time()
    project.rerun()
    store = Store(project.settings.store_dir)
    before = [path.stat().st_mtime_ns for path in store.results()]
    a, b = sorted(inventory.items(store), key=lambda item: item.session)
    assert (a.session, b.session) == ("docs/a.md", "docs/b.md")
    assert started <= a.started <= time.time()
    assert a.size > 1000 > b.size
    assert {f"{a.key}.json", f"{b.key}.json"} == {path.name for path in store.traces()}
    assert [path.stat().st_mtime_ns for path in store.results()] == before  # looking is no use


def test_a_result_that_is_gone_is_run_again(project: Project) -> None:
    project.note("note.md", "6 * 7")
    project.rerun()
    for file in (project.root / ".provenote/results").iterdir():
        file.unlink()
    assert project.rerun() == {"docs/note.md"}


def test_git_does_not_see_it(project: Project) -> None:
    project.note("note.md", "1")
    project.rerun()
    assert (project.root / ".provenote/.gitignore").read_text() == "*\n"


def test_failures_are_not_kept(project: Project) -> None:
    project.note("note.md", "1/0")
    project.rerun()
    assert list((project.root / ".provenote/results").iterdir()) == []


def report(text: str) -> Report:
    return Report(
        outputs=[[{"stream": "stdout", "text": text}]], failed=None, started=0.0, seconds=0.0
    )


def test_the_latest_traces_are_remembered(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(TRACES_PER_KEY + 3):
        store.add("key", {Dependency("file", "a"): str(number)}, report(str(number)))
    states = [entry.trace[Dependency("file", "a")] for entry in store.entries("key")]
    assert states == [str(n) for n in range(TRACES_PER_KEY + 2, 2, -1)]


def test_the_longest_unused_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=6000)
    for number in range(4):
        store.add(str(number), {}, report(str(number) * 2000))
        for file in (tmp_path / "results").iterdir():
            if str(number) * 9 in file.read_text():
                os.utime(file, (number, number))
    (first,) = store.entries("0")
    assert store.read("0", first)
    store.trim()
    kept = [n for n in range(4) for e in store.entries(str(n)) if store.read(str(n), e)]
    assert kept == [0, 3]


def test_a_store_that_cannot_be_written_stops_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    project.note("note.md", "1")
    Store(project.settings.store_dir)
    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert project.rerun() == {"docs/note.md"}


def test_where_no_store_can_be_everything_runs(project: Project) -> None:
    project.note("note.md", "1")
    project.write(".provenote", "a file")
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == {"docs/note.md"}


def test_two_builds_at_once_agree(project: Project) -> None:
    for number in range(8):
        project.note(f"{number}.md", f"{number} + 1")
    sessions = project.plan().sessions
    with ThreadPoolExecutor(2) as threads:
        builds = [
            threads.submit(run, sessions, project.settings, store=Store(project.settings.store_dir))
            for _ in range(2)
        ]
        first, second = (build.result() for build in builds)
    assert [r.outputs for r in first.values()] == [r.outputs for r in second.values()]
    assert project.rerun() == set()


@pytest.mark.parametrize("data", [None, b"", b"[1]", b"\xff", b'{"docs/b.md": "x"}'])
def test_what_took_longest_starts_first(project: Project, data: bytes | None) -> None:
    for name, seconds in (("a", 0.0), ("b", 0.3), ("c", 0.1)):
        project.note(f"{name}.md", f"import time\ntime.sleep({seconds})\nimport local")
    order: list[str] = []

    def build(value: int) -> None:
        project.write("local.py", f"x = {value}\n")
        order.clear()
        with closing(Pool(jobs=1)) as pool:
            run(
                project.plan().sessions,
                project.settings,
                store=Store(project.settings.store_dir),
                progress=lambda done, total, name: order.append(f"{done}/{total} {name}"),
                pool=pool,
            )

    build(1)
    assert order == ["1/3 docs/a.md", "2/3 docs/b.md", "3/3 docs/c.md"]
    if data is not None:
        (project.settings.store_dir / "durations.json").write_bytes(data)
    build(2)
    known = ["1/3 docs/b.md", "2/3 docs/c.md", "3/3 docs/a.md"]
    unknown = ["1/3 docs/a.md", "2/3 docs/b.md", "3/3 docs/c.md"]
    assert order == (known if data is None else unknown)


def test_entries_are_readable(project: Project) -> None:
    project.note("note.md", "print('hello')")
    project.rerun()
    (file,) = (project.root / ".provenote/results").iterdir()
    assert json.loads(file.read_text())["outputs"] == [[{"stream": "stdout", "text": "hello\n"}]]
