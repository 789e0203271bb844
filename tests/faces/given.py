"""What the fixtures give."""

import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Write = Callable[[Mapping[str, str]], Path]
"""Writes files, path -> text, and says where."""
Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs a command of this environment, by default where the files are."""


@dataclass(frozen=True)
class Served:
    """A site that a command serves."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def shows(self, words: str, page: str = "", seconds: float = 90) -> bool:
        """Whether a page comes to show these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(self.address + page) as response:
                if words in response.read().decode():
                    return True
            time.sleep(0.2)
        return False


Serve = Callable[..., Served]
"""Starts a command that serves, on a port that is free; it is ended after the test."""
