"""Pictures that cells give: figures of ours, images of others, films."""

import base64
import binascii
from collections.abc import Callable, Mapping
from html import escape
from io import BytesIO

import imagesize

from provenote.run import svg

_KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp")


def picture(data: Mapping[str, str], prefix: str, alt: Callable[[], str]) -> str:
    """The picture of a bundle, empty if it has none; `alt` is asked for only if it has one."""
    if svg.KIND in data:
        words = alt()
        drawn = _svg(data, prefix, words)
        return _film(data, words) + drawn if "image/webp" in data else drawn
    return next((_image(kind, data, alt()) for kind in _KINDS if kind in data), "")


def _svg(data: Mapping[str, str], prefix: str, alt: str) -> str:
    """One of ours stands in the page; in another's there may be scripts, which no image runs."""
    if svg.ALT in data:
        return svg.inline(data[svg.KIND], prefix, alt)
    return _image(svg.KIND, {svg.KIND: base64.b64encode(data[svg.KIND].encode()).decode()}, alt)


def _film(data: Mapping[str, str], alt: str) -> str:
    """An animation; the figure behind it is shown on paper, and to those who want no motion."""
    return _image("image/webp", data, alt).replace("<img", '<img class="pn-animation"', 1)


def _image(kind: str, data: Mapping[str, str], alt: str) -> str:
    content = "".join(data[kind].split())
    size = data.get(svg.SIZE, "").split() or _measured(content)
    sized = "".join(f' {name}="{n}"' for name, n in zip(("width", "height"), size, strict=False))
    paper = "" if svg.ALT in data else ' class="pn-paper"'  # others may draw black on nothing
    return f'<img src="data:{kind};base64,{content}" alt="{escape(alt)}"{sized}{paper}>'


def _measured(content: str) -> list[str]:
    """Width and height in pixels, so that nothing moves when the image is there."""
    try:
        size = imagesize.get(BytesIO(base64.b64decode(content)))
    except (binascii.Error, ValueError):
        return []
    return [str(round(n)) for n in size] if min(size) > 0 else []
