"""Texts of a figure are measured once, and not again each time matplotlib asks.

To make room for its labels and to draw them, it lays each one out some ten times, which
was a quarter of the time that a figure took.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_PLAIN = frozenset({str, int, float, bool, type(None)})


@contextmanager
def remembered() -> Iterator[None]:
    """Keep how texts are laid out, while a figure is drawn and nothing but it changes them."""
    from matplotlib.text import Text  # noqa: PLC0415 - as in `figures`

    text: Any = Text
    real: Any = getattr(text, "_get_layout", None)  # a version that has none calls none
    known: dict[object, Any] = {}

    def layout(one: Any, renderer: Any) -> Any:
        if one.get_wrap():  # which goes by where it stands
            return real(one, renderer)
        state = _state(one, renderer)
        if state not in known:
            known[state] = real(one, renderer)
        return known[state]

    text._get_layout = layout
    try:
        yield
    finally:
        text._get_layout = real


def _state(text: Any, renderer: Any) -> object:
    """All that the layout of a text can depend on, and more, for how it is made is private."""
    plain = [value for value in vars(text).values() if type(value) in _PLAIN]
    font = hash(text.get_fontproperties())
    return text, type(renderer), text.figure.dpi, font, text.get_rotation(), *plain
