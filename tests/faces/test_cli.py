"""The command line, on vaults that have no mkdocs.yml unless a test says so."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faces.given import Run, Serve, Write

HOME = {"index.md": "# Home\n\n[[Other note]]\n", "Other note.md": "text\n"}
MISSING = "index.md:1:1: [[Nowhere]] names no note (link-missing)"
FAILING = "```python run\n1 / 0\n```\n"


def site_files(site: Path) -> set[str]:
    return {file.relative_to(site).as_posix() for file in site.rglob("*.html")}


# ---------------------------------------------------------------------- build


def test_a_vault_that_is_the_current_directory_is_built_beside_its_notes(
    write: Write, run: Run
) -> None:
    vault = write(HOME)
    for _ in range(2):  # the second time, the site lies in the vault
        done = run("provenote", "build", "--strict")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("2 pages in site after ")
        assert site_files(vault / "site") == {"index.html", "404.html", "Other-note/index.html"}
    assert not (vault / "site/site").exists()


def test_the_site_goes_where_it_is_told(write: Write, run: Run) -> None:
    root = write({f"vault/{path}": text for path, text in HOME.items()})
    assert run("provenote", "build", "vault", "-d", "out/here").returncode == 0
    assert (root / "out/here/index.html").is_file()
    assert not (root / "site").exists()


def test_a_directory_with_other_files_is_left_alone(write: Write, run: Run) -> None:
    root = write({**HOME, "out/thesis.txt": "years of work"})
    done = run("provenote", "build", "-d", "out")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: out holds files that provenote did not write and would mix with the site; "
        "name another directory with --site-dir\n"
    )
    assert [file.name for file in (root / "out").iterdir()] == ["thesis.txt"]


def test_pages_of_notes_that_are_gone_go_and_the_files_of_others_stay(
    write: Write, run: Run
) -> None:
    root = write(HOME)
    run("provenote", "build")
    write({"index.md": "home", "site/CNAME": "example.org"})
    (root / "Other note.md").unlink()
    assert run("provenote", "build").returncode == 0
    assert site_files(root / "site") == {"index.html", "404.html"}
    assert (root / "site/CNAME").read_text() == "example.org"
    assert not (root / "site/Other-note").exists()


def test_what_did_not_change_is_not_written_again(write: Write, run: Run) -> None:
    root = write(HOME)
    run("provenote", "build")
    page = root / "site/Other-note/index.html"
    os.utime(page, (1, 1))
    run("provenote", "build")
    assert page.stat().st_mtime == 1


def test_a_site_that_mkdocs_made_is_taken_over(write: Write, run: Run) -> None:
    root = write(
        {
            "mkdocs.yml": "site_name: x\ntheme: material\nplugins: [provenote]\n",
            "docs/index.md": "home",
            "docs/old.md": "old",
        }
    )
    assert run("mkdocs", "build", "-q").returncode == 0
    (root / "docs/old.md").unlink()
    done = run("provenote", "build")
    assert done.returncode == 0, done.stderr
    assert site_files(root / "site") == {"index.html", "404.html"}


def test_every_problem_is_told_and_strictness_decides(write: Write, run: Run) -> None:
    root = write({"index.md": "[[Nowhere]]", "b.md": "![[gone.png]]"})
    relaxed = run("provenote", "build")
    assert relaxed.returncode == 0
    assert relaxed.stdout.endswith(", 2 problems\n")
    strict = run("provenote", "build", "--strict", "-d", "strict")
    assert strict.returncode == 1
    for done in (relaxed, strict):
        assert f"warning: {MISSING}\n" in done.stderr
        assert (
            "warning: b.md:1:1: ![[gone.png]] names no note or file (link-missing)\n" in done.stderr
        )
    assert (root / "strict/index.html").is_file()


def test_a_failing_snippet_ends_with_exit_code_1_after_the_whole_site(
    write: Write, run: Run
) -> None:
    root = write({"index.md": "fine", "bad.md": FAILING})
    done = run("provenote", "build")
    assert done.returncode == 1
    assert "error: bad.md:2:1: snippet failed: ZeroDivisionError" in done.stderr
    assert done.stderr.endswith(
        "Error: The site is written, but not right: 1 problem that breaks the build\n"
    )
    assert site_files(root / "site") == {"index.html", "404.html", "bad/index.html"}


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["build", "nowhere"], 2, "Directory 'nowhere' does not exist."),
        (["build", "a file"], 2, "Directory 'a file' is a file."),
        (["build", "empty"], 1, "error: .: this vault holds no notes: no file in it ends in .md"),
        (["check", "empty"], 1, ".: this vault holds no notes: no file in it ends in .md"),
        (["build", "broken"], 1, "error parsing the configuration file"),
        (["build", "lacking"], 1, "does not name the plugin; write `plugins: [provenote]`"),
        (["build", "stray"], 1, "isn't an existing directory"),
        (["run", "nothing.md"], 1, "nothing.md is no file, and no note of "),
        (["build", "fine", "-d", "a file/site"], 1, "Error: a file/site: Not a directory\n"),
    ],
)
def test_bad_input_is_one_message(
    write: Write, run: Run, arguments: list[str], code: int, message: str
) -> None:
    root = write(
        {
            "a file": "",
            "broken/mkdocs.yml": "site_name: [x\n",
            "lacking/mkdocs.yml": "site_name: x\n",
            "lacking/docs/index.md": "x",
            "stray/mkdocs.yml": "site_name: x\nplugins: [provenote]\n",
            "fine/index.md": "text",
        }
    )
    (root / "empty").mkdir()
    done = run("provenote", *arguments)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_notes_of_every_bad_kind_are_each_a_problem_and_the_site_is_there(
    write: Write, run: Run
) -> None:
    snippets = {
        "syntax": "x = = 1",
        "raises": "1 / 0",
        "endless": "#| timeout: 1\nwhile True:\n    pass",
        "leaves": "import sys\n\nsys.exit(3)",
        "gigabyte": "for _ in range(1024):\n    print('x' * 2**20)",
        "silent": "pass",
    }
    names = ["with spaces", "ünïcödé 日本", "a & b", "c#d", "e%20f", "q'uote\"s", "semi;colon"]
    root = write(
        {
            **{f"{name}.md": f"```python run\n{code}\n```\n" for name, code in snippets.items()},
            **{f"{name}.md": "```python run\nprint(6 * 7)\n```\n" for name in names},
            "loop a.md": "![[loop b]]\n",
            "loop b.md": "![[loop a]]\n",
            "nowhere.md": "[[nowehre]]\n",
            "properties.md": "---\ntags: [\n---\nstill here\n",
        }
    )
    (root / "latin.md").write_bytes(b"caf\xe9\n")
    done = run("provenote", "build", "--strict")
    assert done.returncode == 1
    told = re.findall(r"^(?:warning|error): (.*?\.md)\b.* \(([\w-]+)\)$", done.stderr, re.MULTILINE)
    assert sorted(told) == [
        ("endless.md", "snippet-failed"),
        ("gigabyte.md", "snippet-failed"),
        ("latin.md", "not-utf8"),
        ("leaves.md", "snippet-failed"),
        ("loop a.md", "embed-loop"),
        ("loop b.md", "embed-loop"),
        ("nowhere.md", "link-missing"),
        ("properties.md", "front-matter"),
        ("raises.md", "snippet-failed"),
        ("syntax.md", "snippet-failed"),
    ]
    assert "provenote/" not in done.stderr  # no traceback of ours
    pages = [page for page in (root / "site").glob("*/index.html") if page.parent.name != "tags"]
    assert len(pages) == len(snippets) + len(names) + 5
    texts = [page.read_text(encoding="utf-8") for page in pages]
    assert sum('<pre class="pn-output pn-stdout">42' in text for text in texts) == len(names)


# ----------------------------------------------------------- check, run, new


def test_check_writes_nothing_that_is_seen(write: Write, run: Run) -> None:
    root = write({"index.md": "[[Nowhere]]"})
    done = run("provenote", "check")
    assert (done.returncode, done.stdout) == (0, "1 page, 1 problem\n")
    assert done.stderr == MISSING + "\n"
    assert run("provenote", "check", "--strict").returncode == 1
    assert [file.name for file in root.iterdir() if file.name[0] != "."] == ["index.md"]


def test_check_fails_where_the_build_would(write: Write, run: Run) -> None:
    write({"index.md": FAILING})
    done = run("provenote", "check")
    assert done.returncode == 1
    assert done.stdout == "1 page, 1 problem that breaks the build\n"


def test_run_prints_what_a_note_gives(write: Write, run: Run) -> None:
    write({"A note.md": "```python run\nprint('hello')\n```\n\n`{python} 6 * 7`\n"})
    for name in ("A note.md", "a note"):
        done = run("provenote", "run", name)
        assert (done.returncode, done.stdout, done.stderr) == (0, "hello\n42\n", "")


def test_run_ends_with_exit_code_1_where_a_snippet_fails(write: Write, run: Run) -> None:
    write({"script.py": "print('before')\n\nprint(undefined)\n"})
    done = run("provenote", "run", "script.py")
    assert (done.returncode, done.stdout) == (1, "before\n")
    assert "script.py:3:7: snippet failed: NameError: name 'undefined'" in done.stderr


def test_a_new_vault_builds_without_a_problem(run: Run, tmp_path: Path) -> None:
    assert run("provenote", "new", "my notes").returncode == 0
    done = run("provenote", "build", "my notes", "--strict")
    assert (done.returncode, done.stderr) == (0, "")
    assert "█" in (tmp_path / "site/Two-dice/index.html").read_text(encoding="utf-8")


def test_new_leaves_what_is_there(write: Write, run: Run) -> None:
    root = write({"mine/note.md": "mine"})
    done = run("provenote", "new", "mine")
    assert done.returncode == 1
    assert done.stderr == "Error: mine exists and is not an empty directory\n"
    assert [file.name for file in (root / "mine").iterdir()] == ["note.md"]


# ----------------------------------------------------------------- processes


def test_an_interrupt_is_quiet_and_leaves_no_site(write: Write) -> None:
    code = "import pathlib, time\npathlib.Path(__file__).with_name('begun').touch()\ntime.sleep(90)"
    root = write({"index.md": f"```python run\n{code}\n```\n"})
    # A test suite that runs in the background ignores interrupts, and so would its children.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [
        sys.executable,
        "-c",
        heard + "from provenote.faces.cli import main; main(['build'])",
    ]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True) as process:
        while not (root / "begun").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert not (root / "site").exists()


def test_a_vault_is_served_and_its_own_store_wakes_nobody(write: Write, serve: Serve) -> None:
    write(
        {
            "vault/index.md": "```python run\nprint(6 * 7)\n```\n",
            "vault/site/old.html": "built before",
        }
    )
    served = serve("provenote", "serve", "vault")
    assert served.shows("42")
    write({"vault/index.md": "```python run\nprint(6 * 8)\n```\n"})
    assert served.shows("48")
    time.sleep(2)
    assert served.log.read_text().count("Detected file changes") == 1


def test_an_address_in_use_is_one_message(write: Write, run: Run) -> None:
    write(HOME)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("provenote", "serve", "-a", f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.returncode == 1
    assert done.stderr.endswith("Error: the address is in use; choose another with -a\n")
