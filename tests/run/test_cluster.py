"""On a Dask cluster everything is as it is on this machine, also when a worker is lost."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from provenote.model import Result, SessionId
from provenote.run import cluster as cluster_module
from provenote.run.cluster import Cluster
from provenote.run.pool import Pool
from provenote.run.sessions import run
from provenote.run.state import Now
from provenote.run.store import Store
from provenote.run.workers import workers
from provenote.settings import Executor, read
from tests.run.processes import soon
from tests.run.project import Project, brief, text_of

pytestmark = pytest.mark.xdist_group("dask")

NOTES = {
    "figure.md": ("import matplotlib.pyplot as plt", "plt.plot([1, 2]);"),
    "module.md": ("import core\nprint(core.value)\ncore.value + 1",),
    "data.md": ("from pathlib import Path\nPath(__file__).with_name('points.csv').read_text()",),
    "numbers.md": ("import numpy as np\nnp.random.rand(3)", "import random\nrandom.random()"),
    "failing.md": ("x = 0\n1 / x",),
    "gone.md": ("import os\nos._exit(3)",),
    "endless.md": ("#| timeout: 1\nwhile True: pass",),
    "hungry.md": ("x = b'x' * 2**34",),
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One that is made for trying it."""
    with closing(Cluster("", jobs=2)) as cluster:
        yield cluster


def results(project: Project, cluster: Cluster, store: bool = False) -> dict[SessionId, Result]:
    kept = Store(project.settings.store_dir) if store else None
    return run(project.plan().sessions, project.settings, store=kept, pool=cluster)


def test_results_are_those_of_this_machine(project: Project, cluster: Cluster) -> None:
    project.write("core.py", "value = 1\n")
    project.write("docs/points.csv", "1,2\n")
    for name, cells in NOTES.items():
        project.note(name, *cells)
    here, there = project.run(), results(project, cluster, store=True)
    assert len(here) == len(NOTES)
    assert {n: (r.outputs, r.failure) for n, r in there.items()} == {
        n: (r.outputs, r.failure) for n, r in here.items()
    }
    failing = {f"docs/{name}.md" for name in ("failing", "gone", "endless", "hungry")}
    assert project.rerun() == failing  # the rest is in the store, and right
    project.write("core.py", "value = 2\n")
    assert project.rerun() == {*failing, "docs/module.md"}


def test_a_worker_that_is_killed_loses_nothing(project: Project, cluster: Cluster) -> None:
    client = cluster._connected()
    waiting = f"""
        import os, pathlib, time
        here = pathlib.Path(r"{project.root}")
        (here / f"{{os.getpid()}}.started").touch()
        while not (here / "go").exists():
            time.sleep(0.01)
        print("done")
        """
    for number in range(4):
        project.note(f"{number}.md", waiting)
    killed: list[int] = []

    def kill() -> None:
        end = time.monotonic() + 60
        while len(list(project.root.glob("*.started"))) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        pids = client.run(os.getpid)
        killed.append(next(iter(pids.values())))
        os.kill(killed[0], signal.SIGKILL)
        (project.root / "go").touch()

    killer = threading.Thread(target=kill)
    killer.start()
    address = client.scheduler_info()["address"]  # as where one is named
    with closing(Cluster(address, jobs=2)) as other:
        found = results(project, other)
    killer.join()
    assert killed
    started = [int(path.stem) for path in project.root.glob("*.started")]
    assert len(started) == 5  # one began once more
    assert soon(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))
    assert [text_of(r) for r in found.values()] == ["done\n"] * 4
    assert {brief(r.failure) for r in found.values()} == {"fine"}


def test_a_file_that_is_another_there_is_said(
    project: Project, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("core.py", "value = 1\n")
    project.note("note.md", "import core\ncore.value")
    monkeypatch.setattr(Now, "state", lambda now, one: f"here {one.name}")
    (result,) = results(project, cluster, store=True).values()
    assert result.failure is not None
    assert " found core.py in another state than it has here" in result.failure.cause
    assert list(Store(project.settings.store_dir).results()) == []


def test_no_scheduler_is_a_problem_of_each_session(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.note("note.md", "1")
    monkeypatch.setattr(cluster_module, "_PATIENCE", "1s")
    settings = replace(project.settings, executor=Executor.DASK, dask="tcp://127.0.0.1:9")
    (result,) = run(project.plan().sessions, settings, store=None).values()
    assert brief(result.failure) == (
        "docs/note.md:4: no Dask scheduler answers at tcp://127.0.0.1:9"
    )


def test_without_dask_its_setting_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"executor": "dask", "dask": "tcp://127.0.0.1:9"}
    settings, problems = read(given, project=tmp_path, vault=tmp_path)
    assert isinstance(workers(settings), Cluster)
    assert list(problems) == []
    monkeypatch.setattr("provenote.settings.find_spec", lambda name: None)
    settings, problems = read(given, project=tmp_path, vault=tmp_path)
    assert isinstance(workers(settings), Pool)
    assert [str(problem) for problem in problems] == [
        "mkdocs.yml: provenote's setting 'executor' is dask, and that is not installed;"
        " pip install 'provenote[dask]' (setting)"
    ]
