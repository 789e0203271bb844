"""The site's Python-Markdown extensions, as the dialect that they make notes be written in."""

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from pymdownx.snippets import SnippetMissingError

from provenote.dialect import Dialect

_EXTRA = ("abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_BUNDLES = {"extra": _EXTRA, "pymdownx.extra": _EXTRA}
"""Extensions that are nothing but others."""
_CONVERTING = {"attr_list", "pymdownx.emoji", "pymdownx.keys"}
_SNIPPETS = "pymdownx.snippets"
_NEEDS_THE_SITE = {"pymdownx.emoji", "pymdownx.keys", _SNIPPETS}


def dialect(
    extensions: Iterable[str | Extension], configs: Mapping[str, Any], project: Path
) -> Dialect:
    """What notes may hold on a site with these `markdown_extensions`."""
    names = _names(extensions)
    kept = {name: configs.get(name) or {} for name in names}

    @cache
    def markdown() -> Markdown:
        used = sorted(names & _CONVERTING)
        return Markdown(extensions=used, extension_configs={name: kept[name] for name in used})

    @cache
    def convert(text: str) -> str:
        return markdown().reset().convert(text).removeprefix("<p>").removesuffix("</p>")

    @cache
    def snippets() -> Markdown:
        return Markdown(
            extensions=[_SNIPPETS],
            extension_configs={_SNIPPETS: _of_a_part(kept[_SNIPPETS], project)},
        )

    def include(text: str) -> str | None:
        try:
            lines = snippets().preprocessors["snippet"].run(text.split("\n"))
        except SnippetMissingError:
            return None
        return "\n".join(lines)

    return Dialect(extensions=frozenset(names), convert=convert, include=include)


def structure(written: object) -> Dialect:
    """What a mkdocs.yml's `markdown_extensions` say of where a note's blocks stand.

    For faces that show no page: icons and what `--8<--` includes are left as they are.
    """
    entries = written if isinstance(written, list | dict) else ()
    names = [next(iter(entry), "") if isinstance(entry, dict) else entry for entry in entries]
    return Dialect(extensions=frozenset(_names(names) - _NEEDS_THE_SITE))


def _names(extensions: Iterable[object]) -> set[str]:
    given = (name for name in extensions if isinstance(name, str))
    names = {name.removeprefix("markdown.extensions.") for name in given}
    for bundle in names & _BUNDLES.keys():
        names |= {*_BUNDLES[bundle]}
    return names


def _of_a_part(config: Mapping[str, Any], project: Path) -> dict[str, Any]:
    """The configuration of snippets for a part of a note: what ends a note is not added to it.

    A file that is not there is noticed, and paths start at the project, wherever the
    build does.
    """
    given = config.get("base_path", ["."])
    bases = [given] if isinstance(given, str | os.PathLike) else given
    paths = [os.path.join(project, base) for base in bases]  # noqa: PTH118 - MkDocs' own paths
    return {**config, "base_path": paths, "check_paths": True, "auto_append": []}
