"""Small projects on disk, and the commands run in them as a person runs them."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faces.given import Run, Serve, Served, Write

BIN = Path(sys.executable).parent


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_files(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


@pytest.fixture
def run(tmp_path: Path) -> Run:
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


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
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
