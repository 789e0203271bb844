"""One session cannot see or break another, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from provenote.run import inventory
from provenote.run.pool import Pool
from provenote.run.sessions import run
from provenote.run.store import Store
from tests.run.processes import alive, soon
from tests.run.project import Project, brief, text_of


def test_sessions_share_nothing(project: Project) -> None:
    project.note(
        "a.md", "import json, os\njson.mine = 1\nopen('x', 'w').close()\nos.environ['X'] = '1'"
    )
    project.note("b.md", "import json, os\nhasattr(json, 'mine'), os.listdir(), 'X' in os.environ")
    results = run(project.plan().sessions, project.settings, store=None, pool=project.pool)
    assert [brief(r.failure) for r in results.values()] == ["fine", "fine"]
    assert "(False, [], False)" in str(list(results.values())[1].outputs)


def test_named_and_fresh_sessions_are_apart(project: Project) -> None:
    project.write(
        "docs/note.md",
        "```python run\nx = 1\n```\n\n```python run session=other\nprint('x' in globals())\n```\n\n"
        "```python run fresh\nprint('x' in globals())\n```\n\n```python run\nprint(x)\n```\n",
    )
    results = project.run()
    assert {name: text_of(result) for name, result in results.items()} == {
        "docs/note.md": "1\n",
        "docs/note.md#other": "False\n",
        "docs/note.md#L10": "False\n",
    }


def test_the_scratch_directory_is_removed(project: Project) -> None:
    result = project.only("import os\nopen('x', 'w').close()\nprint(os.getcwd(), os.listdir())")
    path, _, names = text_of(result).strip().partition(" ")
    assert names == "['x']"
    assert not Path(path).exists()


def test_what_a_session_leaves_behind_is_ended(project: Project, tmp_path: Path) -> None:
    mark = f"sleep 98{os.getpid()}"
    for name, options in (("plain.md", ""), ("daemon.md", ", start_new_session=True")):
        start = f"subprocess.Popen('{mark}', shell=True{options})"
        project.note(name, f"import subprocess\n{start}\nprint(1)")
    project.note(
        "fork.md", "import os, time\nif os.fork() == 0:\n    time.sleep(60)\nprint(1)", "2"
    )
    started = time.monotonic()
    results = project.run()
    assert {brief(r.failure) for r in results.values()} == {"fine"}
    assert [text_of(r) for r in results.values()] == ["1\n"] * 3
    assert time.monotonic() - started < 45
    assert soon(lambda: not alive("98" + str(os.getpid())))


def test_it_is_ended_while_others_still_run(project: Project) -> None:
    project.note(
        "a.md",
        """
        import pathlib, subprocess
        left = subprocess.Popen(["sleep", "95"])
        pathlib.Path(__file__).with_suffix(".pid").write_text(str(left.pid))
        """,
    )
    project.note(
        "b.md",
        """
        import os, pathlib, time
        file = pathlib.Path(__file__).with_name("a.pid")
        end = time.monotonic() + 40  # on a busy machine; in general at once
        while not file.exists() or not file.read_text():
            time.sleep(0.01)
        try:
            while time.monotonic() < end:
                os.kill(int(file.read_text()), 0)
                time.sleep(0.01)
        except ProcessLookupError:
            print("ended")
        """,
    )
    _, watching = project.run().values()
    assert brief(watching.failure) == "fine"
    assert text_of(watching) == "ended\n"


def test_a_child_that_is_killed_fails_alone(project: Project) -> None:
    project.note("victim.md", "import os\nx = 1", "os.kill(os.getpid(), 9)")
    project.note("other.md", "1")
    results = project.run()
    assert [brief(r.failure) for r in results.values()] == [
        "fine",
        "docs/victim.md:11: the process was ended by SIGKILL",
    ]


def test_a_session_that_kills_the_server_is_found(project: Project) -> None:
    project.note("culprit.md", "import os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(60)")
    for number in range(3):
        project.note(f"{number}.md", "import time\ntime.sleep(0.2)\nprint('ok')")
    with closing(Pool(jobs=2)) as pool:
        results = run(project.plan().sessions, project.settings, store=None, pool=pool)
    assert {name: brief(r.failure) for name, r in results.items()} == {
        "docs/0.md": "fine",
        "docs/1.md": "fine",
        "docs/2.md": "fine",
        "docs/culprit.md": "docs/culprit.md:4: it ended the process that watches over it",
    }


def test_many_sessions_run_in_one_go(project: Project) -> None:
    for number in range(500):
        project.note(f"{number}.md", f"print({number})")
    results = project.run()
    assert sorted(int(text_of(r)) for r in results.values()) == list(range(500))


BUILD = """
import signal, sys
from contextlib import closing
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
sys.path.insert(0, {root!r})
from provenote.run import inventory
from provenote.run.pool import Pool
from tests.run.project import Project
with closing(Pool(jobs=2)) as pool:
    project = Project(Path({project!r}), pool)
    print("go", flush=True)
    project.run()
"""


@pytest.fixture
def build(project: Project) -> Iterator[subprocess.Popen[str]]:
    """A build of its own, whose sessions run for ever."""
    mark = f"97{os.getpid()}"
    for name in ("a.md", "b.md"):
        project.note(
            name,
            f"import subprocess\nsubprocess.Popen(['sleep', '{mark}'])\nwhile True: pass",
        )
    root = str(Path(__file__).parents[2])
    code = BUILD.format(root=root, project=str(project.root))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert soon(lambda: len(alive(mark)) == 2)
        yield process
        process.kill()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_the_build_ends_its_children_do(
    build: subprocess.Popen[str], project: Project, sign: signal.Signals
) -> None:
    scratch = Path(_argument(_server(build)))
    build.send_signal(sign)
    build.wait(30)
    assert soon(lambda: not alive(f"97{os.getpid()}"))
    assert soon(lambda: not scratch.exists())


def test_children_die_even_if_build_and_server_are_killed_at_once(
    build: subprocess.Popen[str],
) -> None:
    server = _server(build)
    scratch = _argument(server)
    os.kill(server, signal.SIGSTOP)  # so that it can do nothing about it
    build.kill()
    os.kill(server, signal.SIGKILL)
    assert soon(lambda: not alive(scratch))
    for pid in alive(f"97{os.getpid()}"):  # what sessions started: nobody is left to end it
        os.kill(pid, signal.SIGKILL)


def _server(build: subprocess.Popen[str]) -> int:
    """The build's server; others may come and go."""
    (server,) = [pid for pid in alive("provenote.run.server") if _parent(pid) == build.pid]
    return server


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _argument(pid: int) -> str:
    last = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2]
    return str(json.loads(last)["scratch"])


def test_a_build_that_is_killed_leaves_a_store_that_is_whole(project: Project) -> None:
    for number in range(20):
        project.note(f"{number}.md", f"print({number} * 'x')")
    root = str(Path(__file__).parents[2])
    code = BUILD.format(root=root, project=str(project.root)).replace("run()", "run(store=True)")
    store = Store(project.settings.store_dir)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL) as process:
        assert soon(lambda: len(store.results()) >= 5, seconds=60)
        process.kill()
    assert list(inventory.corrupt(store)) == []
    kept = len(list(inventory.items(store)))
    assert kept >= 4  # one may be there without its trace
    assert len(project.rerun()) == 20 - kept
    assert sorted(len(text_of(r)) for r in project.last.values()) == list(range(1, 21))
