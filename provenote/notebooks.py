"""Read notebooks: `.ipynb` files, and Python files in the percent format."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provenote import percent
from provenote.cell_options import TAGS
from provenote.halves import from_json
from provenote.model import CellOptions, Notebook, Show, VaultFile
from provenote.problems import Place, Problem, cannot_read

_KINDS = ("code", "markdown", "raw")
_HEADER = re.compile(r"\A(?:#!.*\n)?(?:# -\*-.*\n)?# ---\n(?:#.*\n)*?# ---\n")
"""What Jupytext writes at the top of a file."""


def read(files: Iterable[VaultFile]) -> tuple[tuple[Notebook, ...], tuple[Problem, ...]]:
    """The notebooks among these files; one that cannot be read stays a file, and is a problem.

    A Python file that no `# %%` cuts is a script, and no notebook.
    """
    notebooks, problems = [], []
    for file in files:
        try:
            notebook = _percent(file) if file.path.endswith(".py") else _ipynb(file)
        except (OSError, ValueError, SyntaxError, RecursionError) as error:
            problems.append(cannot_read(file.shown, error, " as a notebook"))
        else:
            notebooks += [notebook] if notebook else []
    return tuple(notebooks), tuple(problems)


def _ipynb(file: VaultFile) -> Notebook:
    """Raises: OSError, ValueError."""
    document = from_json(file.absolute.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise ValueError("it has no cells, as a file of Jupyter's format 4 has")
    cells = [_whole(cell) for cell in document["cells"]]
    numbers = _counted(cells)
    return Notebook(
        file,
        {**document, "cells": cells},
        tuple(Place(file.shown, 1, cell=number) for number in numbers),
        python=_language(document) == "python",
    )


def _whole(cell: Any) -> dict[str, Any]:
    """A cell with its source in one piece, and with all that a cell must have."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in _KINDS:
        raise ValueError("one of its cells is none of code, markdown and raw")
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell.get("metadata")
    return {**cell, "source": text, "metadata": metadata if isinstance(metadata, dict) else {}}


def _counted(cells: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    """The number that Jupyter gives each cell when it runs all; 0 for what does not run."""
    number = 0
    for cell in cells:
        runs = is_code(cell)
        number += runs
        yield number if runs else 0


def is_code(cell: Mapping[str, Any]) -> bool:
    """Whether there is anything to run in a cell of a notebook's document."""
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


def _language(document: Mapping[str, Any]) -> str:
    said = document.get("metadata")
    for where, name in (("kernelspec", "language"), ("language_info", "name")):
        part = said.get(where) if isinstance(said, dict) else None
        if isinstance(part, dict) and part.get(name):
            return str(part[name]).lower()
    return "python"


def _percent(file: VaultFile) -> Notebook | None:
    """Raises: OSError, ValueError, SyntaxError."""
    source = percent.read(file)
    if not percent.is_percent(source):
        return None
    parts = [one for one in percent.parts(source) if _HEADER.sub("", one.text).strip()]
    cells = [_markdown(one.text) if one.prose else _code(one.text) for one in parts]
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": cells,
        "metadata": {"kernelspec": python},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    return Notebook(file, document, tuple(Place(file.shown, one.line) for one in parts))


def _code(text: str) -> dict[str, Any]:
    text = _HEADER.sub("", text).strip("\n")
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}


def _markdown(text: str) -> dict[str, Any]:
    """Prose as a string that stands alone, or as comments."""
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        value = re.sub(r"^# ?", "", text, flags=re.MULTILINE)
    return {"cell_type": "markdown", "source": str(value).strip("\n"), "metadata": {}}


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell, as Jupyter Book writes them."""
    given = cell["metadata"].get("tags")
    return [str(tag).replace("_", "-") for tag in given] if isinstance(given, list) else []


def marks(options: CellOptions, kept: Iterable[str]) -> list[str]:
    """The tags that tell the host's page how to show a cell, and those that mean other things."""
    shown = {Show.HIDDEN: ["remove-input"], Show.FOLDED: ["hide-input"]}
    return [*shown.get(options.show, []), *(tag for tag in kept if tag not in TAGS)]
