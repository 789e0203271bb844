"""Pages in their theme, from the memo where nothing that a page shows has changed."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from provenote.faces.plain import plain
from provenote.memo import Memo, digest, key

_KNOWN = ("provenote.", "material.plugins.search.", "mkdocs.contrib.search", "mkdocs_jupyter.")
"""Plugins of which we know what they do with pages: what they do is seen in the key."""
_NOT_FOUND = "404.html"
_TOUCHING = (
    *("env", "nav", "template_context", "pre_page", "page_read_source"),
    *("page_markdown", "page_content", "page_context"),
)
"""Events in which a plugin may have a hand in what a theme is given."""


def remember(env: Environment, memo: Memo, config: MkDocsConfig) -> None:
    """Let a theme write each page only if there is something new in it."""
    pages = _Pages(memo, config)

    class Remembering(Template):
        def render(self, *args: Any, **kwargs: Any) -> str:
            render = super().render
            return pages.rendered(self.name or "", dict(*args, **kwargs), render)

    env.template_class = Remembering


class _Pages:
    """What is asked for in one build."""

    def __init__(self, memo: Memo, config: MkDocsConfig) -> None:
        self._memo = memo
        self._config = config
        self._site: tuple[Navigation, str | None] | None = None

    def rendered(self, template: str, context: dict[str, Any], render: Callable[..., str]) -> str:
        """A page in its theme, or what stands for one that is not there."""
        page: Page | None = context.get("page")
        if page is None and template != _NOT_FOUND:
            return render(context)
        name = self._name(template, page, context)
        kept = self._memo.recall(name) if name else None
        content = page.content or "" if page else ""
        if kept is not None:
            at, has_content = kept.value
            return "".join((kept.text[:at], content * has_content, kept.text[at:]))
        head, has_content, tail = _around(render(context), content)
        if name:
            self._memo.keep(name, (len(head), has_content), head + tail)
        return head + content * has_content + tail

    def _name(self, template: str, page: Page | None, context: Mapping[str, Any]) -> str | None:
        """The key of a page: all that a theme can know of it, and of the site."""
        nav = context["nav"]
        if self._site is None or self._site[0] is not nav:
            self._site = (nav, self._of_site(nav))
        site = self._site[1]
        if site is None:
            return None
        try:
            content = page.content if page else None
            return key("templated", site, template, context["base_url"], _about(page), content)
        except TypeError:
            return None

    def _of_site(self, nav: Navigation) -> str | None:
        """What the pages of a site have in common; None where anything may be in them."""
        if not _is_installed(self._config) or any(_unknown(self._config)):
            return None
        try:
            return digest(plain(self._config), plain(nav.items), [page.url for page in nav.pages])
        except TypeError:
            return None


def _about(page: Page | None) -> object:
    """A page as its template sees it, but for its content."""
    if page is None:
        return None
    around = [one and one.url for one in (page.previous_page, page.next_page)]
    above = [one.title for one in page.ancestors]
    own = plain([page, page.toc, page.canonical_url, page.abs_url])
    return (around, above, own)


def _is_installed(config: MkDocsConfig) -> bool:
    """Whether the theme is Material as it is: templates of an author's own may show anything."""
    homes = [Path(folder).parts for folder in config.theme.dirs]
    return config.theme.name == "material" and all(
        any(part.endswith("-packages") for part in parts) for parts in homes
    )


def _unknown(config: MkDocsConfig) -> Iterator[str]:
    """Plugins and hooks that have a hand in pages, save those that we know."""
    for event in _TOUCHING:
        for method in config.plugins.events[event]:
            module = str(type(getattr(method, "__self__", method)).__module__)
            if not f"{module}.".startswith(_KNOWN):
                yield module


# ------------------------------------------------------------- white space

_AS_IT_IS = re.compile(r"(<(pre|script|style|textarea)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)
_LINES = re.compile(r"\n\s+")


def _around(html: str, content: str) -> tuple[str, bool, str]:
    """What stands before and behind a page's content, and whether it does stand between."""
    head, found, tail = html.partition(content) if content else (html, "", "")
    return _close(head), bool(found), _close(tail)


def _close(html: str) -> str:
    """A theme's HTML without its blank lines and indentation: half of a page, and not seen."""
    parts = _AS_IT_IS.split(html)
    return "".join(
        part if number % 3 else _LINES.sub("\n", part)
        for number, part in enumerate(parts)
        if number % 3 != 2
    )
