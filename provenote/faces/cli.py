"""The face towards the command line."""

import errno
import logging
import sys
import time
from pathlib import Path
from typing import Any

import click
from mkdocs.commands import serve as mkdocs_serve
from mkdocs.exceptions import Abort

from provenote.build import build
from provenote.faces import configuration, console, stored
from provenote.faces.progress import Progress
from provenote.faces.project import SITE, NotBuiltError, home, opened, write
from provenote.faces.report import as_json
from provenote.faces.running import find, printed, run_file
from provenote.faces.starting import start
from provenote.faces.wording import count, explain, summary
from provenote.memo import FORGETFUL, Memo
from provenote.problems import Code, in_order
from provenote.run import inventory
from provenote.run.reproduce import Reproduction
from provenote.run.sessions import run
from provenote.run.store import Store

SAID = {"Aborted with a BuildError!", "Aborted with a configuration error!"}
"""What MkDocs adds when it has already said what is wrong."""


class _Group(click.Group):
    """Turns what may stop a command into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(130)
        except Abort as abort:
            if abort.format_message() in SAID:
                ctx.exit(1)
            raise click.ClickException(abort.format_message()) from abort
        except NotBuiltError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            if ctx.params["verbose"]:
                raise
            raise click.ClickException(explain(error)) from error


_vault = click.argument(
    "vault", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
_strict = click.option("--strict", is_flag=True, help="Let every problem end with exit code 1.")


@click.group(cls=_Group)
@click.option("-v", "--verbose", is_flag=True, help="Show what happens, and tracebacks of bugs.")
@click.version_option(package_name="provenote")
def main(verbose: bool) -> None:
    """Turn a vault of Obsidian notes into a site whose Python snippets have been run.

    VAULT is a directory of notes, or of a project with a mkdocs.yml; by default the
    current one.
    """
    console.listen(logging.DEBUG if verbose else logging.WARNING)


@main.command("build")
@_vault
@click.option(
    "-d", "--site-dir", type=click.Path(path_type=Path), help="Where the site goes: site/"
)
@_strict
def build_command(vault: Path, site_dir: Path | None, strict: bool) -> None:
    """Write the site."""
    started = time.monotonic()
    project = opened(vault, site_dir, strict=strict)
    config = project.config
    target = site_dir or Path(config.site_dir if config.config_file_path else SITE)
    if verdict := write(project, target):
        raise verdict
    site = project.plugin.site
    pages = count(len(site.pages), "page")
    seconds = time.monotonic() - started
    click.echo(f"{pages} in {target} after {seconds:.1f} s, {summary(site.problems)}")


@main.command("serve")
@_vault
@click.option("-a", "--address", metavar="HOST:PORT", help="By default 127.0.0.1:8000.")
def serve_command(vault: Path, address: str | None) -> None:
    """Show the site while you write; it follows every change."""
    opened(vault)  # says what is wrong with a configuration before it is read again and again
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    given = configuration.source(vault, SITE)
    try:
        mkdocs_serve.serve(**given, dev_addr=address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise click.ClickException("the address is in use; choose another with -a") from error
        raise


@main.command("check")
@_vault
@_strict
@click.option("--json", "as_data", is_flag=True, help="Print a list of problems as JSON.")
@click.option("--rerun", is_flag=True, help="Run every snippet anew; name those that differ.")
def check_command(vault: Path, strict: bool, as_data: bool, rerun: bool) -> None:
    """Say what is wrong with a vault, and what may be forgotten; write nothing."""
    settings, problems = opened(vault).settings()
    again = Reproduction()
    memo = Memo(settings.store_dir) if settings.store_dir.is_dir() else FORGETFUL
    with Progress() as progress:
        site = build(settings, progress=progress, runner=again if rerun else run, memo=memo)
    memo.close()
    problems = in_order([*problems, *site.problems, *again.problems])
    found = in_order([*problems, *site.advice])
    if as_data:
        click.echo(as_json(found))
    else:
        for problem in found:
            click.echo(problem, err=True)
        advice = f", {count(len(site.advice), 'piece')} of advice" if site.advice else ""
        click.echo(f"{count(len(site.pages), 'page')}, {summary(problems)}{advice}")
    if (strict and found) or any(p.code.breaks_build or p.code is Code.NO_NOTES for p in problems):
        sys.exit(1)


@main.command("run")
@click.argument("file", metavar="FILE|NOTE")
def run_command(file: str) -> None:
    """Run the snippets of one note, script or notebook, and print what they give.

    It is named by its path, or as links name it: "Dying ReLU".
    """
    settings, _ = opened(home(Path(file))).settings()
    path = find(file, settings)
    if path is None:
        raise NotBuiltError(f"{file} is no file, and no note of {settings.vault}")
    with Progress() as progress:
        outcome = run_file(path, settings, progress)
    for text, is_error in map(printed, outcome.outputs):
        click.echo(text, nl=False, err=is_error)
    for problem in outcome.problems:
        click.echo(problem, err=True)
    if outcome.problems:
        sys.exit(1)


@main.group("store")
def store_group() -> None:
    """Look after the store, where results are kept."""


@store_group.command("ls")
@_vault
def store_ls_command(vault: Path) -> None:
    """List the results: key, age, size and session."""
    store, _ = _store(vault)
    for text in stored.table(inventory.items(store)):
        click.echo(text)


@store_group.command("gc")
@_vault
@click.option(
    "--max-size", type=click.IntRange(min=0), metavar="MB", help="How much may stay: 512."
)
@click.option("--all", "everything", is_flag=True, help="Forget everything.")
def store_gc_command(vault: Path, max_size: int | None, everything: bool) -> None:
    """Forget the results that have not been used for longest, and the pages made first."""
    store, memo = _store(vault)
    before = store.size() + memo.size()
    limit = 0 if everything else None if max_size is None else max_size * 10**6
    store.trim(limit)
    memo.trim(None if limit is None else max(limit - store.size(), 0))
    after = store.size() + memo.size()
    click.echo(f"{stored.size(before - after)} forgotten, {stored.size(after)} kept")


@store_group.command("verify")
@_vault
def store_verify_command(vault: Path) -> None:
    """Compare each file with its hash, and name those that are corrupt."""
    store, memo = _store(vault)
    corrupt = [*inventory.corrupt(store), *memo.corrupt()]
    for path in corrupt:
        click.echo(f"{path}: is not what was written; builds pass over it", err=True)
    files = count(len(store.traces()) + len(store.results()) + memo.there, "file")
    click.echo(f"{files}, {len(corrupt) or 'none'} corrupt")
    if corrupt:
        sys.exit(1)


def _store(vault: Path) -> tuple[Store, Memo]:
    settings, _ = opened(vault).settings()
    if not settings.store_dir.is_dir():
        raise click.ClickException(f"nothing is stored yet: there is no {settings.store_dir}")
    return Store(settings.store_dir), Memo(settings.store_dir)


@main.command("new")
@click.argument("directory", type=click.Path(path_type=Path))
def new_command(directory: Path) -> None:
    """Start a vault in DIRECTORY: two notes that run and link."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise click.ClickException(f"{directory} exists and is not an empty directory")
    start(directory)
    click.echo(f"Open {directory} in Obsidian, and see it as a site: provenote serve {directory}")
