"""Notebooks as files, made short."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Cell = str | tuple[str, Sequence[str]]


def notebook(
    *cells: Cell, language: str = "python", outputs: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Code cells, or `# Markdown` cells; a pair is a code cell with tags."""
    return json.dumps(
        {
            "cells": [_cell(cell, outputs) for cell in cells],
            "metadata": {"kernelspec": {"name": "x", "display_name": "x", "language": language}},
            "nbformat": 4,
            "nbformat_minor": 4,
        },
        indent=1,
    )


def _cell(cell: Cell, outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    source, tags = (cell, ()) if isinstance(cell, str) else cell
    lines = source.splitlines(keepends=True)
    if source.startswith("# "):
        return {"cell_type": "markdown", "metadata": {}, "source": lines}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": list(outputs),
        "source": lines,
    }
