"""What the plugin mkdocs-jupyter and we do for notebooks: we run them, it renders them.

By itself it starts a kernel for each, passes over cells that fail, and with its cache
does not see that a module has changed. So it is handed notebooks that have run.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from provenote.settings import Notebooks
from provenote.syntax.maths import typeset_html

if TYPE_CHECKING:  # pytest, which reads the options, has no need of MkDocs
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from provenote.faces.rebuilding import Rebuilding

NAME = "mkdocs-jupyter"
_INCLUDE = ("*.py", "*.ipynb", "*.md")
"""What it makes pages of where it is not told."""


def given(plugins: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the author's mkdocs.yml says to mkdocs-jupyter; None if it is not among the plugins."""
    if NAME not in plugins:
        return None
    said: dict[str, Any] = {}
    with warnings.catch_warnings():  # that it goes in a later MkDocs, which we do not allow
        warnings.simplefilter("ignore", DeprecationWarning)
        for options in plugins[NAME].config.user_configs:
            said |= options
    return said


def notebooks(options: Mapping[str, Any] | None) -> Notebooks | None:
    """Of which files there are pages, and which of these run: all, unless the author says no."""
    if options is None:
        return None
    return Notebooks(
        include=_strings(options.get("include", _INCLUDE)),
        ignore=_strings(options.get("ignore")),
        execute=options.get("execute") is not False,
        execute_ignore=_strings(options.get("execute_ignore")),
    )


def _strings(value: object) -> tuple[str, ...]:
    items: Iterable[object] = value if isinstance(value, list | tuple) else ()
    return tuple(item for item in items if isinstance(item, str))


def take_over(plugins: Mapping[str, Any]) -> None:
    """Keep it from running notebooks, from keeping what it made of them, and from MathJax 4.

    By the older version, formulas stay as they are written.
    """
    if NAME in plugins:
        own = {"execute": False, "cache": False, "mathjax_version": 2}
        plugins[NAME].config.update(own)


@contextmanager
def handed_over(page: "Page", content: str, rebuilding: "Rebuilding") -> Iterator[None]:
    """Let it read this notebook in the place of the file, which it finds by its path.

    The file may be gone by now.
    """
    file, render = page.file, page.render

    def render_what_is_new(config: "MkDocsConfig", files: "Files") -> None:
        rebuilding.rendered(page, content, lambda: render(config, files))

    page.render = render_what_is_new  # type: ignore[method-assign]
    saved = file.abs_src_path
    with TemporaryDirectory(prefix="provenote-") as scratch:
        path = Path(scratch) / f"{file.name}.ipynb"
        path.write_text(content, encoding="utf-8")
        file.abs_src_path = str(path)
        try:
            yield
        finally:
            file.abs_src_path = saved


# ---------------------------------------------------------------- its pages

_MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
_CODE = re.compile(
    r'<div class="jp-Cell jp-CodeCell (?P<tags>[^"]*)">\s*'
    r'(?P<source><div class="jp-Cell-inputWrapper"[^>]*>)'
)
_DIV = re.compile(r"<(/?)div\b[^>]*>")


def typeset(html: str) -> str:
    """A page of it with its formulas as those of notes: MathJax would be had from elsewhere."""
    return typeset_html(_MATHJAX.sub("", html))


def folded(html: str) -> str:
    """A page of it with the code of cells hidden or folded, as their tags ask for."""
    parts = []
    end = 0
    for match in _CODE.finditer(html):
        start, tags = match.start("source"), match["tags"].split()
        hidden = "celltag_remove-input" in tags
        if hidden or "celltag_hide-input" in tags:
            stop = _close(html, start)
            code = f"<summary>Code</summary>\n{html[start:stop]}"
            parts.append(html[end:start])
            parts.append("" if hidden else f'<details class="pn-code">{code}</details>\n')
            end = stop
    return "".join([*parts, html[end:]])


def _close(html: str, start: int) -> int:
    """Where the element that opens at `start` has ended; code within it is escaped."""
    depth = 0
    for match in _DIV.finditer(html, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return match.end()
    return len(html)
