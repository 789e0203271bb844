"""Material for MkDocs' own syntax within a note: what the site's extensions add.

A site switches these constructs on, as in plain MkDocs, by naming the Python-Markdown
extension in `markdown_extensions`; a vault that names none is Obsidian's alone, where
`!!!` is text.

Two ways were open: to hand whole blocks to Python-Markdown, or to read their structure
here. Python-Markdown knows neither wikilinks nor places nor cells, and a block often
holds them: so what has parts of ours in it (admonitions, tabs, HTML with `markdown`,
definition lists, attribute lists) is read here, by rules that make the same elements and
classes, and its content is ordinary tokens with ordinary places. What has none, icons,
keys and symbols, is Python-Markdown's, with the site's own configuration; and so is
finding the file that `--8<--` includes, whose text is then read as the note's.
"""

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

from provenote.dialect import Dialect
from provenote.syntax import (
    abbreviations,
    admonitions,
    attributes,
    captions,
    critic,
    icons,
    inclusions,
    inline_code,
    markdown_in_html,
    scripts,
    symbols,
    tabs,
)

_CONSTRUCTS = {
    "admonition": admonitions.boxes,  # !!! note "Title"
    "pymdownx.details": admonitions.details,  # ??? note, ???+ note
    "md_in_html": markdown_in_html.plugin,  # <div class="grid cards" markdown>
    "def_list": deflist_plugin,  # a term, and below it `:   its definition`
    "pymdownx.blocks.caption": captions.plugin,  # /// caption
    "pymdownx.caret": scripts.carets,  # ^^inserted^^ and A^T^A
    "pymdownx.tilde": scripts.tildes,  # H~2~O
    "pymdownx.inlinehilite": inline_code.plugin,  # `#!python range(9)`
    "abbr": abbreviations.plugin,  # *[HTML]: Hyper Text Markup Language
    "attr_list": attributes.plugin,  # [text](address){ .md-button }
}


def plugin(md: MarkdownIt, dialect: Dialect) -> None:
    """Read what the site's extensions stand for."""
    for name, construct in _CONSTRUCTS.items():
        if name in dialect.extensions:
            construct(md)
    if "pymdownx.snippets" in dialect.extensions:
        inclusions.plugin(md, dialect)  # --8<-- "file.md"
    for name in icons.PATTERNS.keys() & dialect.extensions:
        icons.plugin(md, name, dialect.convert)  # :material-check:, ++ctrl+c++
    if "pymdownx.tabbed" in dialect.extensions:
        tabs.plugin(md, dialect.convert)  # === "Tab"
    if "pymdownx.critic" in dialect.extensions:
        critic.plugin(md, dialect.convert)  # {++added++}
    if "pymdownx.smartsymbols" in dialect.extensions:
        symbols.plugin(md, dialect.convert)  # (c), -->, 1/2
