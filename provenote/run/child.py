"""A session's process as the server sees it: its pipes, its time, its end."""

import codecs
import contextlib
import os
import re
import shutil
import signal
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Protocol

from provenote.run.display import stable
from provenote.run.protocol import (
    DISPLAY_LIMIT,
    STREAM_LIMIT,
    Event,
    Failed,
    Lines,
    Observed,
    Report,
    Request,
    Volatile,
)

_CHUNK = 2**16
_GRACE = 0.5
"""Seconds between asking a session where it stands and ending it."""
_EXCERPT = 2000
"""Characters that are kept of output that was too much."""
_STREAMS = ("stdout", "stderr")


class Pipes:
    """What a session writes into, and the ends that the server reads."""

    def __init__(self) -> None:
        self.read: dict[str, int] = {}
        self.write: dict[str, int] = {}
        for name in (*_STREAMS, "messages", "faults"):
            self.read[name], self.write[name] = os.pipe()
            os.set_blocking(self.read[name], False)

    def close_writing(self) -> None:
        for fd in self.write.values():
            os.close(fd)

    def close_reading(self) -> None:
        for fd in self.read.values():
            os.close(fd)


class Starter(Protocol):
    """A way to start a session's process; gives its id, which is also that of its group."""

    def __call__(self, request: Request, pipes: Pipes, scratch: Path) -> int: ...


class Child:
    """One session that is running."""

    def __init__(self, request: Request, scratch: Path, start: Starter) -> None:
        self.request = request
        self.scratch = scratch
        self.pipes = Pipes()
        self._finished = self._stopped = False
        self._outputs: list[list[Event]] = [[] for _ in request.cells]
        self._cell = 0
        self._by_id: dict[str, list[Event]] = defaultdict(list)
        self._clears = False
        self._failed: Failed | None = None
        self._observed: Observed | None = None
        self._volatile: list[Volatile] = []
        self._sizes = {"streams": 0, "displays": 0}
        self._faults = b""
        self._decoders = {
            name: codecs.getincrementaldecoder("utf-8")("backslashreplace") for name in _STREAMS
        }
        self._lines = Lines(self._receive)
        self._started = time.time()
        self._clock = time.monotonic()
        self._asked: float | None = None
        self._status: int | None = None
        scratch.mkdir()
        self.pid = start(request, self.pipes, scratch)
        self.pipes.close_writing()

    # ------------------------------------------------------------- listening

    def read(self, name: str) -> bool:
        """Take in what lies in a pipe; whether there can be more."""
        try:
            return self._take(name) > 0
        except BlockingIOError:
            return True

    def _take(self, name: str) -> int:
        data = os.read(self.pipes.read[name], _CHUNK)
        if name == "faults":
            self._faults = (self._faults + data)[:_CHUNK]
        elif self._stopped:
            pass  # it is only listened to so that it can end
        elif name == "messages":
            self._count("displays", len(data), DISPLAY_LIMIT, "showed")
            self._lines.feed(data)
        else:
            self._write(name, self._decoders[name].decode(data, final=not data))
            self._count("streams", len(data), STREAM_LIMIT, "wrote")
        return len(data)

    def _count(self, kind: str, size: int, limit: int, verb: str) -> None:
        self._sizes[kind] += size
        if self._sizes[kind] > limit:
            self._stop(f"{verb} more than {limit // 2**20} MB")

    def _write(self, stream: str, text: str) -> None:
        events = self._outputs[self._cell]
        if not text:
            return
        self._clear()
        if events and events[-1].get("stream") == stream:
            events[-1]["text"] += text
        else:
            events.append(Event(stream=stream, text=text))

    def _receive(self, message: dict[str, Any]) -> None:
        if "cell" in message:
            self._cell, self._clears = message["cell"], False
        elif "display" in message:
            self._show(message)
        elif "clear" in message:
            self._clears = True
            if not message["clear"]:
                self._clear()
        elif "failed" in message:
            self._outputs[self._cell].append(Event(failed=message["failed"]))
            if not message["expected"]:
                self._failed = self._failed or message["failed"]
        elif "done" in message:
            self._observed, self._volatile = message["done"], message["volatile"]
            self._finished = True

    def _show(self, message: dict[str, Any]) -> None:
        """Add an output, or put it in the place of those with its id."""
        shown = self._by_id[message["id"]] if "id" in message else []
        for event in shown if "update" in message else ():
            event["display"] = message["display"]
        if "update" not in message:
            self._clear()
            event = Event(display=message["display"])
            shown.append(event)
            self._outputs[self._cell].append(event)

    def _clear(self) -> None:
        """Take back what the cell has given, if it has asked for that."""
        if self._clears:
            self._outputs[self._cell].clear()
        self._clears = False

    # -------------------------------------------------------------- watching

    def is_over(self) -> bool:
        """Whether it has ended, or its time has."""
        now = time.monotonic()
        if self._finished:
            return True
        if self._asked is not None and now > self._asked + _GRACE:
            return True
        if self._asked is None and now > self._clock + self.request.timeout:
            # Python prints where it stands, even inside C code, and dies of it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGXCPU)
            self._asked = now
        return self._has_exited()

    def _stop(self, why: str) -> None:
        self._finished = self._stopped = True
        for event in self._outputs[self._cell]:
            if len(event.get("text", "")) > _EXCERPT:
                event["text"] = event["text"][:_EXCERPT] + "…\n"
        self._fail(why)

    def _fail(self, cause: str) -> None:
        if self._failed is None:
            cell, line = self._line_in_faults()
            at = Failed(cell=cell, line=line, column=0, cause=cause, traceback="")
            self._failed = at
            self._outputs[self._cell].append(Event(failed=at))

    # ---------------------------------------------------------------- ending

    def end(self) -> Report:
        """End whatever is left of the session, and say what it gave."""
        status = self._end_processes()
        for name in self.pipes.read:
            self._drain(name)
        self.pipes.close_reading()
        shutil.rmtree(self.scratch, ignore_errors=True)
        if self._observed is None and self._failed is None:
            self._fail(self._cause_of_death(status))
        for event in (event for events in self._outputs for event in events if "text" in event):
            event["text"] = stable(event["text"])
        return Report(
            session=self.request.id,
            outputs=self._outputs,
            failed=self._failed,
            started=self._started,
            seconds=round(time.monotonic() - self._clock, 3),
            volatile=self._volatile,
            observed=self._observed,
        )

    def _end_processes(self) -> int:
        for end in (os.killpg, os.kill):  # it may not have come to leading a group yet
            if end is os.killpg or self._status is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    end(self.pid, signal.SIGKILL)
        return os.waitpid(self.pid, 0)[1] if self._status is None else self._status

    def _has_exited(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def _drain(self, name: str) -> None:
        """Read what is left; not for ever, should something still write that got away."""
        with contextlib.suppress(BlockingIOError):
            for _ in range(2 * DISPLAY_LIMIT // _CHUNK):
                if not self._take(name):
                    return

    def _line_in_faults(self) -> tuple[int, int]:
        """The cell and the line in it where Python stood at the end, if it could still say."""
        name = self.request.shown.encode("ascii", "backslashreplace")
        found = re.search(rb'File "' + re.escape(name) + rb'", line (\d+)', self._faults)
        for number, cell in enumerate(self.request.cells):
            line = int(found[1]) - cell.line if found else -1
            if 0 <= line < len(cell.source.splitlines()):
                return number, line
        return self._cell, 0

    def _cause_of_death(self, status: int) -> str:
        if self._asked is not None:
            return f"no end after {self.request.timeout:g} s"
        if os.WIFEXITED(status):
            return f"the process ended itself with exit code {os.WEXITSTATUS(status)}"
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return "took too much CPU time"
        with contextlib.suppress(ValueError):
            return f"the process was ended by {signal.Signals(number).name}"
        return f"the process was ended by signal {number}"
