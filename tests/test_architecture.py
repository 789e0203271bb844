"""Imports run one way, hosts stay in the faces, and the two packages do not know each other."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "problems",
    "guess",
    "model",
    "dialect",
    "settings",
    "paths",
    "halves",
    "source",
    "memo",
    "records",
    "yaml_text",
    "front_matter",
    "openings",
    "option_lines",
    "cell_options",
    "syntax",
    "properties",
    "vault",
    "flaws",
    "fences",
    "notes",
    "canvas",
    "bases",
    "reading",
    "parts",
    "percent",
    "magics",
    "notebooks",
    "links",
    "publishing",
    "queries",
    "snippets",
    "figures",
    "run",
    "expectations",
    "pages",
    "views",
    "checks",
    "web",
    "build",
    "faces",
)
HOSTS = {
    "click",
    "jinja2",
    "markdown",
    "material",
    "mkdocs",
    "mkdocs_jupyter",
    "pytest",
    "watchdog",
}

NNREF_EXTRAS = {"drawing": {"matplotlib"}, "region_search": {"scipy"}}

PROVENOTE = sorted((ROOT / "provenote").rglob("*.py"))
NNREF = sorted((ROOT / "nnref").rglob("*.py"))


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    return module.removeprefix("provenote.").split(".")[0]


def own_room(file: Path) -> str:
    return file.relative_to(ROOT / "provenote").parts[0].removesuffix(".py")


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", PROVENOTE, ids=shown)
def test_a_room_knows_only_the_rooms_before_it(file: Path) -> None:
    here = own_room(file)
    if here == "__init__":
        return
    before = ROOMS[: ROOMS.index(here) + 1]
    later = [m for m in imports(file) if m.startswith("provenote.") and room(m) not in before]
    assert later == []


@pytest.mark.parametrize("file", PROVENOTE, ids=shown)
def test_hosts_are_imported_in_faces_only(file: Path) -> None:
    if own_room(file) != "faces":
        assert HOSTS.isdisjoint(module.split(".")[0] for module in imports(file))


@pytest.mark.parametrize("file", PROVENOTE + NNREF, ids=shown)
def test_provenote_and_nnref_do_not_know_each_other(file: Path) -> None:
    other = "nnref" if "provenote" in file.relative_to(ROOT).parts else "provenote"
    assert other not in {module.split(".")[0] for module in imports(file)}


@pytest.mark.parametrize("file", NNREF, ids=shown)
def test_nnref_needs_numpy_alone(file: Path) -> None:
    needed = {module.split(".")[0] for module in imports(file)} - sys.stdlib_module_names
    assert needed <= {"numpy", "nnref"} | NNREF_EXTRAS.get(file.stem, set())


def test_the_rooms_are_all_there_are() -> None:
    found = {own_room(file) for file in PROVENOTE} - {"__init__"}
    assert found == set(ROOMS)
