"""A vault with the configuration that its site is built by: what the command line opens."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from provenote.faces import configuration, site_dir
from provenote.faces.mkdocs_plugin import ProvenotePlugin
from provenote.problems import Problem
from provenote.settings import Settings

SITE = Path("site")


class NotBuiltError(Exception):
    """Nothing could be built; the text says why, in one line."""


@dataclass(frozen=True)
class Project:
    """A vault that can be read."""

    config: MkDocsConfig
    plugin: ProvenotePlugin

    def settings(self) -> tuple[Settings, tuple[Problem, ...]]:
        return self.plugin.settings(self.config)


def opened(vault: Path, site: Path | None = None, *, strict: bool = False) -> Project:
    """Read what there is of configuration; `site` is where the site will go, if that is known.

    Raises: NotBuiltError, and MkDocs' Abort where mkdocs.yml is wrong.
    """
    if not vault.is_dir():
        raise NotBuiltError(f"{vault} is no directory")
    given = configuration.source(vault, site or SITE)
    if site is not None and given.get("config_file_path") is None:
        given["site_dir"] = str(site)
    config = load_config(**given, strict=strict or None)
    if "provenote" not in config.plugins:
        file = config.config_file_path
        raise NotBuiltError(f"{file} does not name the plugin; write `plugins: [provenote]`")
    return Project(config, cast(ProvenotePlugin, config.plugins["provenote"]))


def home(file: Path) -> Path:
    """The project that a file belongs to: the nearest directory with a mkdocs.yml, else here."""
    above = file.absolute().parents if file.is_file() else (Path(),)
    elsewhere = file.is_file() and not file.absolute().is_relative_to(Path.cwd())
    fallback = file.parent if elsewhere else Path()
    return next((root for root in above if configuration.file_in(root)), fallback)


def write(project: Project, target: Path) -> Abort | None:
    """Build the site and put it where it belongs, all of it or nothing.

    Gives what MkDocs says of a site that is written and not right. Raises: NotBuiltError,
    OSError, and MkDocs' Abort where there is no site.
    """
    if objection := site_dir.foreign(target):
        raise NotBuiltError(objection)
    with TemporaryDirectory(prefix="provenote-") as scratch:
        project.config.site_dir = scratch
        project.config.plugins.on_startup(command="build", dirty=False)
        verdict: Abort | None = None
        try:
            mkdocs_build.build(project.config)
        except Abort as abort:
            if not project.plugin.complete:
                raise
            verdict = abort
        finally:
            project.config.plugins.on_shutdown()
        site_dir.publish(Path(scratch), target)
    return verdict
