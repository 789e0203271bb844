"""Run one note, script or notebook."""

from dataclasses import dataclass, replace
from pathlib import Path

from provenote.model import Display, Failure, Output, Plan, Result, Stream, VaultFile, VaultPath
from provenote.notes import parse
from provenote.paths import fold, stem
from provenote.problems import Code, Problem, in_order
from provenote.run import svg
from provenote.run.results import problems as failures
from provenote.run.sessions import Progress, run, silent
from provenote.settings import Notebooks, Settings
from provenote.snippets import plan_note, plan_notebook_file, plan_script
from provenote.vault import scan


def find(name: str, settings: Settings) -> Path | None:
    """A file by its path, or a note, script or notebook of the vault by its name."""
    if Path(name).is_file():
        return Path(name).absolute()
    vault, _ = scan(settings)
    wanted = fold(name.removesuffix(".md"))
    found = [file for file in vault.notes if wanted in {fold(stem(file.path)), fold(file.path)}]
    others = (*vault.snippets, *(f for f in vault.attachments if f.path.endswith(".ipynb")))
    found += [file for file in others if wanted == fold(Path(file.path).name)]
    return found[0].absolute if found else None


@dataclass(frozen=True)
class Outcome:
    """What the snippets of one file gave."""

    results: tuple[Result, ...]
    """One for each session."""
    problems: tuple[Problem, ...]

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All of them, in order."""
        return tuple(one for result in self.results for cell in result.outputs for one in cell)

    @property
    def text(self) -> str:
        """What the terminal shows, save what went to stderr."""
        return "".join(text for text, is_error in map(printed, self.outputs) if not is_error)

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures, as SVG."""
        bundles = (one.data for one in self.outputs if isinstance(one, Display))
        return tuple(data[svg.KIND] for data in bundles if svg.KIND in data)


def run_file(path: Path, settings: Settings, progress: Progress = silent) -> Outcome:
    """Run a file's sessions anew."""
    file = VaultFile(VaultPath(path.name), path, settings.shown(path))
    plan = _plan(file, settings)
    results = run(plan.sessions, settings, store=None, progress=progress)
    problems = in_order([*plan.problems, *failures(results)])
    return Outcome(tuple(results.values()), problems)


def _plan(file: VaultFile, settings: Settings) -> Plan:
    if file.absolute.suffix == ".py":
        return plan_script(file, settings)
    if file.absolute.suffix == ".ipynb":
        shown = replace(settings, notebooks=settings.notebooks or Notebooks())
        return plan_notebook_file(file, shown)
    note = parse(file, settings.dialect)
    plan = plan_note(note, settings)
    readable = (Code.NOT_UTF8, Code.UNREADABLE)
    return Plan(plan.sessions, (*(p for p in note.problems if p.code in readable), *plan.problems))


def printed(output: Output) -> tuple[str, bool]:
    """What an output looks like on a terminal, and whether it belongs on stderr."""
    match output:
        case Stream(name, text):
            return text, name == "stderr"
        case Display(data):
            figure = f"[figure] {data.get(svg.ALT, '')}".rstrip()
            return data.get("text/plain", figure).rstrip("\n") + "\n", False
        case Failure(place, cause, _):
            return f"{place}: {cause}\n", True
