"""What a session's result depends on.

Two levels, as in ccache's direct mode. The *key* is known before anything runs:
the code, the options that matter to running it, Python and this engine. The
*trace* is known only afterwards: each file, directory and package that the
session was seen to use, with its state. A stored result is right when its key is
the session's and all that its trace names is still in the state it names.
"""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from provenote.model import Session
from provenote.run.protocol import Observed, Report, Request
from provenote.run.state import NO_FILE, Dependency, Now, digest

_FRESH = 0.02
"""Seconds by which time stamps of files may lag behind the clock."""
_PRELOADED = frozenset({"numpy", "matplotlib"})


Trace = dict[Dependency, str]
"""Each dependency and the state in which the session saw it."""


def key(session: Session, request: Request, now: Now) -> str:
    """The first level: equal for sessions that only their observed dependencies can tell apart."""
    parts = {
        "system": system(),
        "path": os.environ.get("PYTHONPATH"),
        "file": session.cells[0].place.path,
        "script": session.script,
        "cells": [
            [cell.source, cell.inline, cell.error, cell.figures] if cell.eval else None
            for cell in request.cells
        ],
        "shadows": _shadows(request.path, now),
        "env": [[name, request.env.get(name)] for name in session.env],
        "seed": session.seed,
        "network": session.network,
        "depends": [now.relative(str(path)) for path in session.depends],
    }
    return digest(json.dumps(parts, sort_keys=True).encode())


def system() -> list[str]:
    """The Python that sessions run in, and what runs them."""
    return [_engine(), sys.version, sys.platform, platform.machine()]


@cache
def _engine() -> str:
    """The code of the engine itself: another one may give other output."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return digest(b"".join(file.read_bytes() for file in files))


def _shadows(path: Iterable[str], now: Now) -> list[str]:
    """Local modules that go before standard ones: those are loaded without being looked for."""
    known = sys.stdlib_module_names | _PRELOADED
    return sorted(
        f"{number}:{name}"
        for number, folder in enumerate(path)
        for name in now.modules(folder) & known
    )


def trace(report: Report, observed: Observed, session: Session, now: Now) -> Trace | None:
    """The second level; None if a file changed while the session ran."""
    written = {Dependency("file", now.relative(path)) for path in observed["written"]}
    seen = used(observed, map(str, session.depends), now)
    if any(now.changed_since(one, report["started"] - _FRESH) for one in seen - written):
        return None
    found = sorted(seen | _spoken(report, session, now))
    return {one: _state(one, session, now.state) for one in found}


def used(observed: Observed, depends: Iterable[str], now: Now) -> set[Dependency]:
    """All that a session was seen to use, and what its author says that it depends on."""
    read = (*observed["read"], *observed["written"], *depends)
    seen = {Dependency("file", now.relative(path)) for path in read}
    files = {one.name for one in seen}
    seen |= {
        Dependency("stat", name)
        for name in map(now.relative, observed["probed"])
        if name not in files
    }
    seen |= {Dependency("list", now.relative(path)) for path in observed["listed"]}
    seen |= {
        Dependency("seek", f"{now.relative(path)}/{tail}") for path, tail in observed["sought"]
    }
    seen |= {Dependency("package", now.distribution(top)) for top in observed["packages"]}
    return seen


def holds(known: Trace, session: Session, look: Callable[[Dependency], str]) -> bool:
    """Whether all that a result depends on is as it was; `look` says how it is now."""
    return all(_state(one, session, look) == state for one, state in known.items())


def files(known: Trace, now: Now) -> tuple[Path, ...]:
    """The files that a result was made from, if what it depends on is as it was."""
    return tuple(
        now.path(one.name)
        for one, state in known.items()
        if one.kind in {"file", "stat"} and state not in NO_FILE
    )


def _state(one: Dependency, session: Session, look: Callable[[Dependency], str]) -> str:
    if one.kind == "lines":
        return ",".join(str(cell.place.line) for cell in session.cells)
    return look(one)


def _spoken(report: Report, session: Session, now: Now) -> set[Dependency]:
    """Output that says where it was made is right only there."""
    said = "".join(
        text
        for events in report["outputs"]
        for event in events
        for text in (event.get("text", ""), *event.get("display", {}).values())
    )
    found = set()
    if str(now.project) in said:
        found.add(Dependency("project", ""))
    if f'{session.cells[0].place.path}", line ' in said:
        found.add(Dependency("lines", ""))
    return found
