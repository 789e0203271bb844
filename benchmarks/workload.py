"""The same notes for every tool: NumPy, a figure each, a shared module, a data file.

Notes 0 to 11 import `shared`, which imports `indirect`; note 20 reads `points.csv`.
Even notes have two snippets, odd ones a single snippet. Further notes repeat the pattern.
"""

from dataclasses import dataclass, replace
from math import prod

NOTES = 24
USERS = frozenset(range(12))
"""Notes that import the shared module."""
READER = 20
"""The note that reads the data file."""
EDITED = 17
"""The note whose snippet is edited."""
REWORDED = 15
"""The note whose prose is edited."""


@dataclass(frozen=True)
class Numbers:
    """What an author may change; every page shows a number made from these."""

    snippet: int = 3
    """A constant in the snippet of the note `EDITED`."""
    shared: int = 5
    """One in the shared module."""
    indirect: int = 7
    """One in the module that only the shared module imports."""
    data: int = 11
    """One line of the data file."""
    prose: str = "as it was written"
    """Words in the note `REWORDED`."""

    def of(self, note: int) -> int:
        """The number that a note's page must show."""
        factors, kind = [1000 + note], note % NOTES
        if kind in USERS:
            factors += [self.shared, self.indirect]
        if kind == READER:
            factors.append(self.data)
        if kind == EDITED:
            factors.append(self.snippet)
        return prod(factors)


START = Numbers()


@dataclass(frozen=True)
class Step:
    """What an author does before a build."""

    name: str
    numbers: Numbers
    """Those that the project holds then."""
    affected: frozenset[int] = frozenset()
    """The notes that have to run again, and no others."""


def steps() -> tuple[Step, ...]:
    """An afternoon: one edit after another, and in the end all of them undone."""
    everything = frozenset(range(NOTES))
    prose = replace(START, prose="as it was said better")
    snippet = replace(prose, snippet=4)
    shared = replace(snippet, shared=6)
    indirect = replace(shared, indirect=8)
    data = replace(indirect, data=12)
    return (
        Step("cold", START, everything),
        Step("no change", START),
        Step("prose edit", prose),
        Step("one snippet", snippet, frozenset({EDITED})),
        Step("shared module", shared, USERS),
        Step("indirect module", indirect, USERS),
        Step("data file", data, frozenset({READER})),
        Step("undo all", START),
    )


def files(numbers: Numbers) -> dict[str, str]:
    """What lies beside the notes: modules and data."""
    return {
        "shared.py": f"import indirect\n\n\ndef factor():\n    return {numbers.shared} * "
        "indirect.FACTOR\n",
        "indirect.py": f"FACTOR = {numbers.indirect}\n",
        "points.csv": f"x,y\n1,{numbers.data}\n",
    }


def prose(note: int, numbers: Numbers) -> str:
    """The words of a note."""
    words = numbers.prose if note == REWORDED else START.prose
    return f"A wave and its network, {words}. Its number is below."


_START = """\
import time

import matplotlib.pyplot as plt
import numpy as np
{imports}
x = np.linspace(0, 6, 200)
weights = np.random.default_rng({note}).normal(size=(200, 8))
hidden = np.maximum(0, np.outer(x, weights[0]) - 1)
number = {number}
print(f"mark {{time.time_ns()}} number {{number}}")
"""
_FIGURE = """\
fig, ax = plt.subplots()
ax.plot(x, np.sin(x + {note}), label="wave")
ax.plot(x, hidden @ weights[1] / 9, label="network")
ax.set(title="Note {note}", xlabel="x", ylabel="y")
ax.legend()
"""


def snippets(note: int, numbers: Numbers) -> tuple[str, ...]:
    """The code of a note; the mark in its output tells one run from another."""
    imports, number, kind = [], [str(1000 + note)], note % NOTES
    if kind in USERS:
        imports.append("import shared")
        number.append("shared.factor()")
    if kind == READER:
        imports.append("from pathlib import Path")
        number.append('int(Path("{root}/points.csv").read_text().split(",")[-1])')
    if kind == EDITED:
        number.append(str(numbers.snippet))
    start = _START.format(
        note=note, imports="".join(f"{one}\n" for one in imports), number=" * ".join(number)
    )
    figure = _FIGURE.format(note=note)
    return (start, figure) if note % 2 == 0 else (start + figure,)


def count() -> int:
    """How many snippets there are."""
    return sum(len(snippets(note, START)) for note in range(NOTES))
