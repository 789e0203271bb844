"""The site's Python-Markdown extensions, as the dialect that they make notes be written in."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.extensions.toc import TocExtension, TocTreeprocessor
from pymdownx.snippets import SnippetExtension, SnippetMissingError, SnippetPreprocessor

from provenote.dialect import Dialect, Included

_EXTRA = ("abbr", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
_BUNDLES = {"extra": _EXTRA, "pymdownx.extra": _EXTRA}
"""Extensions that are nothing but others."""
_OF_THE_SITE = {"pymdownx.critic", "pymdownx.emoji", "pymdownx.keys", "pymdownx.smartsymbols"}
"""Those whose HTML is Python-Markdown's own."""
_HIGHLIGHT = "pymdownx.highlight"
_SNIPPETS = "pymdownx.snippets"
_TOC = "toc"


def dialect(
    extensions: Iterable[str | Extension], configs: Mapping[str, Any], project: Path
) -> Dialect:
    """What notes may hold on a site with these `markdown_extensions`."""
    names = _names(extensions)
    kept = {name: configs.get(name) or {} for name in names}

    @cache
    def markdown() -> Markdown:
        used = sorted(names & {"attr_list", "pymdownx.tabbed", *_OF_THE_SITE})
        return Markdown(extensions=used, extension_configs={name: kept[name] for name in used})

    @cache
    def convert(text: str) -> str:
        return markdown().reset().convert(text).removeprefix("<p>").removesuffix("</p>")

    plain = Dialect(
        extensions=frozenset(names), convert=convert, highlight=kept.get(_HIGHLIGHT, {})
    )
    if _TOC in names:
        toc = TocTreeprocessor(Markdown(), TocExtension(**kept[_TOC]).getConfigs())
        plain = replace(plain, contents=range(toc.toc_top, toc.toc_bottom + 1))
    if _SNIPPETS not in names:
        return plain
    snippets = _Snippets(kept[_SNIPPETS], project)
    return replace(plain, include=snippets.included, appended=snippets.appended)


def structure(written: object) -> Dialect:
    """What a mkdocs.yml's `markdown_extensions` say of where a note's blocks stand.

    For faces that show no page: icons and what `--8<--` includes are left as they are.
    """
    entries = written if isinstance(written, list | dict) else ()
    names = [next(iter(entry), "") if isinstance(entry, dict) else entry for entry in entries]
    return Dialect(extensions=frozenset(_names(names) - _OF_THE_SITE - {_SNIPPETS}))


def _names(extensions: Iterable[object]) -> set[str]:
    given = (name for name in extensions if isinstance(name, str))
    names = {name.removeprefix("markdown.extensions.") for name in given}
    for bundle in names & _BUNDLES.keys():
        names |= {*_BUNDLES[bundle]}
    return names


class _Snippets(SnippetPreprocessor):  # type: ignore[misc] # it has no types
    """Reads what `--8<--` includes, and says which files that was.

    A file that is not there is noticed, and paths start at the project, wherever the
    build does.
    """

    def __init__(self, config: Mapping[str, Any], project: Path) -> None:
        given = config.get("base_path", ["."])
        bases = [given] if isinstance(given, str | os.PathLike) else given
        paths = [os.path.join(project, base) for base in bases]  # noqa: PTH118 - MkDocs' own paths
        appended: Iterable[str] = config.get("auto_append") or ()
        wanted = {**config, "base_path": paths, "check_paths": True, "auto_append": []}
        super().__init__(SnippetExtension(**wanted).getConfigs(), Markdown())
        self.appended = tuple(f"--8<--\n{path}\n--8<--" for path in appended)
        self._project = project.absolute()
        self._files: list[str] = []

    def included(self, text: str) -> Included:
        """What lines with `--8<--` stand for."""
        self._files = []
        try:
            lines = self.run(text.split("\n"))
        except SnippetMissingError as error:
            return Included(wrong=f"{str(error)[0].lower()}{str(error)[1:]}")
        except (OSError, ValueError) as error:
            why = "no UTF-8" if isinstance(error, UnicodeError) else error
            read = " ".join([*self._files[-1:], "cannot be read"])
            return Included(wrong=f"{read}: {getattr(error, 'strerror', None) or why}")
        return Included("\n".join(lines), tuple(self._files))

    def get_snippet_path(self, path: str) -> str | None:
        """Find a file, and keep it in mind."""
        found: str | None = super().get_snippet_path(path)
        if found is not None:
            file = Path(found)
            inside = file.is_relative_to(self._project)
            self._files.append((file.relative_to(self._project) if inside else file).as_posix())
        return found
