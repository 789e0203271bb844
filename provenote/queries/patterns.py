"""Regular expressions of queries: JavaScript's, and so run by an engine for it, within bounds.

One that takes exponential time or memory would take it in Python's `re` as well, which
nothing stops.
"""

import json
from functools import cached_property
from time import process_time
from typing import Any

from provenote.queries.values import Failed

TIME = 5.0
"""Seconds of processor time for all regular expressions of one query: a million matches."""
_MEMORY = 2**26
_ENGINE = """
function found(text, source, flags) { return text.search(new RegExp(source, flags)) >= 0 }
function replaced(text, source, flags, by) { return text.replace(new RegExp(source, flags), by) }
function parts(text, source, flags) { return JSON.stringify(text.split(new RegExp(source, flags))) }
"""


class Patterns:
    """Runs the regular expressions of one query.

    Each raises Failed if it is none, and TimeoutError, which ends the query, where the
    bounds are reached.
    """

    def __init__(self, endless: set[str]) -> None:
        self._endless = endless  # known from queries before: notes of one template ask alike
        self._left = TIME

    def found(self, source: str, text: str, flags: str = "") -> bool:
        """Whether a text holds what a regular expression describes."""
        return bool(self._call("found", text, source, flags))

    def replaced(self, source: str, text: str, by: str, flags: str = "") -> str:
        """A text with the first match replaced, or each with the flag `g`."""
        return str(self._call("replaced", text, source, flags, by))

    def parts(self, source: str, text: str, flags: str = "") -> list[str]:
        """What stands between matches, and what their groups match."""
        return [part or "" for part in json.loads(self._call("parts", text, source, flags))]

    @cached_property
    def _quickjs(self) -> Any:
        import quickjs  # noqa: PLC0415 - 8 MB that few queries need

        return quickjs

    @cached_property
    def _engine(self) -> Any:
        engine = self._quickjs.Context()
        engine.set_memory_limit(_MEMORY)
        engine.eval(_ENGINE)
        return engine

    def _call(self, function: str, text: str, source: str, *more: str) -> Any:
        if not all(isinstance(given, str) for given in (text, source, *more)):
            raise TypeError
        if source in self._endless or self._left <= 0:
            raise _endless(source)
        self._engine.set_time_limit(self._left)
        started = process_time()
        try:
            return self._engine.get(function)(text, source, *more)
        except self._quickjs.JSException as error:
            name, _, reason = str(error).partition("\n")[0].partition(": ")
            if name == "SyntaxError":
                raise Failed(f"`{source}` is no regular expression: {reason}") from error
            self._endless.add(source)
            raise _endless(source) from error
        finally:
            self._left -= process_time() - started


def _endless(source: str) -> TimeoutError:
    return TimeoutError(f"`{source}` takes too long, or too much memory, to be matched")
