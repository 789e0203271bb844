"""What goes away while a site is built, after it was found: the site is there, and whole."""

import pytest

from tests.faces.given import Run, Serve, Write
from tests.run.notebooks import notebook

# The snippet runs when the notes have been read, and nothing has been written.
DELETING = """\
# Home

[[Note]] ![[pic.png]] [[book.ipynb]]

```python run
import pathlib, shutil

docs = pathlib.Path(__file__).parent
for name in ("Note.md", "pic.png", "book.ipynb"):
    (docs / name).unlink(missing_ok=True)
shutil.rmtree(docs / "sub", ignore_errors=True)
print("deleted")
```
"""
VAULT = {
    "mkdocs.yml": "site_name: Test\ntheme: material\nplugins: [search, provenote, mkdocs-jupyter]\n"
    "markdown_extensions: [provenote.faces.markdown_extension]\n",
    "docs/index.md": DELETING,
    "docs/Note.md": "# Note\n\nIts words, [[Deep]]\n",
    "docs/book.ipynb": notebook("# Book", "print(6 * 7)"),
    "docs/pic.png": "a picture",
    "docs/sub/Deep.md": "# Deep\n\nWords far down ![](dot.svg)\n",
    "docs/sub/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
}


@pytest.mark.parametrize("command", ["provenote", "mkdocs"])
def test_a_site_has_what_was_read_and_says_what_was_not(
    write: Write, run: Run, command: str
) -> None:
    root = write(VAULT)
    done = run(command, "build")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    for path in ("docs/pic.png", "docs/sub/dot.svg"):
        assert f"{path}: cannot be read: No such file or directory (unreadable)" in done.stderr
    assert "deleted" in (root / "site/index.html").read_text()
    assert "Its words" in (root / "site/Note/index.html").read_text()
    assert "42" in (root / "site/book/index.html").read_text()
    assert "Words far down" in (root / "site/sub/Deep/index.html").read_text()
    assert not (root / "site/pic.png").exists()


def test_strictness_counts_what_is_gone(write: Write, run: Run) -> None:
    root = write(VAULT)
    done = run("provenote", "build", "--strict")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Its words" in (root / "site/Note/index.html").read_text()


def test_a_site_that_is_served_goes_on(write: Write, serve: Serve) -> None:
    write({**VAULT, "docs/index.md": "Not yet"})
    served = serve("provenote", "serve")
    assert served.shows("Not yet")
    write({"docs/index.md": DELETING})
    assert served.shows("deleted")  # the next build, which the deletion brings about, is another
    write({"docs/Note.md": "Its words are back", "docs/index.md": "[[Note]] [[Deep]]"})
    assert served.shows("words are back", "Note/")
    assert served.shows("Deep")
    said = served.log.read_text()
    assert "Traceback" not in said
    assert "The site is not built" not in said


def test_zensical_shows_what_was_read(write: Write, run: Run) -> None:
    root = write(VAULT)
    done = run("zensical", "build")
    assert "Traceback" not in done.stderr + done.stdout
    assert "deleted" in (root / "site/index.html").read_text()
