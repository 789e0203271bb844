"""Values as MIME bundles, by the protocol that Jupyter's rich objects speak."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from provenote.run import figures

_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
}
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+(?=>)")

_sinks: list[Callable[[dict[str, str]], None]] = []
"""Where bundles go: one process runs one session, and `worker` says where to."""


def send_to(sink: Callable[[dict[str, str]], None]) -> None:
    """Say where bundles of this process go."""
    _sinks[:] = [sink]


def emit(data: dict[str, str]) -> None:
    """Make a bundle an output of the running cell."""
    for sink in _sinks:
        sink(data)


def display(*values: Any) -> None:
    """Show values here; snippets know it as a built-in, as notebooks do."""
    for value in values:
        emit(bundle(value))


def last_value(value: Any) -> None:
    """Show what the last expression of a cell gave, if there is anything to show."""
    if value is None:
        return
    if figures.is_figure(value):
        silent = figures.is_open(value)
    else:
        silent = figures.belongs_to_figure(value)
    if not silent:
        emit(bundle(value))


def bundle(value: Any, *, inline: bool = False) -> dict[str, str]:
    """A value's MIME bundle; in prose, a string stands for itself."""
    if figures.is_figure(value):
        return figures.bundle(value)
    data = _rich(value)
    plain = str(value) if inline else repr(value)
    return {**data, "text/plain": stable(data.get("text/plain", plain))}


def stable(text: str) -> str:
    """Text without memory addresses, which differ from run to run."""
    return _ADDRESS.sub("at 0x…", text)


def _rich(value: Any) -> dict[str, str]:
    if isinstance(value, type):  # a class has the methods, but not for itself
        return {}
    data: dict[str, str] = {}
    whole = _call(value, "_repr_mimebundle_", include=None, exclude=None)
    if isinstance(whole, tuple) and whole:  # data and metadata
        whole = whole[0]
    if isinstance(whole, Mapping):
        data.update({str(kind): _text(item) for kind, item in whole.items()})
    for method, kind in _METHODS.items():
        if kind not in data and (item := _call(value, method)) is not None:
            data[kind] = _text(item[0] if isinstance(item, tuple) else item)
    return data


def _call(value: Any, method: str, **arguments: Any) -> Any:
    """What a display method returns; a broken one is passed over, as in Jupyter."""
    try:
        function = getattr(value, method, None)
        return function(**arguments) if callable(function) else None
    except Exception:
        return None


def _text(item: Any) -> str:
    return base64.b64encode(item).decode() if isinstance(item, bytes) else str(item)
