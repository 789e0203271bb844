"""Small projects on disk, and the commands run in them as a person runs them."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
BIN = Path(sys.executable).parent


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Writes files, path -> text, and says where."""

    def write_files(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command of this environment, by default where the files are."""

    def run_command(*command: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=cwd,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    return run_command


@dataclass(frozen=True)
class Served:
    """A site that a command serves."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def shows(self, words: str, page: str = "", seconds: float = 90) -> bool:
        """Whether a page comes to show these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(self.address + page) as response:
                if words in response.read().decode():
                    return True
            time.sleep(0.2)
        return False


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts a command that serves, on a port that is free, and ends it after the test."""
    with ExitStack() as stack:

        def start(*command: str) -> Served:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                host = f"127.0.0.1:{probe.getsockname()[1]}"
            path = tmp_path / "log"
            log = stack.enter_context(path.open("w"))
            process = stack.enter_context(
                subprocess.Popen(
                    [str(BIN / command[0]), *command[1:], "-a", host],
                    cwd=tmp_path,
                    stdout=log,
                    stderr=log,
                )
            )
            stack.callback(process.terminate)
            return Served(f"http://{host}/", process, path)

        yield start
