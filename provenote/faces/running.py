"""Runs one note or script and shows on the terminal what it gives."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from provenote.faces.progress import Progress
from provenote.model import Display, Failure, Output, Plan, Result, Stream, VaultFile, VaultPath
from provenote.notes import parse
from provenote.paths import fold, stem
from provenote.problems import Code, Problem, in_order
from provenote.run.results import problems as failures
from provenote.run.sessions import run
from provenote.settings import Settings
from provenote.snippets import plan_note, plan_script
from provenote.vault import scan


def find(name: str, settings: Settings) -> Path | None:
    """A file by its path, or a note or script of the vault by its name."""
    if Path(name).is_file():
        return Path(name).absolute()
    vault, _ = scan(settings)
    wanted = fold(name.removesuffix(".md"))
    found = [file for file in vault.notes if wanted in {fold(stem(file.path)), fold(file.path)}]
    found += [file for file in vault.snippets if wanted == fold(Path(file.path).name)]
    return found[0].absolute if found else None


def run_file(path: Path, settings: Settings) -> tuple[Problem, ...]:
    """Run a file's sessions anew, print their outputs, and say what is wrong."""
    file = VaultFile(VaultPath(path.name), path, settings.shown(path))
    plan = _plan(file, settings)
    with Progress() as progress:
        results = run(plan.sessions, settings, store=None, progress=progress)
    for text, is_error in _texts(results.values()):
        click.echo(text, nl=False, err=is_error)
    return in_order([*plan.problems, *failures(results)])


def _plan(file: VaultFile, settings: Settings) -> Plan:
    if file.absolute.suffix == ".py":
        return plan_script(file, settings)
    note = parse(file, settings.dialect)
    plan = plan_note(note, settings)
    readable = (Code.NOT_UTF8, Code.UNREADABLE)
    return Plan(plan.sessions, (*(p for p in note.problems if p.code in readable), *plan.problems))


def _texts(results: Iterable[Result]) -> Iterator[tuple[str, bool]]:
    for result in results:
        for outputs in result.outputs:
            yield from map(_text, outputs)


def _text(output: Output) -> tuple[str, bool]:
    """What an output looks like on a terminal, and whether it belongs on stderr."""
    match output:
        case Stream(name, text):
            return text, name == "stderr"
        case Display(data):
            figure = f"[figure] {data.get('text/x-alt', '')}".rstrip()
            return data.get("text/plain", figure).rstrip("\n") + "\n", False
        case Failure(place, cause, _):
            return f"{place}: {cause}\n", True
