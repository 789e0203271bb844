"""Lines of a notebook that IPython understands and Python does not."""

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from provenote.problems import nearest

_LINE = re.compile(
    r"^(?P<indent>\s*)(?:[\w, ]+=\s*)?(?P<mark>%%?|!!?)\s*(?P<name>[\w.]*)(?P<rest>.*)$"
)
_HELP = re.compile(r"^(?P<indent>\s*)(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")
_PASSED = re.compile(r"%(?:matplotlib|config|autoreload)\b|%load_ext\s+autoreload\b")
"""What says how an interactive session looks or reloads: here it is always so."""

_MEASURE = "write `time.perf_counter()` around it"
_INSTALL = "install it where the site is built"
_PROCESS = "write `subprocess.run([...])`"
_SHOW = "show an object that has the format, for example `IPython.display.HTML(...)`"
_INSTEAD = {
    **dict.fromkeys(("time", "timeit", "prun", "lprun", "memit"), _MEASURE),
    **dict.fromkeys(("pip", "conda", "mamba", "uv"), _INSTALL),
    **dict.fromkeys(("bash", "sh", "script", "system", "sx"), _PROCESS),
    **dict.fromkeys(("html", "latex", "markdown", "javascript", "js", "svg"), _SHOW),
    "run": "import what it defines",
    "cd": "a notebook runs in its own directory",
    "env": "write `os.environ[...]`",
    "set_env": "write `os.environ[...] = ...`",
    "load_ext": "import the package",
    "capture": "give the cell the tag `remove-output`",
    "writefile": "write `Path(...).write_text(...)`",
    "pylab": "import `numpy` and `matplotlib.pyplot`",
}
_KNOWN = (*_INSTEAD, "matplotlib", "config", "autoreload")


@dataclass(frozen=True)
class Magic:
    """One such line."""

    line: int
    """Counted from 0 at the top of the cell."""
    column: int
    written: str
    guess: str
    """What to write instead."""


def read(source: str) -> tuple[str, tuple[Magic, ...]]:
    """A cell as Python, line for line, and the lines that have no meaning there."""
    if _is_python(source):
        return source, ()
    lines = source.split("\n")
    found: list[Magic] = []
    for number, line in enumerate(lines):
        match = _LINE.match(line) or _HELP.match(line)
        if match is None or _is_open("\n".join(lines[:number])):
            continue
        lines[number] = match["indent"] + "pass"
        if not _PASSED.match(line.strip()):
            found.append(Magic(number, len(match["indent"]) + 1, line.strip(), _guess(match)))
    return "\n".join(lines), tuple(found)


def _is_python(source: str) -> bool:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "<cell>", "exec", flags)
        except (SyntaxError, ValueError):
            return False
    return True


def _is_open(before: str) -> bool:
    """Whether a line after this text goes on with a string or within brackets."""
    try:
        for _ in _tokens(before):
            pass
    except tokenize.TokenError:
        return True
    except SyntaxError:
        pass
    return False


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(text).readline)


def _guess(match: re.Match[str]) -> str:
    if match.re is _HELP:
        return f"write `help({match[0].strip().strip('?')})`"
    if match["mark"].startswith("!"):
        return _INSTEAD.get(match["name"], _PROCESS)
    if match["name"] in _INSTEAD:
        return _INSTEAD[match["name"]]
    near = nearest(match["name"], _KNOWN)
    return f"did you mean `%{near}`?" if near else "write it in Python"
