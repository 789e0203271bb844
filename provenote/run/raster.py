"""Figures as pixels, with ink that both a light and a dark page let stand out.

The ground is transparent, so that each pixel of text and axes has just the colour that it
was drawn in, and another can be put in its place. PIL and NumPy come with matplotlib.
"""

import base64
import io
import re
from typing import Any

from provenote.run import svg

DPI = 144
"""Pixels per inch: more than one for one on a usual screen."""
_CSS_DPI = 96
_EMBEDDED = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_LARGE = 100_000
"""Characters from which on a picture within an SVG is compressed with loss."""
_QUALITY = 60
_INK = (125, 125, 125)
"""Has a contrast of 3.9 or more against white as well as against a dark page."""
_INKS = {svg.FOREGROUND: 1.0, svg.BLACK: 1.0, svg.GRID: 0.35}
"""The colours that are ink, and how strong it is."""


def encoded(figure: Any, kind: str) -> dict[str, str]:
    """A figure as a PNG or WebP of a bundle."""
    file = io.BytesIO()
    picture(figure).save(file, format=kind, lossless=True, optimize=True)
    return {f"image/{kind}": base64.b64encode(file.getvalue()).decode(), svg.SIZE: size(figure)}


def film(pictures: list[Any], interval: float) -> str:
    """Pictures one after the other for ever, as a WebP; `interval` is in milliseconds."""
    file = io.BytesIO()
    first, *rest = pictures
    first.save(
        file,
        format="webp",
        save_all=True,
        append_images=rest,
        duration=max(20, round(interval)),
        loop=0,
        lossless=True,
        quality=50,  # of the search for a small file
        method=2,
    )
    return base64.b64encode(file.getvalue()).decode()


def slim(drawing: str) -> str:
    """An SVG whose large pictures are WebP: noise takes a quarter of what it takes as PNG."""

    def smaller(match: re.Match[str]) -> str:
        from PIL import Image  # noqa: PLC0415

        if len(match[1]) < _LARGE:
            return match[0]
        file = io.BytesIO()
        image = Image.open(io.BytesIO(base64.b64decode(match[1])))
        image.save(file, format="webp", quality=_QUALITY)
        return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"

    return _EMBEDDED.sub(smaller, drawing)


def size(figure: Any) -> str:
    """`614 346`: how wide and high a figure is on a page."""
    return " ".join(str(round(inches * _CSS_DPI)) for inches in figure.get_size_inches())


def picture(figure: Any, dpi: float = DPI) -> Any:
    """What is drawn, as an image of PIL."""
    from PIL import Image  # noqa: PLC0415

    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=dpi)
    file.seek(0)
    return _inked(Image.open(file).convert("RGBA"))


def _inked(image: Any) -> Any:
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    pixels = np.array(image)
    for colour, strength in _INKS.items():
        drawn = (pixels[..., :3] == _rgb(colour)).all(axis=-1)
        pixels[drawn, :3] = _INK
        pixels[drawn, 3] = pixels[drawn, 3] * strength
    return Image.fromarray(pixels)


def _rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
