"""What pytest collects in a vault, and how it runs: fresh, never from the store."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from provenote.faces.python_markdown import structure
from provenote.model import Plan, Session, Stream, VaultFile
from provenote.notes import parse
from provenote.problems import Problem
from provenote.publishing import is_published
from provenote.run.pool import Pool
from provenote.run.results import problems
from provenote.run.sessions import run
from provenote.settings import Settings, read
from provenote.snippets import plan_note, plan_script
from provenote.vault import scan


class _Loader(yaml.SafeLoader):
    """Reads a mkdocs.yml, whose tags (`!ENV`, `!!python/name:`) mean nothing here."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def settings_of(root: Path, vault: str) -> Settings | None:
    """The settings of a project's vault, if it has one: as its mkdocs.yml says, or pytest's."""
    for file in (root / "mkdocs.yml", root / "mkdocs.yaml"):
        if not file.is_file():
            continue
        given = _read(file)
        options = _plugin_options(given.get("plugins")) if isinstance(given, dict) else None
        if options is not None:
            docs = root / (vault or given.get("docs_dir", "docs"))
            exclude = (root / given.get("site_dir", "site"),)
            syntax = structure(given.get("markdown_extensions"))
            return read(options, project=root, vault=docs, syntax=syntax, exclude=exclude)[0]
    return read({}, project=root, vault=root / vault)[0] if vault else None


def _read(file: Path) -> Any:
    try:
        return yaml.load(file.read_bytes(), _Loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise pytest.UsageError(f"{file.name} cannot be read: {error}") from error


def _plugin_options(plugins: Any) -> Mapping[str, Any] | None:
    """The options of the provenote plugin; None if it is not among the plugins."""
    for entry in plugins or ():
        if entry == "provenote":
            options = plugins[entry] if isinstance(plugins, dict) else {}
        elif isinstance(entry, dict) and "provenote" in entry:
            options = entry["provenote"]
        else:
            continue
        return options if isinstance(options, dict) else {}
    return None


class Collection:
    """Collects the notes and scripts of a vault, and runs their sessions in one server."""

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

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> "SnippetFile | None":
        file = self._notes.get(file_path) or self._scripts.get(file_path)
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

    def pytest_unconfigure(self) -> None:
        self.pool.close()

    def plan(self, file: VaultFile) -> Plan:
        """The sessions of one note or script; a draft has none, as in the site."""
        if file.absolute in self._scripts:
            return plan_script(file, self.settings)
        note = parse(file, self.settings.dialect)
        return plan_note(note, self.settings) if is_published(note, self.settings) else Plan(())


class SnippetFile(pytest.File):
    """A note or a script."""

    collection: Collection
    file: VaultFile

    def collect(self) -> Iterator["SessionItem"]:
        plan = self.collection.plan(self.file)
        for session in plan.sessions:
            line = session.cells[0].place.line
            item: SessionItem = SessionItem.from_parent(
                self, name=str(line), nodeid=f"{self.nodeid}:{line}"
            )
            item.collection, item.session_to_run = self.collection, session
            yield item


class SnippetFailedError(Exception):
    """Carries a problem to pytest's report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class SessionItem(pytest.Item):
    """One session."""

    collection: Collection
    session_to_run: Session

    def runtest(self) -> None:
        collection = self.collection
        results = run([self.session_to_run], collection.settings, store=None, pool=collection.pool)
        for result in results.values():
            streams = [o for outputs in result.outputs for o in outputs if isinstance(o, Stream)]
            for stream in streams:
                self.add_report_section("call", stream.name, stream.text)
        for problem in problems(results):
            raise SnippetFailedError(problem)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the author's traceback rather than ours."""
        if not isinstance(excinfo.value, SnippetFailedError):
            return super().repr_failure(excinfo, style)
        problem = excinfo.value.problem
        return f"{problem.detail}{problem.place}: {problem.text}"

    def reportinfo(self) -> tuple[Path, int, str]:
        line = self.session_to_run.cells[0].place.line
        return self.path, line - 1, self.nodeid
