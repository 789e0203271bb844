"""Raw HTML is whole: an element that nothing ends, ends with its block, as in Obsidian.

Left open, a `<div>` would hold the rest of the page, that of the site's theme included,
and a `<script>` that the prose speaks of would swallow it. An end of nothing is left out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][\w-]*)\b[^<>]*>", re.DOTALL)
_TEXT = frozenset({"script", "style", "textarea", "title", "xmp"})
"""What holds no elements: up to its end, all is its text."""
_HIDDEN = _TEXT | {"iframe", "noembed", "noframes", "noscript", "select", "template"}
"""Where in a line of prose nothing would be seen of what follows."""
_NEVER_ENDED = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"}
    | {"source", "track", "wbr"}
)
_ENDED_BY_OTHERS = frozenset(
    {"body", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p", "rp", "rt"}
    | {"tbody", "td", "tfoot", "th", "thead", "tr"}
)
_UNPAIRED = _NEVER_ENDED | _ENDED_BY_OTHERS


@dataclass
class _Tag:
    """A tag, where it stands."""

    name: str
    closes: bool
    token: Token
    at: tuple[int, int]


Opened = tuple[int, _Tag, Token]
"""A tag with its number in the note, and its block."""


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("inline", "html_balance", _balance)


def _balance(state: StateCore) -> None:
    opened: list[Opened] = []
    unended: list[Opened] = []
    names: Counter[str] = Counter()
    changes: dict[int, list[tuple[_Tag, str]]] = defaultdict(list)
    blocks = [t for t in state.tokens if t.type in {"inline", "html_block"} and "<" in t.content]
    pairs = ((tag, is_text, block) for block in blocks for tag, is_text in _tags(block))
    for number, (tag, is_text, block) in enumerate(pairs):
        if is_text and not tag.closes:
            changes[id(tag.token)].append((tag, "&lt;"))
        elif not tag.closes:
            opened.append((number, tag, block))
            names[tag.name] += 1
        elif not names[tag.name]:
            changes[id(tag.token)].append((tag, ""))
        else:
            while (last := opened.pop())[1].name != tag.name:
                unended.append(last)
                names[last[1].name] -= 1
            names[tag.name] -= 1
    for block in blocks if changes else ():
        for token in (block, *(block.children or ())):
            if found := changes.get(id(token)):
                _change(token, found)
    ends: dict[int, list[str]] = defaultdict(list)
    for _, tag, block in sorted([*unended, *opened], key=itemgetter(0), reverse=True):
        ends[id(block)].append(f"</{tag.name}>")
    for block in blocks if ends else ():
        _end(block, "".join(ends[id(block)]))


def _tags(block: Token) -> Iterator[tuple[_Tag, bool]]:
    """The tags of a block that have to be paired, and whether they hold text that has no end."""
    found = list(_all_tags(block.children or [] if block.type == "inline" else [block]))
    ends = {tag.name: at for at, tag in enumerate(found) if tag.closes}
    hidden = _HIDDEN if block.type == "inline" else _TEXT
    within = ""
    for at, tag in enumerate(found):
        if within:
            within = "" if tag.closes and tag.name == within else within
        elif tag.name in hidden and not tag.closes and ends.get(tag.name, -1) > at:
            within = tag.name
        else:
            yield tag, tag.name in hidden


def _all_tags(tokens: Sequence[Token]) -> Iterator[_Tag]:
    for token in tokens:
        if token.type not in {"html_block", "html_inline"}:
            continue
        for match in _TAG.finditer(token.content):
            name = (match[2] or "").lower()
            if name and name not in _UNPAIRED and not match[0].endswith("/>"):
                yield _Tag(name, bool(match[1]), token, match.span())


def _change(token: Token, changes: Sequence[tuple[_Tag, str]]) -> None:
    """Leave out the ends of nothing, and show what would swallow what follows as text."""
    if token.type == "html_inline" and changes[0][1]:
        token.type = "text"
        return
    for tag, sign in reversed(changes):
        start, stop = tag.at
        rest = token.content[start + 1 : stop] if sign else ""
        token.content = token.content[:start] + sign + rest + token.content[stop:]


def _end(block: Token, ends: str) -> None:
    if ends and block.type == "html_block":
        block.content = f"{block.content.rstrip()}{ends}\n"
    elif ends:
        block.children = [*(block.children or ()), Token("html_inline", "", 0, content=ends)]
