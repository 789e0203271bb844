"""What need not be done again when a site that is being served is built once more.

MkDocs forgets all that it knew after each build, and so do its theme and search. Most of
the time of a build would go into reading the same templates and pages again. What search
finds is in the memo, for builds by other processes as well.
"""

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Generic, TypeVar

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.structure.pages import Page

from provenote.faces.plain import plain
from provenote.memo import Memo, digest, key
from provenote.pages import for_search, undivided

T = TypeVar("T")


class Memory(Generic[T]):
    """What was made in the last build and in this one; older things are forgotten."""

    def __init__(self) -> None:
        self._before: dict[str, T] = {}
        self._now: dict[str, T] = {}

    def next_build(self) -> None:
        self._before, self._now = self._now, {}

    def recall(self, key: str, make: Callable[[], T]) -> T:
        """What stands under this key, made if neither build has it."""
        if key not in self._now:
            self._now[key] = self._before[key] if key in self._before else make()
        return self._now[key]


class Rebuilding:
    """Remembers from build to build what MkDocs, its theme and other plugins made."""

    def __init__(self) -> None:
        self._templates = _Templates()
        self._notebooks: Memory[tuple[Any, ...]] = Memory()

    def begin(self, environment: Environment, plugins: Mapping[str, Any], memo: Memo) -> None:
        """Take part in a build that begins."""
        self._notebooks.next_build()
        environment.bytecode_cache = self._templates
        for plugin in plugins.values():
            index = getattr(plugin, "search_index", None)
            if hasattr(index, "entries") and hasattr(index, "add_entry_from_context"):
                _remember_entries(index, memo)

    def rendered(self, page: Page, content: str, render: Callable[[], None]) -> None:
        """Render a notebook's page, or give it what the same notebook came to before."""

        def made() -> tuple[Any, ...]:
            render()
            return page.content, page.toc, page.title

        found = self._notebooks.recall(digest(page.url, content), made)
        page.content, page.toc, page.title = found


def _remember_entries(index: Any, memo: Memo) -> None:
    """Let Material's search take each page apart only if there is something new in it."""
    add = index.add_entry_from_context

    def add_all(page: Page) -> None:
        whole, page.content = page.content, for_search(page.content or "")
        try:
            add(page)
        except ValueError:  # Material's, at a heading in a list below two in a quote
            page.content = undivided(page.content)
            add(page)
        finally:
            page.content = whole

    def add_once(page: Page) -> None:
        try:
            about = plain([page, page.toc, dict(index.config)])
        except TypeError:
            add_all(page)
            return
        name = key("search entries", about, page.content)
        kept = memo.recall(name)
        if kept is not None:
            index.entries.extend(kept.value)
            return
        start = len(index.entries)
        add_all(page)
        memo.keep(name, index.entries[start:])

    index.add_entry_from_context = add_once


class _Templates(BytecodeCache):
    """Compiled templates, as long as their source is the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.checksum, bucket.code
