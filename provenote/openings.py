"""What the info string of a fence says: ours, and those of other programs that run code.

python run session=NAME             ours
python exec="on" source="above"     markdown-exec's
{code-cell} python                  MyST's
{python #fig-x, echo=false}         Quarto's
"""

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from provenote.problems import nearest

LANGUAGES = frozenset({"python", "py", "python3"})
WORDS = ("run", "fresh", "session=", "title=", "linenums=", "hl_lines=")
"""What may stand behind the language; the last three are the highlighter's."""

_HIGHLIGHT = frozenset({"title", "linenums", "hl_lines"})
_BRACES = re.compile(r"\{\s*([\w-]+)(?=[\s,}])\s*,?\s*([^}]*)\}\s*(.*)$")
_ITEM = re.compile(r"""[^\s,=]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s,]+)|[^\s,]+""")
_YES = frozenset({"on", "yes", "true", "1"})


@dataclass(frozen=True)
class Opening:
    """What a fence's first line says."""

    shown: str
    """What a highlighter is told: the language, and its own options."""
    runs: bool = False
    session: str = ""
    """The session's name; empty for the note's own."""
    fresh: bool = False
    """Whether the session is the fence's alone."""
    options: tuple[tuple[str, str], ...] = ()
    """Names and values of options, which other dialects give here."""
    directive: bool = False
    """Whether it is a directive of MyST, whose options have a form of their own."""
    unknown: tuple[tuple[str, str], ...] = ()
    """What it cannot say, each with a guess at what was meant."""


@lru_cache(maxsize=1024)
def opening(info: str) -> Opening:
    """Read an info string."""
    if braces := _BRACES.match(info):
        name, inside, behind = braces.groups()
        if name == "code-cell":
            return _myst(behind)
        return _quarto(inside) if name in LANGUAGES else Opening(name)
    language, *words = _words(info) or [""]
    if language in LANGUAGES and "run" in words:
        return _ours(info, words)
    said = dict(_pairs(words))
    if language in LANGUAGES and said.get("exec", "").casefold() in _YES:
        return _markdown_exec(said)
    return Opening(info)


def _ours(info: str, words: list[str]) -> Opening:
    said = dict(_pairs(words))
    names = {word.partition("=")[0] + "=" * ("=" in word): word for word in words}
    return Opening(
        info,
        runs=True,
        session=said.get("session", ""),
        fresh="fresh" in words,
        unknown=tuple((word, _guess(word)) for name, word in names.items() if name not in WORDS),
    )


def _guess(word: str) -> str:
    name = word.partition("=")[0]
    near = nearest(name, (known.rstrip("=") for known in WORDS))
    meant = next((known for known in WORDS if near and known.rstrip("=") == near), "")
    return f"did you mean `{meant}`?" if meant else "for example `python run session=NAME`"


# -------------------------------------------------------------- markdown-exec


_SOURCES = {"above": "true", "material-block": "true", "": "false"}
_KNOWN = frozenset({"exec", "source", "session", "result", "html", *_HIGHLIGHT})


def _markdown_exec(said: dict[str, str]) -> Opening:
    """There a fence shows no source unless told to, and what it prints is Markdown."""
    source = said.get("source", "")
    unknown = []
    if source not in _SOURCES:
        unknown.append((f"source={source}", 'the source stands above: `source="above"`'))
    unknown += [
        (f"{name}={value}", _among(name, _KNOWN, 'for example `exec="on" source="above"`'))
        for name, value in said.items()
        if name not in _KNOWN
    ]
    is_text = "result" in said and said.get("html", "").casefold() not in _YES
    options = (
        ("echo", _SOURCES.get(source, "true")),
        ("output", "true" if is_text else "asis"),
    )
    session = said.get("session", "")
    return Opening(
        _highlighted(said.items()),
        runs=True,
        session=session,
        fresh=not session,
        options=options,
        unknown=tuple(unknown),
    )


# -------------------------------------------------------------- MyST and Quarto


_KERNELS = LANGUAGES | {"", "ipython3", "ipython"}


def _myst(argument: str) -> Opening:
    language = argument.strip()
    if language not in _KERNELS:
        return Opening(language)
    return Opening("python", runs=True, directive=True)


def _quarto(inside: str) -> Opening:
    options: list[tuple[str, str]] = []
    unknown: list[tuple[str, str]] = []
    for item in _ITEM.findall(inside):
        name, equals, value = (part.strip() for part in item.partition("="))
        if equals:
            options.append((name.replace(".", "-"), value.strip("\"'")))
        elif name.startswith("#"):
            options.append(("label", name[1:]))
        else:
            guess = "options are `name=value`" if name.startswith(".") else f"a label is `#{name}`"
            unknown.append((name, guess))
    return Opening(
        _highlighted(options),
        runs=True,
        options=tuple((name, value) for name, value in options if name not in _HIGHLIGHT),
        unknown=tuple(unknown),
    )


def _highlighted(said: Iterable[tuple[str, str]]) -> str:
    options = (f'{name}="{value}"' for name, value in said if name in _HIGHLIGHT)
    return " ".join(["python", *options])


def _among(name: str, known: Iterable[str], example: str) -> str:
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else example


def _pairs(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value


def _words(info: str) -> list[str]:
    try:
        return shlex.split(info)
    except ValueError:  # an open quote: the words as they stand
        return info.split()
