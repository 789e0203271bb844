"""Values as MIME bundles, by the protocol that Jupyter's rich objects speak."""

import base64
import hashlib
import itertools
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from provenote.run import animations, figures, svg

_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_latex_": "text/latex",
    "_repr_svg_": svg.KIND,
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_json_": "application/json",
}
_KINDS = frozenset({*_METHODS.values(), "image/gif", "image/webp", "text/plain"})
"""What pages can show; anything else, such as the data of a plot for a script, is left out."""
_ADDRESS = re.compile(r"\b(at |[Tt]hread )0x[0-9a-fA-F]+(?=[> ])")
_OUR_FRAME = re.compile(
    # Python 3.13 also names what stands in between when a frame of ours makes an object.
    rf'  File "(?:{re.escape(str(Path(__file__).parent))}|<frozen runpy>|__init__", line \?)'
    r"[^\n]*\n(?:    [^\n]*\n)*"
)
_STYLED = re.compile(r'\bid="(T_[0-9a-f]{5,})"')

Message = dict[str, Any]
"""What the server is told of an output."""

_sinks: list[Callable[[Message], None]] = []
"""Where messages go: one process runs one session, and `worker` says where to."""
_ids = itertools.count(1)


def send_to(sink: Callable[[Message], None]) -> None:
    """Say where messages of this process go."""
    _sinks[:] = [sink]


def emit(data: dict[str, str], **of_message: Any) -> None:
    """Make a bundle an output of the running cell."""
    for sink in _sinks:
        sink({"display": data, **of_message})


class Handle:
    """What `display(…, display_id=True)` gives: a way to show something else in that place."""

    def __init__(self, display_id: str) -> None:
        self.display_id = display_id

    def display(self, value: Any) -> None:
        """Show a value once more, in a place that is updated together with the others."""
        display(value, display_id=self.display_id)

    def update(self, value: Any) -> None:
        """Show a value instead."""
        update_display(value, display_id=self.display_id)


def display(
    *values: Any, display_id: str | bool | None = None, raw: bool = False, **_: Any
) -> Handle | None:
    """Show values here; snippets know it as a built-in, as notebooks do.

    `raw` says that they are MIME bundles already; with `display_id` they can be updated.
    """
    name = f"display-{next(_ids)}" if display_id is True else display_id
    for value in values:
        if not raw and _shows_itself(value):
            continue
        data = _known(value) if raw else bundle(value)
        emit(data, **({"id": name} if name else {}))
    return Handle(name) if name else None


def update_display(value: Any, *, display_id: str, **_: Any) -> None:
    """Show a value in place of those that were shown with this id."""
    emit(bundle(value), id=display_id, update=True)


def publish_display_data(data: Mapping[str, Any], *_: Any, **__: Any) -> None:
    """Show a MIME bundle."""
    display(data, raw=True)


def clear_output(wait: bool = False) -> None:
    """Take back what the cell has shown; with `wait` when it shows something else."""
    for sink in _sinks:
        sink({"clear": wait})


def open_figures() -> None:
    """Show each figure that pyplot holds open, and close it."""
    for figure in figures.take_open():
        emit(bundle(figure))


def last_value(value: Any) -> None:
    """Show what the last expression of a cell gave, if there is anything to show."""
    if value is None:
        return
    if figures.is_figure(value):
        silent = figures.is_open(value)
    elif animations.is_animation(value):
        silent = False
    else:
        silent = figures.belongs_to_figure(value)
    if not silent:
        display(value)


def bundle(value: Any, *, inline: bool = False) -> dict[str, str]:
    """A value's MIME bundle; in prose, a string stands for itself."""
    if figures.is_figure(value):
        film = animations.of(value)
        return animations.bundle(film) if film else figures.bundle(value)
    if animations.is_animation(value):
        return animations.bundle(value)
    data = _rich(value)
    plain = str(value) if inline else repr(value)
    return {**data, "text/plain": stable(data.get("text/plain", plain))}


def stable(text: str) -> str:
    """Text without memory addresses, which differ from run to run, and without our own frames."""
    return _OUR_FRAME.sub("", _ADDRESS.sub(r"\g<1>0x…", text))


def _shows_itself(value: Any) -> bool:
    if isinstance(value, type) or not callable(getattr(value, "_ipython_display_", None)):
        return False
    try:
        value._ipython_display_()
    except Exception:  # it wants a notebook
        return False
    return True


def _rich(value: Any) -> dict[str, str]:
    if isinstance(value, type):  # a class has the methods, but not for itself
        return {}
    data, about = _parted(_call(value, "_repr_mimebundle_", include=None, exclude=None))
    known = _known(data) if isinstance(data, Mapping) else {}
    sizes = [about.get(kind) for kind in known]
    for method, kind in _METHODS.items():
        # One picture is enough: those of PIL offer themselves in two formats.
        if kind in known or (kind == "image/jpeg" and "image/png" in known):
            continue
        item, about = _parted(_call(value, method))
        if item is not None:
            known[kind] = _text(kind, item)
            sizes.append(about)
    size = next((size for one in sizes if (size := _size(one))), "")
    return {**known, svg.SIZE: size} if size else known


def _known(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        kind: _text(kind, item)
        for kind, item in data.items()
        if kind in _KINDS and item is not None
    }


def _parted(given: Any) -> tuple[Any, Mapping[str, Any]]:
    """What a display method gives: data, and what it says about them if it does."""
    if isinstance(given, tuple) and given:
        about = given[1] if len(given) > 1 else None
        return given[0], about if isinstance(about, Mapping) else {}
    return given, {}


def _size(about: Any) -> str:
    """`320 200`: how wide and high an image is to be shown, if both are said."""
    if not isinstance(about, Mapping):
        return ""
    sides = [about.get("width"), about.get("height")]
    return " ".join(map(str, sides)) if all(isinstance(n, int) and n > 0 for n in sides) else ""


def _call(value: Any, method: str, **arguments: Any) -> Any:
    """What a display method returns; a broken one is passed over, as in Jupyter."""
    try:
        function = getattr(value, method, None)
        return function(**arguments) if callable(function) else None
    except Exception:
        return None


def _text(kind: str, item: Any) -> str:
    if isinstance(item, bytes):
        return base64.b64encode(item).decode()
    if kind == "application/json" and not isinstance(item, str):
        return json.dumps(item, default=str)
    text = str(item)
    for name in dict.fromkeys(_STYLED.findall(text)) if kind == "text/html" else ():
        # pandas names a styled table at random.
        digest = hashlib.sha256(text.replace(name, "").encode()).hexdigest()
        text = text.replace(name, f"T_{digest[:8]}")
    return text
