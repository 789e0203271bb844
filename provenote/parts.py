"""The parts of a note that a link may name: headings, blocks, labels of figures."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from provenote.guess import Names
from provenote.model import Block, Heading, Note, Option
from provenote.paths import fold
from provenote.problems import nearest

_MARKS = str.maketrans(dict.fromkeys('!"#$%&()*+,.:;<=>?@^`{|}~/[]\\\r\n', " "))


class Parts:
    """Finds a part of one note without looking at all of it."""

    def __init__(self, note: Note, options: Iterable[Option]) -> None:
        """Look through a note, and through the options of the cells that it shows."""
        self._headings = note.headings
        self._by_text: dict[str, list[int]] = defaultdict(list)
        for at, heading in enumerate(note.headings):
            for text in {comparable(heading.written), comparable(heading.text)}:
                self._by_text[text].append(at)
        self._stops = _stops(note.headings)
        self._by_anchor = {str(heading.anchor): heading for heading in reversed(note.headings)}
        self._by_slug = {_slug(heading.anchor): heading for heading in reversed(note.headings)}
        self._anchors = set(note.anchors)
        self._blocks = {fold(block.id): block for block in reversed(note.blocks)}
        self._labels = {
            option.value: option.value
            for option in options
            if option.name == "label" and isinstance(option.value, str)
        }

    def block(self, block_id: str) -> Block | None:
        return self._blocks.get(fold(block_id))

    def heading(self, fragment: str) -> Heading | str | None:
        """The heading that a path `A#B` leads to; else one by its anchor; else a figure's label."""
        path = [comparable(part) for part in fragment.split("#") if part.strip()]
        for steps in (path, [comparable(fragment)]):  # `C# intro` is no path
            at = self._follow(steps, 0, len(self._headings))
            if at is not None:
                return self._headings[at]
        by_anchor = self._by_anchor.get(fragment) or self._by_slug.get(_slug(fragment))
        return by_anchor or self.figure(fragment)

    def anchor(self, fragment: str) -> str | None:
        """An id that the page has, and that Obsidian knows nothing of."""
        return fragment if fragment in self._anchors else None

    def figure(self, label: str) -> str | None:
        """A figure's label, if the note has it."""
        return self._labels.get(label)

    def _follow(self, path: Sequence[str], start: int, stop: int) -> int | None:
        """Each next part of a path stands below the one before."""
        for at in self._named(path[0], start, stop) if path else ():
            found = self._follow(path[1:], at + 1, self._stops[at]) if path[1:] else at
            if found is not None:
                return found
        return None

    def _named(self, text: str, start: int, stop: int) -> Iterator[int]:
        places = self._by_text.get(text, [])
        for at in places[bisect_left(places, start) :]:
            if at >= stop:
                return
            yield at

    def guess_block(self, block_id: str) -> str:
        near = self._block_names.nearest(block_id)
        return f"^{near}" if near else ""

    def guess_figure(self, label: str) -> str:
        near = nearest(label, self._labels)
        return f"@{near}" if near else ""

    def guess_heading(self, fragment: str) -> str:
        return self._heading_names.nearest(fragment)

    @cached_property
    def _block_names(self) -> Names:
        return Names(block.id for block in self._blocks.values())

    @cached_property
    def _heading_names(self) -> Names:
        return Names([*(heading.text for heading in self._headings), *self._labels])


def comparable(heading: str) -> str:
    """A heading as Obsidian compares it: its source, where marks count as spaces."""
    return fold(" ".join(heading.translate(_MARKS).split()))


def _slug(anchor: str) -> str:
    """An anchor as other sites would make it too: some leave one dash for `a & b`, some two."""
    return re.sub(r"-{2,}", "-", anchor.casefold()).strip("-")


def _stops(headings: Sequence[Heading]) -> list[int]:
    """For each heading the index of the next one that does not stand below it."""
    stops = [len(headings)] * len(headings)
    above: list[int] = []
    for at, heading in enumerate(headings):
        while above and headings[above[-1]].level >= heading.level:
            stops[above.pop()] = at
        above.append(at)
    return stops
