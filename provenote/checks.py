"""Check: what is not wrong in a vault, but may well be forgotten. Advice, not problems."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from provenote.model import Found, Heading, Image, Link, Note, Target, Url, Vault, VaultPath
from provenote.pages.media import alt_and_size
from provenote.parts import comparable
from provenote.paths import opens_folder, stem
from provenote.problems import Code, Place, Problem

_HOME = {"", "index.html"}


def orphans(
    notes: Iterable[Note], linked: Container[VaultPath], urls: Mapping[VaultPath, Url]
) -> Iterator[Problem]:
    """Notes that no other links to, save those that open the site or a folder."""
    for note in notes:
        opens = urls[note.path] in _HOME or opens_folder(note.path)
        if note.path.endswith(".md") and note.path not in linked and not opens:
            text, guess = "nothing links to this note", f"write [[{stem(note.path)}]] somewhere"
            yield Problem(Code.ORPHAN, Place(note.file.shown), text, guess)


def unused(
    vault: Vault, used: Container[str], pages: Container[VaultPath], opened: Container[Path]
) -> Iterator[Problem]:
    """Attachments that no published note uses, no snippet opened and no setting names."""
    for file in vault.attachments:
        has_use = file.shown in used or file.path in pages or file.absolute in opened
        if not has_use and not file.path.endswith(".py"):
            name = file.path.rpartition("/")[2]
            guess = f"embed it as ![[{name}]] or name it under `publish`"
            yield Problem(Code.UNUSED, Place(file.shown), "no note uses this file", guess)


def without_alt(notes: Iterable[Note], targets: Mapping[Link, Target]) -> Iterator[Problem]:
    """Images that say nothing to those who do not see them; what is missing is a problem."""
    for note in notes:
        for image in note.images:
            there = image.link is None or isinstance(targets[image.link], Found)
            if there and not alt_and_size(image.text)[0].strip():
                yield _no_alt(image)


def _no_alt(image: Image) -> Problem:
    if image.written.startswith("<"):
        example = 'alt="what it shows", or alt="" where it is a mere ornament'
    elif image.written.startswith("![["):
        example = f"![[{image.source}|what it shows]]"
    else:
        example = f"![what it shows]({image.source})"
    text = f"{image.written} has no text for those who do not see it"
    return Problem(Code.NO_ALT, image.place, text, f"for example {example}")


def ambiguous_headings(
    notes: Mapping[VaultPath, Note], targets: Mapping[Link, Target]
) -> Iterator[Problem]:
    """Links that name a heading, where the note has several such; they lead to the first."""
    alike: dict[VaultPath, _Alike] = {}
    for link, target in targets.items():
        if isinstance(target, Found) and isinstance(target.fragment, Heading):
            path = [comparable(part) for part in link.fragment.split("#") if part.strip()]
            note = notes[target.file.path]
            if note.path not in alike:
                alike[note.path] = _alike(note.headings)
            found = _fitting(alike[note.path], path)
            if len(found) > 1:
                yield _ambiguous(link, target, found)


def _ambiguous(link: Link, target: Found, found: Sequence[tuple[Heading, str]]) -> Problem:
    (first, upper), *others = found
    lines = ", ".join(str(heading.place.line) for heading, _ in others)
    tells_apart = upper and upper not in {other for _, other in others}
    return Problem(
        Code.AMBIGUOUS_HEADING,
        link.place,
        f"{link.written} leads to line {first.place.line} of {target.file.path}"
        f" but also fits line {lines}",
        f"write [[{link.target}#{upper}#{first.text}]]"
        if tells_apart
        else "name one of them otherwise",
    )


_Alike = Mapping[str, Sequence[tuple[Heading, Sequence[Heading]]]]
"""By what they say: headings, each with those above it."""
_SEVERAL = 4
"""How many headings a message names."""


def _alike(headings: Sequence[Heading]) -> _Alike:
    alike: dict[str, list[tuple[Heading, Sequence[Heading]]]] = defaultdict(list)
    above: list[Heading] = []
    for heading in headings:
        while above and above[-1].level >= heading.level:
            above.pop()
        alike[comparable(heading.text)].append((heading, tuple(above)))
        above.append(heading)
    return alike


def _fitting(alike: _Alike, path: Sequence[str]) -> list[tuple[Heading, str]]:
    """The first headings that a path may mean, each with the one above it."""
    fitting = (
        (heading, above[-1].text if above else "")
        for heading, above in (alike.get(path[-1], ()) if path else ())
        if _leads(path[:-1], above)
    )
    return list(islice(fitting, _SEVERAL))


def _leads(path: Sequence[str], above: Sequence[Heading]) -> bool:
    names = iter([comparable(upper.text) for upper in above])
    return all(part in names for part in path)
