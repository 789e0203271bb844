"""What a session's process writes, in order.

File descriptors 1 and 2 are pipes that the server reads, so C code, `os.write`
and child processes are caught as well. Two pipes have no common order; what
Python writes gets one by waiting, at each change of stream, until the server
has read the other pipe empty.
"""

import contextlib
import ctypes
import fcntl
import io
import os
import sys
import termios
import threading
import time
from typing import Any, BinaryIO, cast

from provenote.run import protocol

_UNBUFFERED = 2
"""What C calls `_IONBF`."""


class _Stream(io.TextIOWrapper):
    """`sys.stdout` or `sys.stderr`, in step with the other."""

    def __init__(self, channel: "Channel", fd: int) -> None:
        # Raw, so that what a child process writes next really comes next.
        raw = cast("BinaryIO", io.FileIO(fd, "w", closefd=False))
        super().__init__(raw, "utf-8", errors="backslashreplace", write_through=True)
        self._channel, self._fd = channel, fd

    def write(self, text: str, /) -> int:
        self._channel.turn_to(self._fd)
        return super().write(text)


class Channel:
    """The child's way to the server: its two streams, and messages that fall in line."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self._current = messages
        self._lock = threading.RLock()
        self.stdout = _Stream(self, 1)
        self.stderr = _Stream(self, 2)
        # A process that the author forks has no part in the conversation.
        os.register_at_fork(after_in_child=self._fall_silent)

    def install(self) -> None:
        """Become what Python writes to."""
        _unbuffer_c()
        sys.stdout = sys.__stdout__ = self.stdout  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = self.stderr  # type: ignore[misc]

    def turn_to(self, fd: int) -> None:
        if fd == self._current:
            return
        with self._lock:
            for other in {1, 2} - {fd}:
                _wait_until_read(other)
            self._current = fd

    def send(self, message: Any) -> None:
        """Say something to the server, after all that was written before."""
        if self._messages < 0:
            return
        with self._lock:
            for stream in (self.stdout, self.stderr):
                if not stream.closed:
                    stream.flush()
            self.turn_to(self._messages)
            data = memoryview(protocol.line(message))
            while data:
                data = data[os.write(self._messages, data) :]
            _wait_until_read(self._messages)  # before anything else is written

    def _fall_silent(self) -> None:
        os.close(self._messages)
        self._messages = -1


def _unbuffer_c() -> None:
    """Let what C code prints come out when it prints it, as Python's does."""
    library = ctypes.CDLL(None)
    for name in ("stdout", "__stdoutp"):  # as Linux and macOS call it
        with contextlib.suppress(ValueError):
            stream = ctypes.c_void_p.in_dll(library, name)
            library.setvbuf(stream, None, _UNBUFFERED, 0)


def _wait_until_read(fd: int) -> None:
    end = time.monotonic() + 5  # the server may be busy, but not for so long
    while _unread(fd) and time.monotonic() < end:
        time.sleep(0.0001)


def _unread(fd: int) -> int:
    """How many bytes lie in a pipe; 0 where that cannot be known."""
    try:
        return int.from_bytes(fcntl.ioctl(fd, termios.FIONREAD, bytes(4)), sys.byteorder)
    except OSError:  # the author closed it, or put a file in its place
        return 0
