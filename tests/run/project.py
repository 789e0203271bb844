"""A project on disk whose snippets really run."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from provenote import snippets
from provenote.model import Display, Failure, Plan, Result, SessionId, Stream
from provenote.notes import parse
from provenote.run.pool import Pool
from provenote.run.sessions import run
from provenote.run.store import Store
from provenote.settings import Settings
from provenote.vault import scan


@dataclass
class Project:
    """Notes in `docs/`, scripts in `snippets/`, local modules beside them."""

    root: Path
    pool: Pool
    timeout: float = 60.0
    memory: int = 2048
    last: Mapping[SessionId, Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "docs").mkdir(parents=True, exist_ok=True)

    @property
    def settings(self) -> Settings:
        return Settings(
            self.root, self.root / "docs", timeout=self.timeout, memory=self.memory, jobs=2
        )

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
        return file

    def note(self, path: str, *cells: str) -> None:
        """A note made of fences that run; the first line of the first cell is line 4."""
        fences = (f"```python run\n{dedent(cell).strip()}\n```\n" for cell in cells)
        self.write(f"docs/{path}", "# A note\n\n" + "\nProse.\n\n".join(fences))

    def plan(self) -> Plan:
        vault, _ = scan(self.settings)
        return snippets.plan(
            [parse(file) for file in vault.notes], vault, self.settings, vault.snippets
        )

    def run(self, *, store: bool = False) -> Mapping[SessionId, Result]:
        kept = Store(self.settings.store_dir) if store else None
        self.last = run(self.plan().sessions, self.settings, store=kept, pool=self.pool)
        return self.last

    def rerun(self) -> set[str]:
        """What did not come from the store, this time."""
        time.sleep(0.03)  # a file that changed just before a run is not relied on
        results = self.run(store=True)
        return {name for name, result in results.items() if not result.stored}

    def only(self, *cells: str) -> Result:
        """The result of a project of one note."""
        self.note("note.md", *cells)
        return self.run()[SessionId("docs/note.md")]


def text_of(result: Result, stream: str = "stdout") -> str:
    return "".join(
        output.text
        for outputs in result.outputs
        for output in outputs
        if isinstance(output, Stream) and output.name == stream
    )


def shown(result: Result, cell: int = -1) -> list[Mapping[str, str]]:
    return [one.data for one in result.outputs[cell] if isinstance(one, Display)]


def brief(failure: Failure | None) -> str:
    return f"{failure.place}: {failure.cause}" if failure else "fine"
