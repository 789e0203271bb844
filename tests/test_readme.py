"""README is the demonstration: what it shows is so."""

import re
from pathlib import Path

from click.testing import CliRunner

from provenote.build import build
from provenote.faces.cli import main
from provenote.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_note_it_shows_becomes_what_it_says(tmp_path: Path) -> None:
    note = re.search(r"^````markdown\n(.*?)^````$", README, re.DOTALL | re.MULTILINE)
    assert note is not None
    vault = tmp_path / "docs"
    vault.mkdir()
    (vault / "index.md").write_text(note[1], encoding="utf-8")
    site = build(Settings(project=tmp_path, vault=vault))
    assert list(site.problems) == []
    body = site.pages[0].body
    shown = re.search(r"output (\w+), and the sentence ends with the number ([-\d.]+)", README)
    assert shown is not None
    assert f'<pre class="pn-output">{shown[1]}</pre>' in body
    assert f">{shown[2]}</span></mark>." in body


def test_every_command_it_names_is_there() -> None:
    named = set(re.findall(r"^provenote (\w+)", README, re.MULTILINE))
    assert named == set(main.commands)
    assert CliRunner().invoke(main, ["--help"]).exit_code == 0
    targets = set(re.findall(r"^make (\w+)", README, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets == {"serve", "test"}
    assert all(
        re.search(rf"^(\w+ )*{target}( \w+)*:", makefile, re.MULTILINE) for target in targets
    )


def test_every_path_it_links_to_is_there() -> None:
    links = re.findall(r'\]\(([^)#:]+)\)|src(?:set)?="([^"]+)"', README)
    missing = [path for pair in links for path in pair if path and not (ROOT / path).exists()]
    assert missing == []
