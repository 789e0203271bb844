"""Notebooks with the outputs of their run, for another plugin of the host to make pages of."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from provenote.model import (
    Display,
    Failure,
    Notebook,
    NotebookPage,
    Output,
    Result,
    Session,
    SessionId,
    Show,
    Stream,
)
from provenote.notebooks import marks, tags
from provenote.option_lines import split
from provenote.pages.backlinks import backlinks
from provenote.pages.book import Book, Shown, beside
from provenote.pages.outputs import Spot, alone
from provenote.pages.printed import line
from provenote.problems import Place, Problem
from provenote.run import svg


def executed(
    notebook: Notebook,
    sessions: Sequence[Session],
    results: Mapping[SessionId, Result],
    book: Book,
) -> NotebookPage:
    """A notebook as Jupyter would leave it, had it run there."""
    file = notebook.file
    session = next((one for one in sessions if one.id == file.shown), None)
    content = None
    if session is not None:
        ran = {one.cell.begins: one for one in beside(session, results.get(session.id))}
        document = {**notebook.document, "cells": _cells(notebook, ran)}
        content = json.dumps(document, ensure_ascii=False, indent=1)
    linked = backlinks(file.path, book, book.urls[file.path])
    return NotebookPage(file.path, file.absolute, content, linked)


def _cells(notebook: Notebook, ran: Mapping[Place, Shown]) -> list[dict[str, Any]]:
    written = []
    number = 0
    for cell, place in zip(notebook.document["cells"], notebook.places, strict=True):
        shown = ran.get(place)
        if shown is None or cell["cell_type"] != "code":
            written.append(cell)
            continue
        number += 1
        options = shown.cell.options
        if options.show is not Show.HIDDEN or options.output:
            written.append(_cell(cell, shown, number))
    return written


def _cell(cell: Mapping[str, Any], shown: Shown, number: int) -> dict[str, Any]:
    options = shown.cell.options
    # A cell that the author leaves out of the run keeps what it once gave, as in Jupyter.
    saved = [] if options.eval else cell.get("outputs") or []
    if shown.skipped:
        text = f"Not run: {shown.skipped}\n"
        saved = [*saved, {"output_type": "stream", "name": "stdout", "text": text}]
    return {
        **cell,
        "source": split(cell["source"], shown.cell.begins)[1],
        "metadata": {**cell["metadata"], "tags": marks(options, tags(cell))},
        "execution_count": number if options.eval else cell.get("execution_count"),
        "outputs": [*saved, *_outputs(shown, number)] if options.output else [],
    }


def _outputs(shown: Shown, number: int) -> list[dict[str, Any]]:
    return [
        _output(output, shown, f"cell-{number}-{at}")
        for at, output in enumerate(shown.outputs)
        if shown.cell.options.warning or not _is_stderr(output)
    ]


def _is_stderr(output: Output) -> bool:
    return isinstance(output, Stream) and output.name == "stderr"


def _output(output: Output, shown: Shown, prefix: str) -> dict[str, Any]:
    match output:
        case Stream(name, text):
            return {"output_type": "stream", "name": name, "text": text}
        case Failure(_, cause, traceback):
            name, _, value = cause.partition(": ")
            lines = (traceback or cause).splitlines()
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
        case Display(data):
            return {
                "output_type": "display_data",
                "metadata": {},
                "data": _bundle(data, shown, prefix),
            }


def _bundle(data: Mapping[str, str], shown: Shown, prefix: str) -> dict[str, str]:
    """A MIME bundle; a figure is written as in notes, so that it follows the page's colours."""
    known = {kind: text for kind, text in data.items() if kind not in {svg.ALT, svg.SIZE}}
    if "text/html" in known or not any(kind.startswith("image/") for kind in known):
        return known
    label = shown.cell.options.label
    captions = [line(text, shown.cell.place, _unsaid) for text in shown.cell.options.fig_cap]
    spot = Spot(prefix, report=_unsaid, keeps_id=bool, captions=captions)
    figure = alone(data, shown, spot)
    html = f'<div id="{label}">{figure}</div>' if label else figure
    return {"text/plain": data.get(svg.ALT, ""), **known, "text/html": html}


def _unsaid(problem: Problem) -> None:
    """A notebook's page is the host's, and so is what showing it finds wrong."""
