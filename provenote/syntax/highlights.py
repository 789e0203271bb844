"""Highlights: `==marked, also across *formatting*==`."""

from markdown_it import MarkdownIt

from provenote.syntax import doubled


def plugin(md: MarkdownIt) -> None:
    doubled.plugin(md, "=", "mark")
