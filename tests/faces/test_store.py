"""`provenote store` and `provenote check --rerun`."""

import re

import pytest

from provenote.faces import stored
from tests.faces.given import Run, Write

HOME = {"index.md": "# Home\n\n```python run\n6 * 7\n```\n"}


def test_the_store_is_listed_verified_and_emptied(write: Write, run: Run) -> None:
    vault = write(HOME)
    nothing = run("provenote", "store", "ls")
    assert nothing.returncode == 1
    assert nothing.stderr.startswith("Error: nothing is stored yet: there is no ")
    assert not (vault / ".provenote").exists()

    assert run("provenote", "check").returncode == 0
    listed = run("provenote", "store", "ls").stdout
    assert re.fullmatch(r"[0-9a-f]{12} +\d+ (s|min) +\d+ B  index\.md\n", listed)
    whole = run("provenote", "store", "verify")
    assert (whole.returncode, whole.stdout) == (0, "2 files, none corrupt\n")

    (result,) = (vault / ".provenote/results").iterdir()
    result.write_bytes(result.read_bytes()[:-1])
    hurt = run("provenote", "store", "verify")
    assert (hurt.returncode, hurt.stdout) == (1, "2 files, 1 corrupt\n")
    assert hurt.stderr == f"{result}: is not what was written; builds pass over it\n"

    assert run("provenote", "store", "gc").stdout.startswith("0 B forgotten, ")
    assert run("provenote", "store", "gc", "--max-size", "1").stdout.startswith("0 B forgotten, ")
    assert result.exists()
    assert run("provenote", "store", "gc", "--all").stdout.endswith(" B forgotten, 0 B kept\n")
    assert not result.exists()


def test_a_vault_is_reproduced_or_what_is_not_is_named(write: Write, run: Run) -> None:
    write(HOME)
    assert run("provenote", "check", "--rerun").returncode == 0
    write({"index.md": "# Home\n\n```python run\nimport time\ntime.time_ns()\n```\n"})
    assert run("provenote", "check").returncode == 0
    done = run("provenote", "check", "--rerun")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "index.md:4: session index.md gave other output when it ran again;"
        " it read time.time_ns (irreproducible)\n"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 B"), (999, "999 B"), (12_345, "12 kB"), (2 * 10**6, "2 MB"), (3 * 10**9, "3 GB")],
)
def test_sizes_are_for_people(number: int, text: str) -> None:
    assert stored.size(number) == text
