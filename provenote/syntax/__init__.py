"""The syntax of a vault: CommonMark with Obsidian's additions, one construct a file.

Each construct is a plugin of markdown-it; this is the list of them, in the order in
which they are given the text. All that reads or renders a note speaks these tokens.
"""

from functools import lru_cache

from markdown_it import MarkdownIt

from provenote.dialect import OBSIDIAN, Dialect
from provenote.syntax import (
    bare_addresses,
    block_ids,
    callouts,
    comments,
    embeds,
    fields,
    footnotes,
    headings,
    highlights,
    html_balance,
    html_comments,
    material,
    maths,
    maths_marks,
    nesting,
    places,
    references,
    schemes,
    tags,
    tasks,
    wikilinks,
)

CONSTRUCTS = (
    comments.plugin,  # %%hidden%%: first, so that nothing in it is read
    html_comments.plugin,  # <!-- hidden -->
    wikilinks.plugin,  # [[note#heading|text]] and ![[embed]]
    references.plugin,  # @fig-label
    maths.plugin,  # $x$ and $$x$$
    highlights.plugin,  # ==marked==
    fields.plugin,  # [key:: value] and (key:: value)
    tags.plugin,  # #nested/tag
    footnotes.plugin,  # [^1] and ^[inline]
    embeds.plugin,  # a paragraph is cut where it embeds a note
    tasks.plugin,  # - [ ] to do
    callouts.plugin,  # > [!note] title
    block_ids.plugin,  # ^block-id
    bare_addresses.plugin,  # https://example.org
    schemes.plugin,  # what may be linked
    nesting.plugin,  # how deep quotes and lists go
    html_balance.plugin,  # <div> without </div>
    places.plugin,  # where links stand
    headings.plugin,  # an anchor for each heading: last, when their text is final
)


@lru_cache(maxsize=8)
def parser(dialect: Dialect = OBSIDIAN) -> MarkdownIt:
    """The one tokenizer of site, tests and command line."""
    md = MarkdownIt("commonmark", {"breaks": True, "linkify": True, "html": True})
    md.enable(["table", "strikethrough"])
    for construct in CONSTRUCTS:
        construct(md)
    maths_marks.plugin(md, dialect.maths)
    material.plugin(md, dialect)
    return md


@lru_cache(maxsize=8)
def line_parser(dialect: Dialect = OBSIDIAN) -> MarkdownIt:
    """The tokenizer of a text that is one line by itself: a caption. It has no footnotes."""
    md: MarkdownIt = parser.__wrapped__(dialect)
    return md.disable(["footnote_ref", "footnote_inline"])
