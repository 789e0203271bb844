"""What an author says of a session: extra files, the environment, the seed, the network."""

import socket
import threading

import pytest

from tests.run.project import Project, brief, text_of

CHILD = """
import subprocess, sys
from pathlib import Path
folder = Path(__file__).parents[1] / "data"
code = "import sys, pathlib; print([p.read_text() for p in pathlib.Path(sys.argv[1]).iterdir()])"
subprocess.run([sys.executable, "-c", code, str(folder)])
"""


def test_a_file_that_only_a_child_process_reads(project: Project) -> None:
    project.write("data/a.json", "1")
    project.note("note.md", f"#| depends: data/*.json\n{CHILD.strip()}")
    assert project.rerun() == {"docs/note.md"}
    assert project.rerun() == set()
    (result,) = project.last.values()
    assert project.root / "data/a.json" in result.depends
    for path in ("data/a.json", "data/b.json"):
        project.write(path, "2")
        assert project.rerun() == {"docs/note.md"}
        assert project.rerun() == set()
    (project.root / "data/b.json").unlink()
    assert project.rerun() == set()  # as it was before that file came
    (result,) = project.last.values()
    assert text_of(result) == "['2']\n"


def test_variables_are_seen_when_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os\nprint(os.environ.get('FLAVOUR'), os.environ.get('HIDDEN'))"
    project.note("note.md", f"#| env: FLAVOUR\n{code}")
    project.note("other.md", code)
    monkeypatch.setenv("HIDDEN", "x")
    project.rerun()
    assert [text_of(result) for result in project.last.values()] == ["None None\n"] * 2
    for value in ("sweet", "sour"):
        monkeypatch.setenv("FLAVOUR", value)
        assert project.rerun() == {"docs/note.md"}
        result, other = project.last.values()
        assert (text_of(result), text_of(other)) == (f"{value} None\n", "None None\n")
    monkeypatch.setenv("HIDDEN", "y")
    assert project.rerun() == set()


def test_the_seed_is_where_generators_start(project: Project) -> None:
    code = "import random\nimport numpy as np\nprint(random.random(), np.random.random())"
    check = "random.seed({0})\nnp.random.seed({0})\nprint(random.random(), np.random.random())"
    for seed, option in ((0, ""), (7, "#| seed: 7\n")):
        first, second = text_of(project.only(option + code, check.format(seed))).splitlines()
        assert first == second


def test_limits_beyond_measure_are_none(project: Project) -> None:
    code = "#| memory: 99999999999999999999\n#| timeout: 1e308\nprint(6 * 7)"
    assert text_of(project.only(code)) == "42\n"


def test_the_network_is_there_when_asked_for(project: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"hello")

        answering = threading.Thread(target=answer)
        answering.start()
        address = server.getsockname()
        result = project.only(
            f"""
            #| network: true
            import socket
            with socket.create_connection({address!r}) as connection:
                print(connection.recv(5))
            """
        )
        answering.join(10)
    assert brief(result.failure) == "fine"
    assert text_of(result) == "b'hello'\n"
