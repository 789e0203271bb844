"""The face towards Python: `from provenote import build, run`. The commands do the same."""

from dataclasses import replace
from os import PathLike
from pathlib import Path

from mkdocs.exceptions import MkDocsException

from provenote.build import build as build_site
from provenote.faces import project
from provenote.faces.project import NotBuiltError
from provenote.faces.running import Outcome, find, run_file
from provenote.model import Site
from provenote.problems import in_order

__all__ = ["NotBuiltError", "Outcome", "build", "run"]


def build(vault: str | PathLike[str] = ".", site_dir: str | PathLike[str] | None = None) -> Site:
    """Read a vault, run its snippets, and write its site to a directory, if one is given.

    What is wrong with notes is in the `problems` of the site, which is there all the same.

    Raises: NotBuiltError where there can be no site: no such directory, no notes, a
    mkdocs.yml that cannot be read, a `site_dir` that holds other files; OSError where it
    cannot be written.
    """
    target = None if site_dir is None else Path(site_dir)
    try:
        opened = project.opened(Path(vault), target)
        if target is not None:
            project.write(opened, target)
            return opened.plugin.site
        settings, problems = opened.settings()
    except MkDocsException as error:
        raise NotBuiltError(_reason(error)) from error
    site = build_site(settings)
    return replace(site, problems=in_order([*problems, *site.problems]))


def run(note: str | PathLike[str], vault: str | PathLike[str] | None = None) -> Outcome:
    """Run the snippets of one note, script or notebook, anew.

    It is named by its path, or as links name it: "Dying ReLU". The vault is by default the
    project that the file lies in. A snippet that fails is among the `problems`.

    Raises: NotBuiltError where there is no such file, or a mkdocs.yml that cannot be read.
    """
    try:
        opened = project.opened(Path(vault) if vault else project.home(Path(note)))
    except MkDocsException as error:
        raise NotBuiltError(_reason(error)) from error
    settings, _ = opened.settings()
    path = find(str(note), settings)
    if path is None:
        raise NotBuiltError(f"{note} is no file, and no note of {settings.vault}")
    return run_file(path, settings)


def _reason(error: MkDocsException) -> str:
    """MkDocs says only that it stopped, and has logged why."""
    cause = error.__context__
    return str(cause) if isinstance(cause, MkDocsException) else error.format_message()
