"""`provenote check`: problems and advice, for people and for programs."""

import json

from tests.faces.given import Run, Write

PROJECT = {
    "mkdocs.yml": "site_name: Test\ntheme: material\nplugins: [search, provenote]\n",
    "docs/index.md": "# Home\n\n![[dot.svg]]\n",
    "docs/Lost.md": "# Lost\n",
    "docs/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}
ALT = (
    "docs/index.md:3:1: ![[dot.svg]] has no text for those who do not see it; "
    "for example ![[dot.svg|what it shows]] (no-alt)\n"
)


def test_advice_is_told_and_is_no_problem(write: Write, run: Run) -> None:
    write(PROJECT)
    done = run("provenote", "check")
    assert done.returncode == 0
    assert done.stdout == "2 pages, no problems, 2 pieces of advice\n"
    lost = "docs/Lost.md: nothing links to this note; write [[Lost]] somewhere (orphan)\n"
    assert done.stderr == lost + ALT
    assert run("provenote", "check", "--strict").returncode == 1


def test_advice_ends_no_strict_build(write: Write, run: Run) -> None:
    write(PROJECT)
    for command in (("mkdocs", "build", "--strict", "-q"), ("provenote", "build", "--strict")):
        done = run(*command)
        assert done.returncode == 0
        assert "Lost.md" not in done.stderr


def test_json_has_all_parts_of_a_problem(write: Write, run: Run) -> None:
    write({**PROJECT, "docs/Lost.md": "[[Index]] é [[Inde]]\n"})
    done = run("provenote", "check", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    orphan, missing, alt = json.loads(done.stdout)
    assert missing == {
        "code": "link-missing",
        "path": "docs/Lost.md",
        "line": 1,
        "column": 13,
        "text": "[[Inde]] names no note",
        "guess": "nearest: 'index'",
        "advice": False,
        "breaks_build": False,
    }
    assert (orphan["code"], orphan["line"], orphan["column"]) == ("orphan", 0, 0)
    assert (alt["code"], alt["advice"]) == ("no-alt", True)


def test_json_of_a_vault_in_order_is_an_empty_list(write: Write, run: Run) -> None:
    write({"index.md": "# Home\n"})
    assert json.loads(run("provenote", "check", "--json", "--strict").stdout) == []


def test_a_vault_with_nothing_to_run_is_left_as_it_was(write: Write, run: Run) -> None:
    root = write({"index.md": "text"})
    run("provenote", "check")
    assert [path.name for path in root.iterdir()] == ["index.md"]
