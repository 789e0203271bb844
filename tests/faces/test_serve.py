"""A site that is served while its notes are written."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("serve")  # one server for all, interrupted in the end

CONFIG = "site_name: Test\ntheme: material\nplugins: [search, provenote]\n"
# A test suite that runs in the background ignores interrupts, and so would its children.
HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "


class Server:
    """`provenote serve`, with a directory of its own for what is temporary."""

    def __init__(self, root: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{probe.getsockname()[1]}"
        self.address = f"http://{host}/"
        self.root, self.log, self.temporary = root, root / "log", root / "temporary"
        self.temporary.mkdir()
        self.write("mkdocs.yml", CONFIG)
        self.write("docs/index.md", "```python run\nprint('one', 6 * 7)\n```\n")
        self.write(
            "docs/other.md", "```python run\nimport time\nprint('stamp', time.time())\n```\n"
        )
        code = HEARD + f"from provenote.faces.cli import main; main(['serve', '-a', '{host}'])"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=root,
                stdout=log,
                stderr=log,
                env={**os.environ, "TMPDIR": str(self.temporary)},
            )

    def page(self, path: str = "") -> str:
        try:
            with urllib.request.urlopen(self.address + path, timeout=60) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()
        except OSError:
            return ""

    def comes_to(self, holds: Callable[[], bool], seconds: float = 60) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if holds():
                return True
            time.sleep(0.1)
        return False

    def shows(self, words: str, path: str = "") -> bool:
        return self.comes_to(lambda: words in self.page(path))

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def workers(self) -> list[str]:
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [child for task in tasks for child in (task / "children").read_text().split()]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("served"))
    try:
        assert server.shows("one 42")
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def test_an_edit_runs_its_own_session_in_the_server_that_is_warm(server: Server) -> None:
    def stamp() -> str:
        return server.page("other/").partition("stamp")[2].partition("<")[0]

    workers, before = server.workers(), stamp()
    assert len(workers) == 1
    assert before
    server.write("docs/index.md", "```python run\nprint('two', 6 * 8)\n```\n")
    assert server.shows("two 48")
    assert (server.workers(), stamp()) == (workers, before)


def test_a_failure_stands_at_its_cell(server: Server) -> None:
    server.write("docs/index.md", "# Home\n\n```python run\nx = 0\n1 / x\n```\n")
    assert server.shows('<pre class="pn-output pn-failure" role="alert">')
    assert "File &quot;docs/index.md&quot;, line 5" in server.page()
    assert "docs/index.md:5:1: snippet failed" in server.log.read_text()


def test_a_broken_configuration_is_told_on_every_page_until_it_is_mended(server: Server) -> None:
    server.write("mkdocs.yml", "site_name: [\n")
    assert server.shows("The site is not built", "other/")
    assert "error parsing the configuration file" in server.page("nowhere/")
    server.write("mkdocs.yml", CONFIG)
    assert server.shows("stamp", "other/")
    assert 'Traceback (most recent call last):\n  File "/' not in server.log.read_text()


def test_broken_properties_are_a_problem_and_no_end(server: Server) -> None:
    server.write("docs/index.md", "---\ntags: [\n---\nStill here\n")
    assert server.shows("Still here")
    assert "docs/index.md:" in server.log.read_text()
    assert server.process.poll() is None


def test_an_interrupt_leaves_nothing_behind(server: Server) -> None:
    (worker,) = server.workers()
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(timeout=60) == 0
    assert not Path(f"/proc/{worker}").exists()
    assert list(server.temporary.iterdir()) == []
