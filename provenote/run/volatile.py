"""What another run may find otherwise: the clock, and randomness without a seed.

The functions that read them are wrapped in the session's own process, and only
calls from the author's frames count: what libraries do for themselves, when they
are imported above all, does not show. `time.monotonic` is left alone, for it
says nothing by itself. What other processes of the session read is not seen.
"""

import ctypes
import datetime
import functools
import gc
import os
import random
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

_ALWAYS = ("time", "time_ns", "perf_counter", "perf_counter_ns", "process_time")
_WITHOUT_ARGUMENT = ("localtime", "gmtime", "ctime", "asctime")
"""They take a moment, and read the clock when they are given none."""

_LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 - as frames name it
_BETWEEN = {f"{_LIBRARY}/{name}.py": name for name in ("random", "secrets", "uuid")}
"""Modules that stand between an author and the system's entropy. NumPy's generators are no
Python frames: without a seed, they ask `secrets`."""
_UNSEEDED = "randomness without a seed"


class Witness:
    """Notes what a session reads that is not the same in each run."""

    def __init__(self, is_authors: Callable[[str], bool], shown: str) -> None:
        self._is_authors, self._shown = functools.cache(is_authors), shown
        self.seen: dict[str, int] = {}
        """What was read, and the line of the author's file; 0 where no line says it."""

    def start(self) -> None:
        """Wrap what reads the clock or the system's entropy."""
        for name in _ALWAYS:
            self._watch(time, name, f"time.{name}", lambda _: True)
        for name in _WITHOUT_ARGUMENT:
            self._watch(time, name, f"time.{name}", lambda args: not args or args[0] is None)
        self._watch(time, "strftime", "time.strftime", lambda args: len(args) < 2)
        self._watch(os, "urandom", "os.urandom", lambda _: True)
        self._watch(random, "_urandom", _UNSEEDED, lambda _: True)
        self._watch_seeds()
        self._watch_datetime()

    def _note(self, name: str, frame: FrameType | None) -> None:
        while frame and (module := _BETWEEN.get(frame.f_code.co_filename)):
            name = _UNSEEDED if module == "random" else f"{module}.{frame.f_code.co_name}"
            frame = frame.f_back
        if frame is None or not self._counts(frame.f_code.co_filename):
            return
        while frame and frame.f_code.co_filename != self._shown:
            frame = frame.f_back
        self.seen.setdefault(name, frame.f_lineno if frame else 0)

    def _counts(self, filename: str) -> bool:
        return filename == self._shown or self._is_authors(filename)

    def _watch(
        self, module: Any, attribute: str, name: str, reads: Callable[[tuple[Any, ...]], bool]
    ) -> None:
        def tell(frame: FrameType, args: tuple[Any, ...]) -> None:
            if reads(args):
                self._note(name, frame)

        setattr(module, attribute, _Watched(getattr(module, attribute), tell))

    def _watch_seeds(self) -> None:
        real: Any = random.Random.seed

        @functools.wraps(real)
        def seed(generator: random.Random, a: Any = None, version: int = 2) -> None:
            if a is None:
                self._note(_UNSEEDED, sys._getframe(1))
            real(generator, a, version)

        random.Random.seed = seed  # type: ignore[method-assign,assignment]
        random.seed = vars(random)["_inst"].seed

    def _watch_datetime(self) -> None:
        """`date.today` asks `time.time`; these do not, and their class is closed to Python."""
        names = gc.get_referents(vars(datetime.datetime))[0]
        for name in ("now", "utcnow"):
            names[name] = classmethod(self._moment(names[name], f"datetime.{name}"))
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))

    def _moment(self, real: Any, name: str) -> Callable[..., Any]:
        def moment(cls: type, *args: Any, **options: Any) -> Any:
            self._note(name, sys._getframe(1))
            return real.__get__(None, cls)(*args, **options)

        return functools.update_wrapper(moment, real)


class _Watched:
    """A function of C that tells who calls it; like these, and unlike others, never a method."""

    def __init__(
        self, real: Callable[..., Any], tell: Callable[[FrameType, tuple[Any, ...]], None]
    ) -> None:
        self._real, self._tell = real, tell
        functools.update_wrapper(self, real)

    def __call__(self, *args: Any, **options: Any) -> Any:
        self._tell(sys._getframe(1), args)
        return self._real(*args, **options)

    def __repr__(self) -> str:
        return repr(self._real)

    def __reduce__(self) -> str | tuple[Any, ...]:
        return self._real.__reduce__()
