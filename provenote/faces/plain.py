"""What tells one configuration of MkDocs from another, as far as a page may show it."""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence, Set
from enum import Enum
from functools import cache
from pathlib import PurePath
from typing import Any

from mkdocs.localization import Locale  # type: ignore[attr-defined]
from mkdocs.plugins import BasePlugin
from mkdocs.structure.nav import Link, Section
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.theme import Theme
from pathspec import PathSpec

_ATOMS = (str, bytes, int, float, bool, datetime.date, datetime.time, type(None))
_NOT_SHOWN = {"site_dir", "docs_dir"}
"""Of the configuration: directories that may be made for one build alone."""


def plain(value: Any) -> object:
    """A value as text, numbers and tuples; TypeError where it is of a kind that we do not know."""
    return _form(type(value))(value)  # type: ignore[arg-type]  # types can be hashed


@cache
def _form(kind: Any) -> Callable[[Any], object]:
    for kinds, form in _FORMS:
        if issubclass(kind, kinds):
            return form
    return _code


def _code(value: Any) -> object:
    if callable(value) and hasattr(value, "__qualname__"):
        return ("code", value.__module__, value.__qualname__)
    raise TypeError(f"{value!r} may be anything")


def _mapping(value: Mapping[Any, Any]) -> object:
    return tuple((plain(k), plain(v)) for k, v in value.items() if k not in _NOT_SHOWN)


def _sequence(value: Sequence[Any]) -> object:
    return tuple(map(plain, value))


def _page(page: Page) -> object:
    """A page as the navigation shows it."""
    return ("page", page.title, page.url, page.file.src_uri, page.edit_url, plain(page.meta))


_FORMS: Sequence[tuple[Any, Callable[[Any], object]]] = (
    (Enum, lambda value: ("enum", type(value).__qualname__, value.name)),
    (_ATOMS, lambda value: value),
    (PurePath, lambda value: ("path", str(value))),
    (re.Pattern, lambda value: ("pattern", value.pattern, value.flags)),
    (PathSpec, lambda value: ("patterns", tuple(str(p.regex) for p in value.patterns))),
    (Page, _page),
    (Section, lambda value: ("section", value.title, plain(value.children))),
    (Link, lambda value: ("link", value.title, value.url)),
    (AnchorLink, lambda it: (it.title, it.id, it.level, plain(it.children))),
    (TableOfContents, lambda value: plain(list(value))),
    (Locale, str),
    (Theme, lambda value: ("theme", value.name, _mapping(value))),
    (BasePlugin, lambda it: ("plugin", type(it).__module__, plain(it.config))),
    (Mapping, _mapping),
    (Set, lambda value: ("set", tuple(sorted(map(repr, map(plain, value)))))),
    (Sequence, _sequence),
)
