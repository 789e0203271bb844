"""How long an edit takes to show in a served site: `python benchmarks/serve.py`.

The flagship vault is copied, served, and edited as an author would; the clock runs from
the moment at which a file is saved to that at which the page has the new output. CPU time
is that of the server and of what it starts: on a machine at rest, an edit takes about as
long, and a quarter of a second at most until it is noticed.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.table import table

ROOT = Path(__file__).parent.parent
COPIED = ("docs", "snippets", "nnref", "provenote", "mkdocs.yml")
NOTE = "docs/relu/Edited.md"
MODULE = "edited.py"
PAGE = "relu/Edited/"
TEXT = """
# Edited

Prose {prose}.

```python run
import numpy as np
from edited import mark
from nnref.activations import relu
print("snippet {snippet}", int(relu(np.array([1.0])).sum()), mark)
```
"""


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(arguments).rounds
    print(f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}, {rounds} rounds\n")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as directory:
        project = _copy(Path(directory))
        with _served(project) as (address, process):
            show = Edit(project, address)
            show.until("snippet 0 1 0")
            kinds: dict[str, Callable[[int], float]] = {
                "prose of a note": show.prose,
                "a snippet": show.snippet,
                "a module that it imports": show.module,
            }
            for number in (-1, -2):  # the first builds compile what later ones remember
                show.snippet(number)
            rows = []
            for name, edit in kinds.items():
                before = _cpu(process)
                taken = [edit(number) for number in range(1, rounds + 1)]
                cpu = (_cpu(process) - before) / rounds
                wall = (f"{number:.2f}" for number in (median(taken), min(taken), max(taken)))
                rows.append((name, f"{cpu:.2f}", *wall))
    print(table(("edit of", "CPU s", "wall s", "least", "most"), rows))


class Edit:
    """Edits files, and waits for the page to follow."""

    def __init__(self, project: Path, address: str) -> None:
        self._note, self._module = project / NOTE, project / MODULE
        self._address = address
        self._prose = self._snippet = self._mark = 0

    def prose(self, number: int) -> float:
        self._prose = number
        return self._save(f"Prose {number}.")

    def snippet(self, number: int) -> float:
        self._snippet = number
        return self._save(f"snippet {number} 1 {self._mark}")

    def module(self, number: int) -> float:
        self._mark = number
        started = time.monotonic()
        self._module.write_text(f"mark = {number}\n", encoding="utf-8")
        return self.until(f"snippet {self._snippet} 1 {number}") - started

    def _save(self, words: str) -> float:
        started = time.monotonic()
        text = TEXT.format(prose=self._prose, snippet=self._snippet)
        self._note.write_text(text, encoding="utf-8")
        return self.until(words) - started

    def until(self, words: str) -> float:
        """When a page first has these words, by the clock."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self._address + PAGE) as answer:
                    if words in answer.read().decode():
                        return time.monotonic()
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.01)
        raise TimeoutError(f"the page never had {words!r}")


def _copy(directory: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, directory / name)
        else:
            shutil.copy(ROOT / name, directory / name)
    (directory / MODULE).write_text("mark = 0\n", encoding="utf-8")
    (directory / NOTE).write_text(TEXT.format(prose=0, snippet=0), encoding="utf-8")
    return directory


@contextmanager
def _served(project: Path) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    with (project / "log.txt").open("wb") as log:
        command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", host]
        process = subprocess.Popen(command, cwd=project, stdout=log, stderr=log)
    try:
        yield f"http://{host}/", process.pid
    finally:
        process.terminate()
        process.wait()


def _cpu(process: int) -> float:
    """Seconds that a process and those it started have computed."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return own + sum(_cpu(int(child)) for task in tasks for child in task.read_text().split())


if __name__ == "__main__":
    main(sys.argv[1:])
