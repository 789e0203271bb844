"""A progress bar on the terminal, for builds that take long."""

import sys
import time
from types import TracebackType
from typing import Any

import click

from provenote.model import SessionId

PATIENCE = 1.0
"""Seconds that pass before a bar appears."""


class Progress:
    """Call it as the build does; it draws on stderr where that is a terminal, else nothing."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> "Progress":
        return self

    def __call__(self, done: int, total: int, session: SessionId) -> None:
        if self._bar is None and (done == total or not self._due()):
            return
        if self._bar is None:
            self._bar = click.progressbar(
                length=total,
                label="Running snippets",
                item_show_func=lambda item: item,
                file=sys.stderr,
            )
        self._bar.update(done - self._bar.pos, session)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def _due(self) -> bool:
        return sys.stderr.isatty() and time.monotonic() - self._started > PATIENCE
