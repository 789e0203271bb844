"""The build's side of the server: starts it when it is needed, and outlives it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from provenote.run.protocol import Report, Request, line, stillborn

KEPT = (
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "MPLCONFIGDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
)
"""What sessions see of the environment; the rest could change their output unnoticed."""
FIXED = {
    # One thread: OpenBLAS's do not survive a fork, and last digits depend on their number.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "COLUMNS": "80",
    "MPLBACKEND": "agg",
}
FORK = sys.platform == "linux"
"""On macOS, Accelerate does not survive a fork."""

_FATAL = "it ended the process that watches over it"
_PATIENCE = 3.0
"""Seconds that the server gets to end its sessions and itself."""


class Pool:
    """Runs sessions in processes; keeps the server for further ones until it is closed."""

    def __init__(self, jobs: int, *, fork: bool = FORK) -> None:
        self._jobs, self._fork = jobs, fork
        self._server: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._groups: dict[str, int] = {}
        """Process groups of sessions that have begun and not ended."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[str, Report]]:
        """Each request's id and report, in the order in which they end.

        Should a session bring the server down, those not reported run once more,
        one by one: so the guilty one is known, and the others do not suffer.
        """
        pending = {request.id: request for request in requests}
        for name, report in self._batch(requests):
            del pending[name]
            yield name, report
        for request in pending.values():
            reports = list(self._batch([request]))
            yield from reports or [(request.id, stillborn(_FATAL))]

    def _batch(self, requests: Sequence[Request]) -> Iterator[tuple[str, Report]]:
        server = self._started()
        assert server.stdin is not None
        assert server.stdout is not None
        # In a thread: the server may be busy telling us something while we tell it something.
        feeder = threading.Thread(target=_feed, args=(server.stdin, requests), daemon=True)
        feeder.start()
        left = len(requests)
        while left:
            text = server.stdout.readline()
            if not text.endswith(b"\n"):
                self.close()
                break
            message: dict[str, Any] = json.loads(text)
            if "started" in message:
                self._groups[message["started"]] = message["group"]
                continue
            left -= 1
            self._groups.pop(message["ended"], None)
            yield message["ended"], message["report"]
        feeder.join()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._server is None:
            self._scratch = tempfile.mkdtemp(prefix="provenote-")
            settings = {"scratch": self._scratch, "jobs": self._jobs, "fork": self._fork}
            kept = {name: os.environ[name] for name in KEPT if name in os.environ}
            self._server = subprocess.Popen(
                [sys.executable, "-P", "-m", "provenote.run.server", json.dumps(settings)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**kept, **FIXED},
                cwd=self._scratch,
                start_new_session=True,  # the terminal's Ctrl-C is for the build alone
            )
        return self._server

    def close(self) -> None:
        """End all that runs; the server sees its input end, and ends its sessions.

        Should it have died before, nothing of it stays either.
        """
        server, self._server = self._server, None
        if server is None:
            return
        for stream in (server.stdin, server.stdout):
            assert stream is not None
            with contextlib.suppress(OSError):
                stream.close()
        try:
            server.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        for group in self._groups.values():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, signal.SIGKILL)
        self._groups.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)


def _feed(stdin: IO[bytes], requests: Iterable[Request]) -> None:
    with contextlib.suppress(OSError, ValueError):  # it died, or was closed: the reader notices
        for request in requests:
            stdin.write(line(request.to_json()))
            stdin.flush()
