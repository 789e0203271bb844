"""The process that sessions are forked from: `python -m provenote.run.server SETTINGS`.

It has NumPy and matplotlib loaded, has never started a thread, and speaks
`protocol` on its standard streams: requests come in, reports go out. When its
input ends, it ends all sessions and goes.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import traceback
from collections import deque
from pathlib import Path
from typing import Any

from provenote.run import limits, worker
from provenote.run.child import Child, Pipes, Starter
from provenote.run.preload import Preloaded, preload
from provenote.run.protocol import Lines, Report, Request, line, stillborn

_TICK = 0.05
_CHUNK = 2**16


class Server:
    """Starts sessions, up to `jobs` at once, and watches over them."""

    def __init__(self, scratch: Path, jobs: int, start: Starter, incoming: int, outgoing: int):
        self._scratch, self._jobs, self._start = scratch, jobs, start
        self._incoming, self._outgoing = incoming, outgoing
        self._queue: deque[Request] = deque()
        self._running: list[Child] = []
        self._orphans: set[int] = set()
        """What ended sessions left behind and is not yet known to have ended."""
        self._count = 0
        self._lines = Lines(lambda message: self._queue.append(Request.from_json(message)))
        self._selector = selectors.DefaultSelector()
        self._selector.register(incoming, selectors.EVENT_READ)

    def serve(self) -> None:
        """Until nobody asks any more."""
        try:
            while self._listen():
                for child in [child for child in self._running if child.is_over()]:
                    self._end(child)
                self._orphans = {pid for pid in self._orphans if not _has_ended(pid)}
                while self._queue and len(self._running) < self._jobs:
                    self._begin(self._queue.popleft())
        except BrokenPipeError:
            pass
        finally:
            for child in self._running:
                child.end()
            _end_orphans()
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _listen(self) -> bool:
        if not self._running:
            _end_orphans()
        for key, _ in self._selector.select(_TICK if self._running else None):
            if key.fd == self._incoming:
                data = os.read(self._incoming, _CHUNK)
                if not data:
                    return False
                self._lines.feed(data)
            else:
                child, name = key.data
                if not child.read(name):
                    self._selector.unregister(key.fd)
        return True

    def _begin(self, request: Request) -> None:
        self._count += 1
        try:
            child = Child(request, self._scratch / str(self._count), self._start)
        except OSError as error:
            cause = f"no process could be started for it: {error.strerror}"
            self._report(request, stillborn(cause))
            return
        self._running.append(child)
        self._say({"started": request.id, "group": child.pid})
        for name, fd in child.pipes.read.items():
            self._selector.register(fd, selectors.EVENT_READ, (child, name))

    def _end(self, child: Child) -> None:
        self._running.remove(child)
        for fd in child.pipes.read.values():
            with contextlib.suppress(KeyError):
                self._selector.unregister(fd)
        self._report(child.request, child.end())
        self._orphans |= _children() - {one.pid for one in self._running}

    def _report(self, request: Request, report: Report) -> None:
        self._say({"ended": request.id, "report": report})

    def _say(self, message: Any) -> None:
        data = memoryview(line(message))
        while data:
            data = data[os.write(self._outgoing, data) :]


def _end_orphans() -> None:
    """End what sessions left behind in groups of its own: the kernel made it ours."""
    while children := _children():  # whose own children become ours in turn
        for pid in children:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _has_ended(pid: int) -> bool:
    """Whether a child has; it is let go of then, so that its number is free again."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _children() -> set[int]:
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    except OSError:
        return set()
    return {int(pid) for pid in text.split()}


# ------------------------------------------------------------ ways to start


def forking(preloaded: Preloaded) -> Starter:
    """Fork: a session is there within milliseconds."""

    def start(request: Request, pipes: Pipes, scratch: Path) -> int:
        pid = os.fork()
        if pid:
            return pid
        try:
            os.setsid()
            _take_over(pipes)
            _run(request, pipes.write["messages"], pipes.write["faults"], preloaded, scratch)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(70)

    return start


def fresh(request: Request, pipes: Pipes, scratch: Path) -> int:
    """A new interpreter: for systems whose libraries do not survive a fork."""
    fds = (pipes.write["messages"], pipes.write["faults"])
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "provenote.run.server", "--one", *map(str, fds), str(scratch)],
        stdin=subprocess.PIPE,
        stdout=pipes.write["stdout"],
        stderr=pipes.write["stderr"],
        pass_fds=fds,
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(line(request.to_json()))
    process.stdin.close()
    process.returncode = 0  # `Child` waits for it
    return process.pid


def _take_over(pipes: Pipes) -> None:
    """Make the pipes the standard streams, and let go of what belongs to others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(pipes.write["stdout"], 1)
    os.dup2(pipes.write["stderr"], 2)
    kept = {0, 1, 2, pipes.write["messages"], pipes.write["faults"]}
    for fd in [int(path.name) for path in Path("/dev/fd").iterdir()]:
        if fd not in kept:
            with contextlib.suppress(OSError):
                os.close(fd)


def _run(request: Request, messages: int, faults: int, preloaded: Preloaded, scratch: Path) -> None:
    limits.die_with_parent()
    os.chdir(request.directory or scratch)
    os.environ["TMPDIR"] = str(scratch)
    # Interpreters that the session starts must not take local modules from old bytecode either.
    os.environ["PYTHONPYCACHEPREFIX"] = str(scratch / "pycache")
    worker.main(request, messages, faults, preloaded)
    os._exit(0)


def _run_one(messages: str, faults: str, scratch: str) -> None:
    request = Request.from_json(json.loads(sys.stdin.buffer.readline()))
    _run(request, int(messages), int(faults), preload(), Path(scratch))


def main(arguments: list[str]) -> None:
    """Serve on the standard streams, which sessions must then not have."""
    if arguments[0] == "--one":
        _run_one(*arguments[1:])
    settings = json.loads(arguments[0])
    incoming, outgoing = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    limits.adopt_orphans()
    start = forking(preload()) if settings["fork"] else fresh
    Server(Path(settings["scratch"]), settings["jobs"], start, incoming, outgoing).serve()
    os._exit(0)  # there is nothing to put away, and a thousand modules to do it with


if __name__ == "__main__":
    main(sys.argv[1:])
