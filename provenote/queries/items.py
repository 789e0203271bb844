"""Items of lists, tasks among them: what queries see of each."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from provenote.model import VaultFile
from provenote.queries import dates
from provenote.queries.evaluate import plain
from provenote.queries.values import Reference, Value
from provenote.syntax import block_ids, comments
from provenote.syntax.fields import fields

_EMOJI = {"🗓️": "due", "📅": "due", "📆": "due", "🗓": "due", "✅": "completion", "➕": "created"}
_SHORTHANDS = {**_EMOJI, "⏳": "scheduled", "⌛": "scheduled", "🛫": "start"}
_SHORTHAND = re.compile(rf"({'|'.join(_SHORTHANDS)})\s*(\d{{4}}-\d{{2}}-\d{{2}})")


@dataclass(frozen=True)
class Item:
    """An item of a list, with the tokens that show it."""

    opening: Token
    inline: Token
    section: str
    children: list["Item"] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What stands in a task's brackets; '' for an item that is no task."""
        return str(self.opening.attrs.get("data-task", ""))

    @property
    def is_task(self) -> bool:
        return "data-task" in self.opening.attrs


class ItemFields(dict[str, Value]):
    """The fields of an item that knows how it is shown."""

    def __init__(self, item: Item, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.item = item


def read_items(tokens: Sequence[Token]) -> list[Item]:
    """All items of lists, in order; each also among the children of the one it stands in."""
    found: list[Item] = []
    around: list[Item] = []
    section = ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            section = token.meta["text"]
        elif token.type == "list_item_open":
            inline = tokens[at + 2] if at + 2 < len(tokens) else token
            has_text = tokens[at + 1].type == "paragraph_open" and inline.type == "inline"
            text = inline if has_text else Token("inline", "", 0, children=[])
            item = Item(token, text, section)
            if around:
                around[-1].children.append(item)
            found.append(item)
            around.append(item)
        elif token.type == "list_item_close":
            around.pop()
    return found


def item_fields(
    item: Item,
    file: VaultFile,
    value: Callable[[str], Value],
    reference: Callable[[str], Reference],
) -> ItemFields:
    """As Dataview sees an item: what it says, and the fields in it.

    `value` reads the value of a field, `reference` what stands in a link's brackets.
    """
    children = [item_fields(child, file, value, reference) for child in item.children]
    done = item.mark in {"x", "X"}
    text = comments.without(item.inline.content)
    own = {name: value(text) for name, text in fields(item.inline)}
    shorthand = {_SHORTHANDS[m[1]]: dates.read_date(m[2]) for m in _SHORTHAND.finditer(text)}
    block = item.opening.meta.get(block_ids.ATTRIBUTE)
    section = Reference(file.path, item.section, file=file)
    parts = item.inline.children or ()
    return ItemFields(
        item,
        {
            **shorthand,
            **own,
            **{plain(name): given for name, given in own.items()},
            "text": text,
            "visual": text,
            "task": item.is_task,
            "status": item.mark,
            "checked": item.is_task and item.mark != " ",
            "completed": done,
            "fullyCompleted": done and all(c["fullyCompleted"] for c in children if c["task"]),
            "line": (item.opening.map or [0])[0],
            "path": file.path,
            "section": section,
            "header": section,
            "link": Reference(file.path, f"^{block}", file=file) if block else section,
            "tags": [f"#{part.content}" for part in parts if part.type == "tag"],
            "outlinks": [
                reference(comments.without(part.meta["written"]).strip("![]"))
                for part in parts
                if part.type == "wikilink"
            ],
            "children": children,
            "subtasks": [child for child in children if child["task"]],
            "annotated": bool(own),
            "blockId": block,
        },
    )
