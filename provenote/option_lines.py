"""The option lines at the top of a cell: `#| key: value`, as in Quarto and Jupyter.

They are YAML, and comments to Python. A cell of MyST may say them as `:key: value`, or
between two lines `---`.
"""

import re
from collections.abc import Iterator, Sequence

import yaml

from provenote.model import Option
from provenote.problems import Place

_COMMENT = re.compile(r"#\|(?: (.*)|.*)$", re.DOTALL)
_FIELD = re.compile(r":([\w-]+):(?=\s|$)(.*)$")
_RULE = "---"


def split(
    code: str, place: Place, *, directive: bool = False
) -> tuple[tuple[Option, ...], str, Place]:
    """The options of a cell, the code below them, and where that stands.

    `place` is that of the cell's first line; `directive` says that it may be MyST's.
    """
    lines = code.split("\n")
    said = _fields(lines) if directive else []
    said = said or _comments(lines)
    options = tuple(_options(said, place))
    below = place._replace(line=place.line + len(said))
    return options, "\n".join(lines[len(said) :]), below


def _comments(lines: Sequence[str]) -> list[str]:
    said: list[str] = []
    for line in lines:
        match = _COMMENT.match(line)
        if not match:
            break
        said.append(match[1] or "")
    return said


def _fields(lines: Sequence[str]) -> list[str]:
    """The lines of YAML that MyST's options come to, one for each of theirs."""
    bare = [line.rstrip() for line in lines]
    if bare[:1] == [_RULE] and _RULE in bare[1:]:
        end = bare.index(_RULE, 1)
        return ["", *bare[1:end], ""]
    said: list[str] = []
    for line in bare:
        match = _FIELD.match(line)
        if not match:
            break
        said.append(f"{match[1]}:{match[2] or ' true'}")
    return said


def _options(lines: Sequence[str], place: Place) -> Iterator[Option]:
    text = "\n".join(lines)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        root = None
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            above = text.count("\n", 0, key.start_mark.index)  # YAML knows more ends of lines
            here = place._replace(line=place.line + above)
            yield Option(str(key.value), _value(value), here)
    else:
        yield from _line_by_line(lines, place)


def _value(node: yaml.Node) -> str | tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value).strip()
    if isinstance(node, yaml.SequenceNode) and all(
        isinstance(item, yaml.ScalarNode) for item in node.value
    ):
        return tuple(str(item.value).strip() for item in node.value)
    return None


def _line_by_line(lines: Sequence[str], place: Place) -> Iterator[Option]:
    """Options that are no YAML together: a caption with a colon in it is text all the same."""
    for number, line in enumerate(lines):
        name, _, value = line.partition(":")
        if line.strip():
            here = place._replace(line=place.line + number)
            yield Option(name.strip(), value.strip().strip("\"'"), here)
