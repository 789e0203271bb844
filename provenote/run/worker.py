"""What happens inside a session's process."""

import atexit
import builtins
import contextlib
import faulthandler
import inspect
import os
import random
import signal
import sys
import threading
import warnings
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from provenote.run import display, figures, ipython, limits, tracebacks
from provenote.run.capture import Channel
from provenote.run.cells import Compiled, compile_cell
from provenote.run.importable import modules
from provenote.run.observe import Observer, Territory
from provenote.run.preload import Preloaded
from provenote.run.protocol import Code, Failed, Request, Volatile
from provenote.run.volatile import Witness

_OURS = str(Path(__file__).parent)
_NOT_SHADOWED = frozenset(
    {"__main__", "builtins", "sys", "os", "io", "site", "encodings", "codecs"}
)


def main(request: Request, messages: int, faults: int, preloaded: Preloaded) -> None:
    """Run a session; `messages` and `faults` are pipes to the server."""
    channel = Channel(messages)
    channel.install()
    display.send_to(channel.send)
    faulthandler.enable(file=faults, all_threads=False)
    # The server sends this at the end of the session's time, the kernel at that of its CPU time.
    faulthandler.register(signal.SIGXCPU, file=faults, all_threads=False, chain=True)
    Worker(request, channel, preloaded).run()


class Worker:
    """A session that runs: its namespace, and its way to tell what comes out."""

    def __init__(self, request: Request, channel: Channel, preloaded: Preloaded) -> None:
        self._request = request
        self._channel = channel
        self._process = os.getpid()
        self._territory = Territory(request.project, request.foreign)
        self._source = tracebacks.Source(request)
        self._flags = 0
        self._loop: Any = None
        """Runs cells that say `await` outside a function; made when the first of them does."""
        self._namespace = _become_main(request, preloaded)
        self._source.install()
        self._observer = Observer(self._territory, preloaded, os.environ["TMPDIR"])
        self._witness = Witness(self._is_authors, request.shown)
        self._lift = limits.restrict(request.memory, 4 * request.timeout)

    def run(self) -> None:
        """All cells, up to the first failure, and then what was observed."""
        limits.guard(network=self._request.network)
        self._observer.start()
        self._witness.start()
        threading.excepthook = self._say_in_thread
        for number, cell in enumerate(self._request.cells):
            if cell.eval:
                self._channel.send({"cell": number})
                if not self._run_cell(number, cell):
                    break
        self._finish()
        self._channel.send({"done": self._observer.seen(), "volatile": self._volatile()})

    def _volatile(self) -> list[Volatile]:
        readings = [] if not self._request.network else [Volatile(what=_NETWORK, cell=0, line=0)]
        for what, line in self._witness.seen.items():
            cell = self._source.cell_at(line, 0)
            start = self._request.cells[cell].line
            readings.append(Volatile(what=what, cell=cell, line=max(line - start, 0)))
        return readings

    def _run_cell(self, number: int, cell: Code) -> bool:
        """Whether the session goes on."""
        error: BaseException | None = None
        ended = False
        figures.draw_as(cell.figures)
        try:
            self._execute(cell)
            display.open_figures()
        except SystemExit as leaving:
            ended = leaving.code in {None, 0}
            error = None if ended else leaving
        except BaseException as raised:
            error = raised
        self._stay_alone()
        if ended:
            return False
        return self._conclude(number, cell, error)

    def _execute(self, cell: Code) -> None:
        compiled = compile_cell(cell, self._request.shown, self._flags, script=self._request.script)
        self._flags = compiled.flags
        evaluate = self._in_loop if _awaits(compiled) else self._evaluate
        if compiled.body is not None:
            evaluate(compiled.body)
        if compiled.last is not None:
            value = evaluate(compiled.last)
            if cell.inline:
                display.emit(display.bundle(value, inline=True))
            else:
                display.last_value(value)

    def _evaluate(self, code: CodeType) -> Any:
        return eval(code, self._namespace)

    def _in_loop(self, code: CodeType) -> Any:
        """Evaluate where a loop is running, as tasks need it that the code may start."""
        if self._loop is None:
            import asyncio  # noqa: PLC0415 - it takes longer than most sessions

            # One for all cells, so that what belongs to it can be used in the next.
            self._loop = asyncio.Runner()

        async def evaluate() -> Any:
            value = self._evaluate(code)
            return await value if code.co_flags & inspect.CO_COROUTINE else value

        return self._loop.run(evaluate())

    def _conclude(self, number: int, cell: Code, error: BaseException | None) -> bool:
        """Report a failure, if this is one; whether the session goes on."""
        if error is not None:
            self._lift()  # saying what went wrong takes memory, too
            with self._observer.paused():
                failure = self._failed(error, number)
            with contextlib.suppress(Exception):
                display.open_figures()
        elif cell.error:
            failure = Failed(cell=number, line=0, column=0, cause=_UNRAISED, traceback="")
        else:
            return True
        expected = cell.error and error is not None
        self._channel.send({"failed": failure, "expected": expected})
        return expected

    def _failed(self, error: BaseException, number: int) -> Failed:
        return tracebacks.failed(error, number, self._request, self._source, self._is_authors)

    def _say_in_thread(self, what: threading.ExceptHookArgs) -> None:
        """What `threading` says of an exception that ends a thread, without its own frames."""
        if what.exc_value is not None and what.exc_type is not SystemExit:
            text = tracebacks.cut(what.exc_value, self._request, self._is_authors)
            name = what.thread.name if what.thread else threading.get_ident()
            sys.stderr.write(f"Exception in thread {name}:\n{text}")

    def _is_authors(self, filename: str) -> bool:
        return self._territory.holds(filename) and not filename.startswith(_OURS)

    def _finish(self) -> None:
        """What an interpreter does at its end: wait for threads, call what `atexit` was given."""
        with contextlib.suppress(BaseException):
            if self._loop is not None:
                self._loop.close()
            # Private, but nothing else ends the threads of an executor that was left open.
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
        self._stay_alone()

    def _stay_alone(self) -> None:
        """End a process that the author forked and let run on: the rest is not its to do."""
        if os.getpid() != self._process:
            os._exit(0)


_NETWORK = "the network"
_UNRAISED = "was expected to raise (`error: true`) and did not"


def _awaits(compiled: Compiled) -> bool:
    parts = filter(None, (compiled.body, compiled.last))
    return any(code.co_flags & inspect.CO_COROUTINE for code in parts)


def _become_main(request: Request, preloaded: Preloaded) -> dict[str, Any]:
    """Look like an interpreter that was started for this file; gives its namespace."""
    preloaded.seed(request.seed)
    module = ModuleType("__main__")
    module.__file__ = request.file
    sys.modules["__main__"] = module
    sys.argv[:] = [request.file]
    sys.path[:0] = request.path
    builtins.display = display.display  # type: ignore[attr-defined]
    sys.meta_path.insert(0, ipython.Finder())
    warnings.formatwarning = _format_warning
    os.environ.update(request.env)
    random.seed(request.seed)  # a fork seeds it anew
    _forget_shadowed(request)
    namespace = vars(module)
    namespace["__builtins__"] = builtins
    return namespace


def _forget_shadowed(request: Request) -> None:
    """A local module goes before a standard one, also one that we happened to load."""
    local = frozenset().union(*(modules(Path(folder)) for folder in request.path))
    shadowed = {name for name in local - _NOT_SHADOWED if name in sys.modules}
    for name in list(sys.modules) if shadowed else ():
        if name.partition(".")[0] in shadowed:
            del sys.modules[name]


def _format_warning(message: Any, category: type[Warning], *_: Any, **__: Any) -> str:
    """Without its line, which moves when prose does; the page shows it under its cell."""
    return f"{category.__name__}: {message}\n"
