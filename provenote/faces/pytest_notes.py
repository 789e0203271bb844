"""What pytest collects in a vault."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from provenote.faces import jupyter
from provenote.faces.pytest_items import UPDATED, Bench, BrokenItem, SessionItem
from provenote.faces.pytest_plugin import CONFIGURATIONS
from provenote.faces.python_markdown import structure
from provenote.model import Plan, VaultFile
from provenote.notes import parse
from provenote.publishing import is_published
from provenote.run.pool import Pool
from provenote.settings import Settings, read
from provenote.snippets import plan_note, plan_notebook_file, plan_script
from provenote.vault import scan


class _Loader(yaml.SafeLoader):
    """Reads a mkdocs.yml, whose tags (`!ENV`, `!!python/name:`) mean nothing here."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def settings_of(root: Path, vault: str) -> Settings | None:
    """The settings of a project's vault, if it has one: as its mkdocs.yml says, or pytest's."""
    for file in (root / name for name in CONFIGURATIONS):
        if not file.is_file():
            continue
        given = _read(file)
        plugins = given.get("plugins") if isinstance(given, dict) else None
        options = _plugin_options(plugins, "provenote")
        if options is not None:
            docs = root / (vault or given.get("docs_dir", "docs"))
            exclude = (root / given.get("site_dir", "site"),)
            syntax = structure(given.get("markdown_extensions"))
            shown = jupyter.notebooks(_plugin_options(plugins, jupyter.NAME))
            return read(
                options, project=root, vault=docs, notebooks=shown, syntax=syntax, exclude=exclude
            )[0]
    return read({}, project=root, vault=root / vault)[0] if vault else None


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_bytes(), _Loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise pytest.UsageError(f"{file.name} cannot be read: {error}") from error


def _plugin_options(plugins: Any, name: str) -> Mapping[str, Any] | None:
    """The options of a plugin; None if it is not among the plugins."""
    for entry in plugins or ():
        if entry == name:
            options = plugins[entry] if isinstance(plugins, dict) else {}
        elif isinstance(entry, dict) and name in entry:
            options = entry[name]
        else:
            continue
        return options if isinstance(options, dict) else {}
    return None


class Collection:
    """Collects a vault's notes, scripts and notebooks, and runs their sessions in one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = Pool(jobs=1)
        vault, _ = scan(settings)
        self._notes = {file.absolute: file for file in vault.notes}
        self._scripts = {
            file.absolute: file
            for file in vault.snippets
            if file.absolute.is_relative_to(settings.snippets_dir)
        }
        self._notebooks = {
            file.absolute: file
            for file in vault.attachments
            if settings.notebooks and settings.notebooks.shows(file.absolute)
        }

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> "SnippetFile | None":
        known = (self._notes, self._scripts, self._notebooks)
        file = next((files[file_path] for files in known if file_path in files), None)
        if file is None:
            return None
        collector: SnippetFile = SnippetFile.from_parent(parent, path=file_path)
        collector.collection, collector.file = self, file
        return collector

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> pytest.CollectReport | None:
        """Keep `--lf` from passing over notes: it looks for `::` in the ids of what failed."""
        if not isinstance(collector, SnippetFile):
            return None
        return pytest.CollectReport(collector.nodeid, "passed", None, list(collector.collect()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the blocks that were rewritten, whichever process did it."""
        reports = terminalreporter.stats.get("passed", ())
        found = [value for one in reports for name, value in one.user_properties if name == UPDATED]
        for place in sorted(found):
            terminalreporter.write_line(f"{place}: rewritten")

    def pytest_unconfigure(self) -> None:
        self.pool.close()

    def plan(self, file: VaultFile) -> Plan:
        """The sessions of one file; a draft has none, as in the site."""
        if file.absolute in self._notebooks:
            return plan_notebook_file(file, self.settings)
        if file.absolute in self._scripts:
            return plan_script(file, self.settings)
        note = parse(file, self.settings.dialect)
        return plan_note(note, self.settings) if is_published(note, self.settings) else Plan(())


class SnippetFile(pytest.File):
    """A note, a script or a notebook."""

    collection: Collection
    file: VaultFile

    def collect(self) -> Iterator[pytest.Item]:
        collection = self.collection
        plan = collection.plan(self.file)
        cells = (cell for session in plan.sessions for cell in session.cells)
        opened = sorted(cell.expected.opened for cell in cells if cell.expected)
        blocks = {place: number for number, place in enumerate(opened)}
        bench = Bench(self.file, collection.settings, collection.pool, blocks)
        for session in plan.sessions:
            place = session.cells[0].place
            suffix = "" if place.cell else f":{place.line}"
            yield SessionItem.from_parent(
                self,
                name=str(place.line),
                nodeid=self.nodeid + suffix,
                session_to_run=session,
                bench=bench,
            )
        broken = [problem for problem in plan.problems if problem.code.breaks_build]
        if broken and not plan.sessions:
            yield BrokenItem.from_parent(self, name="0", nodeid=self.nodeid, problems=broken)
