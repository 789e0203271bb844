"""How each tool is given the workload, in the way that its own documentation proposes."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from benchmarks import rivals, workload
from benchmarks.workload import Numbers

JOBS = 2
_SILENT = {"NO_MKDOCS_2_WARNING": "1"}


class Tool(ABC):
    """A project in a directory of its own, and the command that builds it."""

    name: str

    def __init__(self, directory: Path) -> None:
        self.directory = directory / self.name
        self.directory.mkdir()

    @property
    @abstractmethod
    def command(self) -> tuple[str, ...]: ...

    @abstractmethod
    def page(self, note: int) -> Path:
        """Where the page of a note is written, relative to the project."""

    @abstractmethod
    def source(self, note: int, numbers: Numbers) -> tuple[str, str]:
        """The path and the text of a note."""

    @abstractmethod
    def configuration(self) -> tuple[str, str]:
        """The path and the text of what configures the tool."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Local modules are found in the project."""
        return {"PYTHONPATH": str(self.directory), **_SILENT}

    def write(self, numbers: Numbers, notes: int = workload.NOTES) -> None:
        """The project as its author has it now; files that stay as they are, are not touched."""
        sources = (self.source(note, numbers) for note in range(notes))
        for path, text in [*workload.files(numbers).items(), *sources, self.configuration()]:
            file = self.directory / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or file.read_text() != text:
                file.write_text(text)

    def snippets(self, note: int, numbers: Numbers) -> list[str]:
        code = workload.snippets(note, numbers)
        return [one.replace("{root}", str(self.directory)) for one in code]

    def html(self, note: int) -> str:
        return (self.directory / self.page(note)).read_text()


def _markdown(note: int, numbers: Numbers, fences: list[str]) -> str:
    return "\n\n".join([f"# Note {note}", workload.prose(note, numbers), *fences]) + "\n"


class _MkDocs(Tool):
    plugin: Mapping[str, object]
    extensions: tuple[str, ...] = ()
    python = rivals.PYTHON

    @property
    def command(self) -> tuple[str, ...]:
        return (str(self.python), "-m", "mkdocs", "build", "--quiet")

    def configuration(self) -> tuple[str, str]:
        return "mkdocs.yml", json.dumps(
            {
                "site_name": "Benchmark",
                "theme": {"name": "material", "font": False},
                "plugins": ["search", self.plugin],
                "markdown_extensions": self.extensions,
            }
        )

    def page(self, note: int) -> Path:
        return Path(f"site/note{note}/index.html")


class Provenote(_MkDocs):
    """Ours, as a plugin of MkDocs."""

    name = "provenote"
    plugin: Mapping[str, object] = {"provenote": {"jobs": JOBS}}
    python = Path(sys.executable)

    @property
    def environment(self) -> Mapping[str, str]:
        """It finds them by itself."""
        return _SILENT

    def source(self, note: int, numbers: Numbers) -> tuple[str, str]:
        fences = [f"```python run\n{code}```" for code in self.snippets(note, numbers)]
        return f"docs/note{note}.md", _markdown(note, numbers, fences)


class MarkdownExec(_MkDocs):
    """Runs fences within the build; figures are printed as SVG, as its gallery does."""

    name = "markdown-exec"
    plugin: Mapping[str, object] = {"markdown-exec": {}}
    extensions = ("pymdownx.highlight", "pymdownx.superfences")

    _SHOW = (
        'from io import StringIO\n\nbuffer = StringIO()\nplt.savefig(buffer, format="svg")\n'
        "plt.close()\nprint(buffer.getvalue())\n"
    )

    def source(self, note: int, numbers: Numbers) -> tuple[str, str]:
        codes = self.snippets(note, numbers)
        codes[-1] += self._SHOW
        opening = f'```python exec="on" source="above" html="1" session="note{note}"'
        fences = [f"{opening}\n{code}```" for code in codes]
        return f"docs/note{note}.md", _markdown(note, numbers, fences)


class _Sphinx(Tool):
    @property
    def command(self) -> tuple[str, ...]:
        python = str(rivals.PYTHON)
        return (python, "-m", "sphinx", "-q", "-j", str(JOBS), "-b", "html", ".", "site")


class MystNb(_Sphinx):
    """Runs each note in a kernel; jupyter-cache keeps what came out."""

    name = "MyST-NB"

    _CONFIGURATION = (
        'extensions = ["myst_nb"]\nnb_execution_mode = "cache"\nnb_execution_timeout = 600\n'
        'nb_execution_raise_on_error = True\nexclude_patterns = ["site"]\nroot_doc = "note0"\n'
    )
    _PROPERTIES = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n"

    def configuration(self) -> tuple[str, str]:
        return "conf.py", self._CONFIGURATION

    def source(self, note: int, numbers: Numbers) -> tuple[str, str]:
        fences = [f"```{{code-cell}} ipython3\n{code}```" for code in self.snippets(note, numbers)]
        return f"note{note}.md", self._PROPERTIES + _markdown(note, numbers, fences)

    def page(self, note: int) -> Path:
        return Path(f"site/note{note}.html")


class SphinxGallery(_Sphinx):
    """Runs scripts, and makes pages of them; goes by the checksum of each script."""

    name = "sphinx-gallery"

    _CONFIGURATION = (
        'extensions = ["sphinx_gallery.gen_gallery"]\nsphinx_gallery_conf = {\n'
        '    "examples_dirs": "scripts",\n    "gallery_dirs": "gallery",\n'
        f'    "parallel": {JOBS},\n    "show_memory": False,\n}}\n'
        'exclude_patterns = ["site", "scripts"]\nroot_doc = "gallery/index"\n'
    )

    def configuration(self) -> tuple[str, str]:
        return "conf.py", self._CONFIGURATION

    def write(self, numbers: Numbers, notes: int = workload.NOTES) -> None:
        super().write(numbers, notes)
        header = self.directory / "scripts/README.txt"
        if not header.exists():
            header.write_text("Notes\n=====\n")

    def source(self, note: int, numbers: Numbers) -> tuple[str, str]:
        opening = f'"""\nNote {note}\n=======\n\n{workload.prose(note, numbers)}\n"""\n'
        return f"scripts/plot_note{note}.py", opening + "# %%\n".join(self.snippets(note, numbers))

    def page(self, note: int) -> Path:
        return Path(f"site/gallery/plot_note{note}.html")


TOOLS: tuple[type[Tool], ...] = (Provenote, MarkdownExec, MystNb, SphinxGallery)
"""Ours is the first."""
