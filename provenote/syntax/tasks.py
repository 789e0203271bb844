"""Task lists: `- [ ] to do`, `- [x] done`, and any other mark, `- [?] asked`."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_TASK = re.compile(r"\[(.(?=\][ \t]+\S)|[ xX](?=\]$))\][ \t]*")


def plugin(md: MarkdownIt) -> None:
    md.core.ruler.after("block", "tasks", _mark)
    md.core.ruler.after("inline", "task_boxes", _boxes)


def _mark(state: StateCore) -> None:
    """Take the mark off the text before it is read as a link."""
    for item, paragraph, inline in zip(
        state.tokens, state.tokens[1:], state.tokens[2:], strict=False
    ):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        if match := _TASK.match(inline.content):
            item.attrJoin("class", "task-list-item")
            item.attrSet("data-task", match[1])
            inline.content = inline.content[match.end() :]
            inline.meta["task"] = match[1]


def _boxes(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and "task" in token.meta:
            checked = "" if token.meta["task"] == " " else " checked"
            box = Token("html_inline", "", 0)
            box.content = f'<input type="checkbox" disabled{checked}> '
            token.children = [box, *(token.children or ())]
