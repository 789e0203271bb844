"""What notes say that their cells print, among the tests: compared, and rewritten when asked."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenote.expectations import rewritten
from provenote.model import VaultFile, VaultPath
from provenote.notes import parse

CELL = "```python run{words}\n{code}\n```\n"
SAYS = "```output\n{text}\n```\n"


def note(code: str, text: str, words: str = "") -> str:
    return CELL.format(code=code, words=words) + SAYS.format(text=text)


@pytest.fixture
def vault(pytester: pytest.Pytester) -> pytest.Pytester:
    (pytester.path / "mkdocs.yml").write_text("site_name: x\nplugins: [provenote]\n")
    (pytester.path / "docs").mkdir()
    return pytester


def test_a_difference_fails_and_shows_both(vault: pytest.Pytester) -> None:
    (vault.path / "docs/a.md").write_text("# A\n\n" + note("print(1)\nprint(2)", "1\n3"))
    result = vault.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "--- the note",
            "+++ the cell",
            " 1",
            "-3",
            "+2",
            "docs/a.md:9: the cell gives `2` where the note says `3`; *--provenote-update*",
        ]
    )


def test_what_is_blank_at_ends_of_lines_makes_no_difference(vault: pytest.Pytester) -> None:
    (vault.path / "docs/a.md").write_text(note("print('1  ')\nprint()\nprint()", "1"))
    vault.runpytest_inprocess().assert_outcomes(passed=1)


@pytest.mark.parametrize("options", [[], ["-n", "2"]])
def test_an_update_writes_outputs_and_touches_nothing_else(
    vault: pytest.Pytester, options: list[str]
) -> None:
    parts = [
        "\ufeff---\r\ntitle: \u2028 é\r\n---\r\n",
        "```python run\r\nprint('a')\r\nprint()\r\nprint('```')\r\n```\r\n",
        "```output\r\n{}```\r\n",
        "\r\n> [!note]  \r\n> ~~~python run session=b\r\n> print('x\\n\\ny')\r\n> ~~~\r\n",
        "> ~~~text output\r\n{}> ~~~\r\n",
        "\r\n- ```python run fresh\r\n  2 + 2\r\n  ```\r\n  ```output\r\n{}  ```\t\r\n",
        "\r\nno newline at the end",
    ]
    old = ["old\r\nlines\r\n", "", "  4\r\n"]
    new = ["a\r\n\r\n```\r\n", "> x\r\n>\r\n> y\r\n", "  4\r\n"]

    def whole(outputs: list[str]) -> str:
        filled = iter(outputs)
        return "".join(part.format(next(filled)) if "{}" in part else part for part in parts)

    file = vault.path / "docs/a note.md"
    file.write_bytes(whole(old).encode())
    file.chmod(0o640)
    result = vault.runpytest_inprocess("--provenote-update", *options)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["docs/a note.md:10: rewritten", "docs/a note.md:18: rewritten"])
    expected = whole(new).replace("```output\r\na", "````output\r\na")
    expected = expected.replace("\r\n```\r\n```\r\n\r\n>", "\r\n```\r\n````\r\n\r\n>")
    assert file.read_bytes().decode() == expected
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in file.parent.iterdir()] == ["a note.md"]
    vault.runpytest_inprocess().assert_outcomes(passed=3)


def test_nothing_is_written_where_all_is_right_or_a_cell_fails(vault: pytest.Pytester) -> None:
    right, wrong = vault.path / "docs/right.md", vault.path / "docs/wrong.md"
    right.write_text(note("print(1)", "1"))
    wrong.write_text(note("print(1)", "2") + CELL.format(code="1 / 0", words=""))
    before = right.stat().st_mtime_ns, wrong.read_text()
    vault.runpytest_inprocess("--provenote-update").assert_outcomes(passed=1, failed=1)
    assert (right.stat().st_mtime_ns, wrong.read_text()) == before


def test_sessions_are_skipped_with_a_reason_and_slow_ones_left_out(
    vault: pytest.Pytester,
) -> None:
    code = "#| {option}\nassert {value}"
    (vault.path / "docs/a.md").write_text(
        CELL.format(words="", code=code.format(option="skip: needs a GPU", value="False"))
        + CELL.format(words=" session=b", code=code.format(option="slow: true", value="True"))
        + CELL.format(words=" session=c", code="3")
    )
    arguments = ["--strict-markers", "-rs"]
    result = vault.runpytest_inprocess(*arguments)
    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED *needs a GPU"])
    result = vault.runpytest_inprocess(*arguments, "-m", "not slow")
    result.assert_outcomes(passed=1, skipped=1, deselected=1)
    vault.runpytest_inprocess(*arguments, "-m", "slow").assert_outcomes(passed=1, deselected=2)


@given(output=st.text(st.sampled_from("ab `~>-\n\t#"), max_size=40), mark=st.sampled_from("`~"))
def test_any_output_is_read_back_as_it_was_written(output: str, mark: str) -> None:
    fence = mark * 3
    text = f"> ```python run\n> 1\n> ```\n> {fence}output\n> old\n> {fence}\n>\n> After.\n"

    def block(text: str, path: Path) -> str:
        path.write_text(text)
        file = VaultFile(VaultPath("n.md"), path, "n.md")
        (found,) = [one for one in parse(file).fences if one.output_of]
        assert "After" not in found.code
        new = rewritten(text, [(found, output)])
        path.write_text(new)
        (found,) = [one for one in parse(file).fences if one.output_of]
        return found.code

    with TemporaryDirectory() as directory:
        found = block(text, Path(directory) / "n.md")
    lines = "\n".join(line.rstrip() for line in output.split("\n")).rstrip("\n")
    assert found.rstrip("\n") == lines
