"""A vault of generated notes, once as Obsidian has it and once as plain Material does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

_TEXT = (
    "network weight gradient layer activation loss descent learning input output neuron kernel "
    "tensor matrix vector sigmoid train data model depth width unit bias linear convex momentum "
    "epoch batch sample noise signal norm entropy softmax chain rule derivative curvature step "
    "rate schedule memory attention token embedding residual skip block filter stride padding"
)
_WORDS = _TEXT.split()
_FOLDERS = 20
_CODE = """\
```python
import numpy as np


def forward(x, weights, bias):
    \"\"\"One layer, of note {note}.\"\"\"
    hidden = np.maximum(0, x @ weights + bias)
    return hidden / np.linalg.norm(hidden, axis=1)
```
"""


@dataclass(frozen=True)
class Dialect:
    """What the two kinds of vault write differently; all else is the same text."""

    link: str
    callout: str

    def linked(self, target: int) -> str:
        name = f"Note {target}"
        return self.link.format(name=name, path=f"../folder{target % _FOLDERS}/{name}.md")


OBSIDIAN = Dialect(link="[[{name}]]", callout="> [!note] In short\n> {text}\n")
MATERIAL = Dialect(link="[{name}](<{path}>)", callout='!!! note "In short"\n\n    {text}\n')


def write(directory: Path, notes: int, dialect: Dialect) -> None:
    """Notes of about 600 words with links, tags, code and formulas; always the same ones."""
    for note in range(notes):
        file = directory / f"folder{note % _FOLDERS}" / f"Note {note}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(_note(note, notes, dialect)))
    (directory / "index.md").write_text("# Home\n\nA benchmark.\n")


def _note(note: int, notes: int, dialect: Dialect) -> Iterator[str]:
    random = Random(note)
    yield f"---\ntags: [topic{note % 17}, area/part{note % 5}]\n---\n# Note {note}\n"
    for section in range(4):
        yield f"## Section {section}\n"
        for paragraph in range(3):
            yield _paragraph(random, dialect.linked(random.randrange(notes)), paragraph)
    yield _CODE.format(note=note)
    yield "$$\n\\frac{\\partial L}{\\partial W} = X^\\top \\delta\n$$\n"
    yield f"- {random.choice(_WORDS)}\n- {random.choice(_WORDS)}\n"
    yield dialect.callout.format(text=f"A {random.choice(_WORDS)} is no {random.choice(_WORDS)}.")


def _paragraph(random: Random, link: str, number: int) -> str:
    words = [random.choice(_WORDS) for _ in range(48)]
    words[5] = link
    words[20] = f"**{words[20]}**"
    words[30] = "$x^2 + y_1$" if number == 0 else words[30]
    words[40] = f"`{words[40]}`"
    return f"{' '.join(words)}.\n"
