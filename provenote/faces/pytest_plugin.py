"""The face towards pytest: each session of a note, each script and each notebook is a test.

It stays out of projects that have no vault, and is loaded with pytest everywhere:
so what it needs is imported where a vault was found.
"""

import re
from pathlib import Path

import pytest

CONFIGURATIONS = ("mkdocs.yml", "mkdocs.yaml")
_SLOW = "slow: takes long; leave it out with `-m 'not slow'`"
_ID = re.compile(r"(?P<file>.+\.(?:md|py|ipynb)):(?P<line>\d+)$")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what may be said; with `plugins: [provenote]` in mkdocs.yml nobody has to."""
    parser.addini("provenote_vault", "directory of notes whose snippets are tests", default="")
    parser.getgroup("provenote").addoption(
        "--provenote-update",
        action="store_true",
        help="rewrite the `output` blocks of notes whose cells give something else",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Let an id that was printed be given back: `pytest docs/relu.md:42`."""
    for number, argument in enumerate(config.args):
        match = _ID.match(argument)
        if match and not Path(argument).exists() and Path(match["file"]).is_file():
            config.args[number] = f"{match['file']}::{match['line']}"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect notes where there is a vault."""
    config = session.config
    root = config.rootpath
    if config.getini("provenote_vault") or any(
        _speaks_of_us(root / name) for name in CONFIGURATIONS
    ):
        from provenote.faces import pytest_notes  # noqa: PLC0415 - only where it is needed

        settings = pytest_notes.settings_of(root, config.getini("provenote_vault"))
        if settings is not None:
            config.addinivalue_line("markers", _SLOW)
            config.pluginmanager.register(pytest_notes.Collection(settings), "provenote-notes")


def _speaks_of_us(file: Path) -> bool:
    return file.is_file() and b"provenote" in file.read_bytes()
