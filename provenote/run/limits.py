"""What a session may take, set in its own process; wall time is the server's to watch.

This guards against accidents, not against malice: code that wants out gets out.
"""

import contextlib
import ctypes
import mmap
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE_SIZE = 2**28
OPEN_FILES = 1024
PROCESSES = 500
"""How many processes a session may start in all, those of its children included."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_NETWORK = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_STARTS = frozenset({"os.fork", "os.forkpty", "os.posix_spawn", "subprocess.Popen"})


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of what sessions leave behind, so that it can be ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def address_space() -> int:
    """Bytes that this process has mapped; 0 where that is not told."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * mmap.PAGESIZE
    except OSError:
        return 0


def restrict(memory: int, cpu_seconds: float) -> Callable[[], None]:
    """Set the limits of this process and those it starts; gives what lifts that on memory."""
    space = address_space() + memory
    wanted = {
        resource.RLIMIT_AS: space,
        resource.RLIMIT_CPU: cpu_seconds + 1,
        resource.RLIMIT_FSIZE: FILE_SIZE,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        soft = int(min(value, sys.maxsize if hard == resource.RLIM_INFINITY else hard))
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(kind, (soft, hard))

    def lift() -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

    return lift


def guard(*, network: bool) -> None:
    """Refuse more processes than anyone needs, and the network where it was not asked for."""
    started = mmap.mmap(-1, 4)  # shared with every process that is forked from here

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _NETWORK and not network and not _is_local(args):
            raise PermissionError("snippets have no network; `#| network: true` asks for it")
        if event in _STARTS:
            count = int.from_bytes(started[:4], "little") + 1
            started[:4] = count.to_bytes(4, "little")
            if count > PROCESSES:
                raise PermissionError(f"a session may start {PROCESSES} processes, not more")

    sys.addaudithook(hook)


def _is_local(args: tuple[Any, ...]) -> bool:
    family = getattr(args[0], "family", None)
    return family is not None and family.name in {"AF_UNIX", "AF_NETLINK"}
