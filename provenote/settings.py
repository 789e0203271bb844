"""The settings of a build, validated once, at the door, all at once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from importlib.util import find_spec
from math import inf
from pathlib import Path, PurePath
from typing import Any

from pathspec import GitIgnoreSpec

from provenote.dialect import OBSIDIAN, Dialect, Maths
from provenote.problems import Code, Place, Problem, nearest


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class PublishBy(Enum):
    """Which notes go into the site."""

    ALL = "all"
    """All but those that say `draft: true`, `publish: false` or `share: false`."""
    OPT_IN = "opt-in"
    """Only those that say `publish: true` or `share: true`, and not `draft: true`."""


@dataclass(frozen=True)
class Notebooks:
    """Of which files the host makes pages as notebooks, and which of them run."""

    include: tuple[str, ...] = ("*.ipynb",)
    ignore: tuple[str, ...] = ()
    execute: bool = True
    execute_ignore: tuple[str, ...] = ()

    def shows(self, file: PurePath) -> bool:
        known = file.suffix in {".ipynb", ".py"}
        return known and _matches(file, self.include) and not _matches(file, self.ignore)

    def runs(self, file: PurePath) -> bool:
        return self.execute and not _matches(file, self.execute_ignore)


def _matches(file: PurePath, patterns: tuple[str, ...]) -> bool:
    return any(file.match(pattern) for pattern in patterns)


class Executor(Enum):
    """Where snippets run."""

    LOCAL = "local"
    """On this machine."""
    DASK = "dask"
    """On a Dask cluster."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how to build them. Options carry their documentation."""

    project: Path
    """The directory that holds everything; paths in problems are relative to it,
    and snippets import local modules from it."""
    vault: Path
    """The directory of notes."""
    snippets: str = "snippets"
    """Directory of Python files that notes embed as `![[name.py]]`, relative to the project."""
    store: str = ".provenote"
    """Directory of stored results, relative to the project; safe to delete."""
    ignore: tuple[str, ...] = ()
    """Patterns of files and directories that are no part of the vault, as in .gitignore:
    `templates/`, `*.draft.md`."""
    publish: tuple[str, ...] = ("*.css", "CNAME", "favicon.*", "robots.txt")
    """Patterns of attachments that go into the site although no note uses them. Others go
    only where a published note does, or where mkdocs.yml names them as `logo`, `favicon`,
    `extra_css` or `extra_javascript`, so that nothing private leaks."""
    publish_by: PublishBy = PublishBy.ALL
    """`all`: every note is published but those that say `draft: true`, `publish: false` or
    `share: false`; `opt-in`: only those that say `publish: true` or `share: true`."""
    maths: tuple[Maths, ...] = (Maths.DOLLARS,)
    r"""What marks formulas: `dollars` for `$x$`, `brackets` for `\(x\)` and `\[x\]`,
    `at-signs` for `@x@` and `@@x@@`."""
    timeout: float = 60.0
    """Seconds of wall time a session of snippets may take."""
    memory: int = 2048
    """Megabytes a session may take."""
    jobs: int = field(default_factory=_cores)
    """How many sessions run side by side; by default one a core."""
    executor: Executor = Executor.LOCAL
    """`local`: sessions run on this machine; `dask`: on a Dask cluster, which needs
    `pip install provenote[dask]` here and on the workers, and the project at the same path."""
    dask: str = ""
    """Address of the Dask scheduler, `tcp://host:8786`; without, `executor: dask` starts a
    cluster on this machine, to try it."""
    run: bool = True
    """Whether snippets run; without, pages show only code."""
    directory_urls: bool = True
    """Addresses like `relu/dying/` rather than `relu/dying.html`; the host says."""
    notebooks: Notebooks | None = None
    """Which files the host makes pages of as notebooks; the host says."""
    site_url: str = ""
    """Where the site will be, `https://example.org/notes/`, if it is known; the host says."""
    site_name: str = ""
    """What the host calls the site."""
    only_notes: bool = False
    """Whether the host makes pages of notes alone, at addresses of its own; the host says."""
    syntax: Dialect = OBSIDIAN
    """What the site's Markdown extensions add to the notes' syntax; the host says."""
    exclude: tuple[Path, ...] = ()
    """Directories that the host writes to and that are therefore no part of the vault."""
    named: tuple[str, ...] = ()
    """Files of the vault that every page needs, such as a logo; the host says."""
    withheld: tuple[GitIgnoreSpec, ...] = ()
    """What the host's own configuration keeps out of the site, as MkDocs' `exclude_docs`."""
    written_in: str = "mkdocs.yml"
    """The file that all this is from, for problems."""

    @property
    def name(self) -> str:
        """What the site is called: by default as its vault is."""
        return self.site_name or self.vault.name

    @property
    def dialect(self) -> Dialect:
        """What notes are written in."""
        return replace(self.syntax, maths=self.maths)

    @property
    def snippets_dir(self) -> Path:
        return self.project / self.snippets

    @property
    def store_dir(self) -> Path:
        return self.project / self.store

    @property
    def ignored(self) -> GitIgnoreSpec:
        return GitIgnoreSpec.from_lines(self.ignore)

    @property
    def published(self) -> GitIgnoreSpec:
        named = (f"/{path.translate(_AS_IT_STANDS)}" for path in self.named)
        return GitIgnoreSpec.from_lines([*self.publish, *named])

    def withholds(self, path: str) -> bool:
        """Whether the host keeps a file of the vault out of the site."""
        return any(patterns.match_file(path) for patterns in self.withheld)

    def shown(self, path: Path) -> str:
        """A path as problems print it: relative to the project where it lies in it."""
        if path.is_relative_to(self.project):
            return path.relative_to(self.project).as_posix()
        return path.as_posix()


_AS_IT_STANDS = str.maketrans({sign: f"\\{sign}" for sign in "\\*?[]"})
"""Makes a path a pattern of .gitignore."""

OPTIONS = (
    *("snippets", "store", "ignore", "publish", "publish_by", "maths"),
    *("timeout", "memory", "jobs", "executor", "dask", "run"),
)
"""The settings that an author may give."""


def read(  # noqa: PLR0913 - where things are comes from the host, one by one
    given: Mapping[str, Any],
    *,
    project: Path,
    vault: Path,
    shown: str = "mkdocs.yml",
    directory_urls: bool = True,
    notebooks: Notebooks | None = None,
    only_notes: bool = False,
    site_url: str = "",
    site_name: str = "",
    syntax: Dialect = OBSIDIAN,
    exclude: tuple[Path, ...] = (),
    named: tuple[str, ...] = (),
    withheld: tuple[GitIgnoreSpec, ...] = (),
) -> tuple[Settings, tuple[Problem, ...]]:
    """Check all options at once; one that is wrong keeps its default.

    `shown` is the file they come from, for the problems.
    """
    settings = Settings(
        project=project.absolute(),
        vault=vault.absolute(),
        directory_urls=directory_urls,
        notebooks=notebooks,
        only_notes=only_notes,
        site_url=site_url and site_url.rstrip("/") + "/",
        site_name=site_name,
        syntax=syntax,
        exclude=tuple(path.absolute() for path in exclude),
        named=named,
        withheld=withheld,
        written_in=shown,
    )
    good: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in given.items():
        if name not in OPTIONS:
            problems.append(_unknown(name, shown))
            continue
        checked = _check(value, getattr(settings, name))
        if checked is None:
            problems.append(_wrong(name, value, getattr(settings, name), shown))
        else:
            good[name] = checked
    if good.get("executor") is Executor.DASK and find_spec("distributed") is None:
        del good["executor"]
        problems.append(Problem(Code.SETTING, Place(shown), *_NO_DASK))
    return replace(settings, **good), tuple(problems)


_NO_DASK = (
    "provenote's setting 'executor' is dask, and that is not installed",
    "pip install 'provenote[dask]'",
)


def _check(value: Any, default: Any) -> Any:
    """The value in its option's type, or None if it has another."""
    if isinstance(default, Enum):
        return next((kind for kind in type(default) if kind.value == value), None)
    if isinstance(default, tuple):
        items = [value] if isinstance(value, str) else value
        if default and isinstance(default[0], Enum):
            return _members(items, type(default[0]))
        return tuple(items) if _are_patterns(items) else None
    if isinstance(default, bool) or isinstance(value, bool):
        return value if isinstance(default, bool) and isinstance(value, bool) else None
    if isinstance(default, str):
        return value if isinstance(value, str) and value else None
    if not isinstance(value, int | float) or not 0 < value < inf or value != type(default)(value):
        return None
    return type(default)(value)


def _are_patterns(items: Any) -> bool:
    """Whether these are patterns as in .gitignore: `[z-a]` and a lone `!` are none."""
    if not isinstance(items, list | tuple) or not all(isinstance(i, str) for i in items):
        return False
    try:
        GitIgnoreSpec.from_lines(items)
    except (ValueError, re.error):
        return False
    return True


def _members(items: Any, kind: type[Enum]) -> tuple[Enum, ...] | None:
    """The members of an enumeration that a list names, or None if it names another thing."""
    known = {str(member.value): member for member in kind}
    if not isinstance(items, list | tuple) or not items:
        return None
    return tuple(known[i] for i in items) if all(i in known for i in map(str, items)) else None


_EXPECTED: Mapping[type, str] = {
    **{one: " or ".join(kind.value for kind in one) for one in (PublishBy, Executor)},
    tuple: "a list of patterns",
    bool: "true or false",
    str: "a text",
    int: "a positive whole number",
    float: "a positive number",
}


_EXAMPLES = {"dask": "tcp://127.0.0.1:8786", "ignore": ["templates/", "*.draft.md"]}
"""Where the default says nothing."""


def _unknown(name: str, shown: str) -> Problem:
    near = nearest(name, OPTIONS)
    guess = f"nearest: {near}" if near else f"there are {', '.join(OPTIONS)}"
    return Problem(Code.SETTING, Place(shown), f"provenote has no setting {name!r}", guess)


def _wrong(name: str, value: Any, default: Any, shown: str) -> Problem:
    example = _EXAMPLES.get(name, list(default) if isinstance(default, tuple) else default)
    expected = _EXPECTED[type(default)]
    if isinstance(default, Enum):
        example = default.value
    elif isinstance(default, tuple) and default and isinstance(default[0], Enum):
        example = [member.value for member in default]
        expected = f"a list of {', '.join(str(member.value) for member in type(default[0]))}"
    return Problem(
        Code.SETTING,
        Place(shown),
        f"provenote's setting {name!r} is {expected}, not {value!r}",
        f"for example {name}: {str(example).lower() if isinstance(default, bool) else example}",
    )
