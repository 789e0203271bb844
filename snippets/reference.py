"""Provenote's settings and problem codes, as tables read from its own source."""

import ast
import inspect
import re
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

from provenote import problems, settings
from provenote.cell_options import OPTIONS as CELL_OPTIONS
from provenote.cell_options import TAGS, Directives
from provenote.model import CellOptions


@dataclass
class Table:
    """Rows of HTML cells under a heading."""

    heading: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{cell}</th>" for cell in self.heading)
        rows = "".join(
            f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def documented(cls: type) -> dict[str, str]:
    """The text under each attribute of a class."""
    tree = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(tree, ast.ClassDef)
    texts = {}
    for node, below in pairwise(tree.body):
        if isinstance(below, ast.Expr) and isinstance(
            below.value, ast.Constant
        ):
            name = ast.unparse(node).replace(":", " ").split()[0]
            texts[name] = inspect.cleandoc(str(below.value.value))
    return texts


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def prose(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


# %% settings
#| echo: false
texts = documented(settings.Settings)
here = Path()
defaults = settings.Settings(project=here, vault=here, jobs=1)


def default(name: str) -> str:
    value = getattr(defaults, name)
    if name == "jobs":
        return "one a core"
    values = value if isinstance(value, tuple) else (value,)
    return " ".join(code(written(one)) for one in values if one != "") or "none"


def written(value: object) -> str:
    """A value as authors write it in YAML."""
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(getattr(value, "value", value))
    )


Table(
    ("setting", "default", "what it does"),
    [
        (code(name), default(name), prose(texts[name]))
        for name in settings.OPTIONS
    ],
)

# %% options
#| echo: false
tags = "; ".join(
    f"`{tag}` for `{name}: {value}`" for tag, (name, value) in TAGS.items()
)
shown = {
    "echo": "Whether the source is shown.",
    "include": "Whether anything of the cell is shown: source or output.",
    "code_fold": "Whether the source is folded; `show` makes it foldable, and open at first.",
    "tags": f"Tags of Jupyter Book, each for an option: {tags}.",
}
texts = documented(CellOptions) | documented(Directives) | shown
Table(
    ("option", "what it says"),
    [
        (code(name), prose(texts[name.replace("-", "_")]))
        for name in CELL_OPTIONS
    ],
)

# %% problems
#| echo: false
texts = documented(problems.Code)
Table(
    ("code", "what it means", "ends the build"),
    [
        (
            code(c.value),
            prose(texts[c.name]),
            "always" if c.breaks_build else "if strict",
        )
        for c in problems.Code
    ],
)
