"""Plan what runs: the `run` fences of notes, the files of `snippets/`, notebooks, as sessions.

A session is what shares a namespace and a process: all `run` fences and inline
values of a note, unless a fence says `session=NAME` or `fresh`; or a script,
whose cells the percent format (`# %% name`) opens; or a notebook.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from provenote import magics, notebooks, percent
from provenote.cell_options import Directives, by_tags, read_options
from provenote.fences import runs
from provenote.model import (
    Cell,
    Fence,
    Note,
    Notebook,
    Plan,
    Session,
    SessionId,
    Vault,
    VaultFile,
)
from provenote.openings import opening
from provenote.option_lines import split
from provenote.problems import Code, Place, Problem, cannot_read
from provenote.settings import Settings


def plan(
    notes: Sequence[Note],
    vault: Vault,
    settings: Settings,
    embedded: Collection[VaultFile],
    shown: Sequence[Notebook] = (),
) -> Plan:
    """Everything that a site runs: its notes' sessions, the scripts that they embed, notebooks."""
    plans = [plan_note(note, settings) for note in notes]
    plans += [plan_script(file, settings) for file in vault.snippets if file in embedded]
    plans += [plan_notebook(notebook, settings) for notebook in shown]
    # A script that is also shown as a notebook runs as one.
    sessions = {session.id: session for one in plans for session in one.sessions}
    return Plan(
        sessions=tuple(sessions.values()),
        problems=tuple(problem for one in plans for problem in one.problems),
    )


# ---------------------------------------------------------------------- notes


@dataclass
class _Draft:
    """A session while its cells are being gathered."""

    cells: list[Cell] = field(default_factory=list)
    said: list[Directives] = field(default_factory=list)

    def add(self, cell: Cell, directives: Directives) -> None:
        self.cells.append(cell)
        self.said.append(directives)

    def session(
        self, name: SessionId, file: VaultFile, settings: Settings, *, script: bool
    ) -> Session:
        timeouts = (one.timeout for one in self.said if one.timeout)
        memories = (one.memory for one in self.said if one.memory)
        seeds = (one.seed for one in self.said if one.seed is not None)
        patterns = (pattern for one in self.said for pattern in one.depends)
        return Session(
            id=name,
            file=file.absolute,
            cells=tuple(self.cells),
            script=script,
            timeout=max(timeouts, default=settings.timeout),
            memory=max(memories, default=settings.memory) * 2**20,
            depends=tuple(sorted({path for p in patterns for path in _matches(p, settings)})),
            env=tuple(sorted({variable for one in self.said for variable in one.env})),
            seed=next(seeds, 0),
            network=any(one.network for one in self.said),
            skip=next((one.skip for one in self.said if one.skip), ""),
            slow=any(one.slow for one in self.said),
        )


def _matches(pattern: str, settings: Settings) -> Iterator[Path]:
    """The files of the project that `#| depends` names."""
    path = PurePosixPath(pattern)
    if path.is_absolute() or ".." in path.parts:
        return
    try:
        yield from (found for found in settings.project.glob(pattern) if found.is_file())
    except (ValueError, OSError):  # no pattern at all: `a**`
        return


def _unmatched(directives: Directives, settings: Settings) -> Iterator[Problem]:
    for pattern in directives.depends:
        if not any(_matches(pattern, settings)):
            text = f"snippet option `depends` names `{pattern}`, which is no file of the project"
            yield Problem(
                Code.OPTION, directives.places["depends"], text, "for example `data/*.csv`"
            )


def plan_note(note: Note, settings: Settings) -> Plan:
    """The sessions of one note, in the order of their first cells."""
    drafts: dict[SessionId, _Draft] = {}
    problems: list[Problem] = []
    expected = {fence.output_of: fence for fence in note.fences if fence.output_of}
    for fence in filter(runs, note.fences):
        directives, found = _of_fence(fence, settings)
        problems += found
        draft = drafts.setdefault(_session_id(note.file, fence, directives), _Draft())
        cell = Cell(
            fence.place,
            fence.code,
            fence.opened,
            options=directives.options,
            inline=fence.inline,
            indent=fence.indent,
            expected=expected.get(fence.place),
        )
        draft.add(cell, directives)
    sessions = tuple(
        draft.session(name, note.file, settings, script=False) for name, draft in drafts.items()
    )
    return Plan(sessions, (*problems, *_doubled(note)))


def _doubled(note: Note) -> Iterator[Problem]:
    """Labels that the note gives to several cells."""
    first: dict[str, Place] = {}
    for option in (option for fence in note.fences for option in fence.options):
        if option.name == "label" and isinstance(option.value, str):
            before = first.setdefault(option.value, option.place)
            if before != option.place:
                text = f"label {option.value} stands here and at line {before.line}"
                yield Problem(Code.DOUBLED_BLOCK, option.place, text, "links lead to the first")


def _of_fence(fence: Fence, settings: Settings) -> tuple[Directives, tuple[Problem, ...]]:
    directives, problems = read_options(fence.options)
    unknown = (
        Problem(Code.OPTION, fence.opened, f"a fence that runs cannot say `{word}`", guess)
        for word, guess in opening(fence.info).unknown
    )
    return directives, (*unknown, *problems, *_unmatched(directives, settings))


def _session_id(file: VaultFile, fence: Fence, directives: Directives) -> SessionId:
    said = opening(fence.info)
    if said.fresh:
        return SessionId(f"{file.shown}#L{fence.opened.line + 1}")
    name = directives.session or said.session
    return SessionId(f"{file.shown}#{name}" if name else file.shown)


# -------------------------------------------------------------------- scripts


def plan_script(file: VaultFile, settings: Settings) -> Plan:
    """The session of a Python file: one cell for each `# %%`, and one for what stands before."""
    try:
        source = percent.read(file)
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        return Plan((), (cannot_read(file.shown, error, " as Python"),))
    draft = _Draft()
    problems: list[Problem] = []
    for part in percent.cells(source):
        begins = Place(file.shown, part.line)
        options, code, place = split(part.text, begins)
        directives, found = read_options((*by_tags(part.tags, begins), *options))
        problems += (*found, *_unmatched(directives, settings))
        draft.add(Cell(place, code, begins, part.name, directives.options), directives)
    session = draft.session(SessionId(file.shown), file, settings, script=True)
    sessions = (session,) if draft.cells else ()
    return Plan(sessions, tuple(problems))


# ------------------------------------------------------------------ notebooks


def plan_notebook_file(file: VaultFile, settings: Settings) -> Plan:
    """The session of a notebook that is yet to be read."""
    read, problems = notebooks.read([file])
    return plan_notebook(read[0], settings) if read else Plan((), problems)


def plan_notebook(notebook: Notebook, settings: Settings) -> Plan:
    """The session of a notebook, which runs where it lies; none if it holds magics."""
    file = notebook.file
    if not notebook.python or not (settings.notebooks and settings.notebooks.runs(file.absolute)):
        return Plan(())
    if file.path.endswith(".py"):
        found = plan_script(file, settings)
        return replace(found, sessions=tuple(map(_where_it_lies, found.sessions)))
    draft = _Draft()
    problems: list[Problem] = []
    refused: list[Problem] = []
    for cell, place in zip(notebook.document["cells"], notebook.places, strict=True):
        if notebooks.is_code(cell):
            code, unknown = magics.read(cell["source"])
            options, code, below = split(code, place)
            directives, wrong = read_options((*options, *by_tags(notebooks.tags(cell), place)))
            problems += (*wrong, *_unmatched(directives, settings))
            refused += (_refused(one, place) for one in unknown if directives.options.eval)
            draft.add(Cell(below, code, place, options=directives.options), directives)
    session = draft.session(SessionId(file.shown), file, settings, script=False)
    runs = bool(draft.cells) and not refused
    return Plan((_where_it_lies(session),) if runs else (), (*problems, *refused))


def _where_it_lies(session: Session) -> Session:
    return replace(session, directory=session.file.parent)


def _refused(magic: magics.Magic, place: Place) -> Problem:
    here = place._replace(line=place.line + magic.line, column=magic.column)
    text = f"`{magic.written}` is IPython's and not Python, so that the notebook is not run"
    return Problem(Code.MAGIC, here, text, magic.guess)
