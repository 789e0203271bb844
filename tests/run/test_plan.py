"""What runs, in which sessions, and what is wrong with how it is asked for."""

from collections.abc import Mapping

import pytest

from provenote import snippets
from provenote.fences import runs
from provenote.model import CellOptions, Fence, Plan, Show
from provenote.problems import Place
from provenote.vault import scan
from tests.run.project import Project


def plan(project: Project, text: str) -> Plan:
    project.write("docs/note.md", text)
    return project.plan()


def fence(*lines: str, info: str = "python run") -> str:
    return "\n".join([f"```{info}", *lines, "```", ""])


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("python run", True),
        ("py run", True),
        ('python title="x y.py" run', True),
        ("{python}", True),
        ("{python #fig-x, echo=false}", True),
        ("{code-cell} ipython3", True),
        ("{code-cell}", True),
        ('python exec="on" source="above"', True),
        ("{code-cell} julia", False),
        ("{r}", False),
        ("{.python}", False),
        ("{ .python .annotate }", False),
        ("{note}", False),
        ('python exec="off"', False),
        ('bash exec="on"', False),
        ("python", False),
        ("", False),
        ("bash run", False),
        ("python norun", False),
        ('python title="run', False),
    ],
)
def test_which_fences_run(info: str, expected: bool) -> None:
    place = Place("a.md", 1)
    assert runs(Fence(info, "", place, place)) is expected


def test_cells_stand_where_their_code_does(project: Project) -> None:
    (session,) = plan(project, "Text `{python} 1`\n\n" + fence("x = 1", "x")).sessions
    assert [(str(cell.place), cell.inline) for cell in session.cells] == [
        ("docs/note.md:1:6", True),
        ("docs/note.md:4", False),
    ]


def test_sessions_are_named(project: Project) -> None:
    text = "".join(
        [
            fence("1"),
            fence("2", info="python run session=a"),
            fence("3", info="python run fresh"),
            fence("#| session: a", "4"),
        ]
    )
    sessions = plan(project, text).sessions
    assert {s.id: len(s.cells) for s in sessions} == {
        "docs/note.md": 1,
        "docs/note.md#a": 2,
        "docs/note.md#L8": 1,
    }


def test_only_embedded_scripts_belong_to_a_site(project: Project) -> None:
    project.write("snippets/a.py", "1\n")
    project.write("snippets/b.py", "1\n")
    project.write("docs/note.md", "")
    vault, _ = scan(project.settings)
    plan = snippets.plan((), vault, project.settings, vault.snippets[:1])
    assert [(s.id, s.script) for s in plan.sessions] == [("snippets/a.py", True)]


def test_percent_cells_have_names_and_places(project: Project) -> None:
    project.write(
        "snippets/a.py",
        "import x\n\n#%% one two\n1\n# %% [markdown] text\n"
        "# %% plot tags=['a']\n#| label: fig\n2\n",
    )
    project.write("docs/note.md", "")
    (session,) = project.plan().sessions
    cells = [(c.name, c.place.line, c.options.label) for c in session.cells]
    assert cells == [("", 1, ""), ("one two", 4, ""), ("plot", 8, "fig")]


def test_tags_of_percent_cells_are_options(project: Project) -> None:
    project.write(
        "snippets/a.py",
        '# %% setup tags=["remove-cell"]\nx = 1  \x0c\n'
        '# %% tags=["hide-input", "parameters"]\nx\n# %% shown\n#| code-fold: true\n2\n',
    )
    project.write("docs/note.md", "")
    plan = project.plan()
    cells = [(c.name, c.place.line, c.options) for c in plan.sessions[0].cells]
    assert plan.problems == ()
    assert cells == [
        ("setup", 2, CellOptions(show=Show.HIDDEN, output=False)),
        ("", 4, CellOptions(show=Show.FOLDED)),
        ("shown", 7, CellOptions(show=Show.FOLDED)),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["label: fig-x", "fig-cap: A cap"], {"label": "fig-x", "fig_cap": ("A cap",)}),
        (["fig-cap: Two: colons"], {"fig_cap": ("Two: colons",)}),
        (["fig-cap: |", "  Two", "  lines"], {"fig_cap": ("Two\nlines",)}),
        (['fig-alt: "quoted: # text"'], {"fig_alt": ("quoted: # text",)}),
        (["fig-cap: [One, Two]", "tbl-cap: A"], {"fig_cap": ("One", "Two"), "tbl_cap": ("A",)}),
        (["label: 3"], {"label": "3"}),
        (["echo: false"], {"show": Show.HIDDEN}),
        (["code-fold: true"], {"show": Show.FOLDED}),
        (["code-fold: true", "echo: false"], {"show": Show.HIDDEN}),
        (["code-fold: show", "code-summary: How"], {"show": Show.UNFOLDED, "code_summary": "How"}),
        (["include: false", "code-fold: true"], {"show": Show.HIDDEN, "output": False}),
        (["output: asis"], {"asis": True}),
        (["tags: [remove-input, skip-execution]"], {"show": Show.HIDDEN, "eval": False}),
        (["tags: hide-input, raises-exception"], {"show": Show.FOLDED, "error": True}),
        (["output: false", "eval: no"], {"output": False, "eval": False}),
        (["error: true", "warning: off"], {"error": True, "warning": False}),
    ],
)
def test_options(project: Project, lines: list[str], expected: Mapping[str, object]) -> None:
    result = plan(project, fence(*(f"#| {line}" for line in lines), "1"))
    (session,) = result.sessions
    assert session.cells[0].options == CellOptions(**expected)  # type: ignore[arg-type]
    assert result.problems == ()


def test_options_of_the_session(project: Project) -> None:
    text = fence("#| timeout: 2.5", "1") + fence("#| timeout: 90", "#| memory: 100", "2")
    (session,) = plan(project, text).sessions
    assert (session.timeout, session.memory) == (90.0, 100 * 2**20)
    (session,) = plan(project, fence("1")).sessions
    assert (session.timeout, session.memory) == (60.0, 2048 * 2**20)


def test_what_cells_say_of_their_session_adds_up(project: Project) -> None:
    for name in ("a.csv", "data/1.json", "data/2.json"):
        project.write(name, "")
    text = fence("#| depends: a.csv", "#| env: B", "1") + fence(
        "#| depends: 'data/*.json, a.csv'", "#| env: A", "#| seed: 7", "#| network: true", "2"
    )
    result = plan(project, text)
    (session,) = result.sessions
    assert result.problems == ()
    assert [path.relative_to(project.root).as_posix() for path in session.depends] == [
        "a.csv",
        "data/1.json",
        "data/2.json",
    ]
    assert (session.env, session.seed, session.network) == (("A", "B"), 7, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            fence("#| label: a", "#| fig_cap: b", "1"),
            "docs/note.md:3: there is no snippet option `fig_cap`;"
            " did you mean `fig-cap`? (option)",
        ),
        (
            fence("#| zzz: 1", "1"),
            "docs/note.md:2: there is no snippet option `zzz`;"
            " for example `#| echo: false` (option)",
        ),
        (
            fence("#| fig-subcap: [a, b]", "1"),
            "docs/note.md:2: there is no snippet option `fig-subcap`;"
            " `fig-cap` takes a list, a caption for each figure (option)",
        ),
        (
            fence("#| code-fold: maybe", "1"),
            "docs/note.md:2: snippet option `code-fold` is true, false or show, not `maybe`"
            " (option)",
        ),
        (
            fence("#| tags: [hide_input, remove-cell]", "1"),
            "docs/note.md:2: there is no tag `hide_input` of cells;"
            " did you mean `hide-input`? (option)",
        ),
        (
            fence("#| echo: maybe", "1"),
            "docs/note.md:2: snippet option `echo` is true or false, not `maybe` (option)",
        ),
        (
            fence("#| timeout: -1", "1"),
            "docs/note.md:2: snippet option `timeout` is a number above 0, not `-1` (option)",
        ),
        (
            fence("#| seed: -1", "1"),
            "docs/note.md:2: snippet option `seed` is a whole number from 0 to 4294967295,"
            " not `-1` (option)",
        ),
        (
            fence("#| env: HOME, A B", "1"),
            "docs/note.md:2: snippet option `env` is a list of environment variables,"
            " not `HOME, A B` (option)",
        ),
        (
            fence("#| depends: a.csv,", "1"),
            "docs/note.md:2: snippet option `depends` is a list with commas between,"
            " not `a.csv,` (option)",
        ),
        (
            fence("#| label: x", "#| depends: docs/*.md, data/*.json", "1"),
            "docs/note.md:3: snippet option `depends` names `data/*.json`, which is no file of"
            " the project; for example `data/*.csv` (option)",
        ),
        (
            fence("#| depends: ../*", "1"),
            "docs/note.md:2: snippet option `depends` names `../*`, which is no file of"
            " the project; for example `data/*.csv` (option)",
        ),
        (
            fence("#| label: [a, b]", "1"),
            "docs/note.md:2: snippet option `label` is a single value, not `a, b` (option)",
        ),
        (
            fence("1", info="python run sesion=a"),
            "docs/note.md:1: a fence that runs cannot say `sesion=a`;"
            " did you mean `session=`? (option)",
        ),
        (
            fence("1", info="python run always"),
            "docs/note.md:1: a fence that runs cannot say `always`;"
            " for example `python run session=NAME` (option)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_a_guess(project: Project, text: str, expected: str) -> None:
    result = plan(project, text)
    assert [str(problem) for problem in result.problems] == [expected]
    assert len(result.sessions) == 1


@pytest.mark.parametrize("data", [b"x = '\xff'\n", b"# coding: nonsense\n", b"# coding: rot13\n"])
def test_a_script_that_is_no_text_is_a_problem(project: Project, data: bytes) -> None:
    project.write("snippets/a.py", data)
    project.write("docs/note.md", "")
    (problem,) = project.plan().problems
    assert str(problem).startswith("snippets/a.py: cannot be read as Python: ")


def test_a_script_of_a_nul_is_left_for_its_run_to_report(project: Project) -> None:
    project.write("snippets/a.py", b"\x00")
    project.write("docs/note.md", "")
    assert project.plan().problems == ()
