"""Animations of matplotlib: films without sound, each with a still for paper.

matplotlib itself is imported inside functions: Provenote does not depend on it.
"""

import warnings
from collections.abc import Mapping
from typing import Any

from provenote.run import figures, raster

_DPI = 96
"""A film is larger than a figure by its frames."""


def is_animation(value: Any) -> bool:
    return figures.is_a(value, "matplotlib.animation", "Animation")


def of(figure: Any) -> Any:
    """The animation that will start when a figure is drawn; None if there is none."""
    registered: Mapping[int, Any] = figure.canvas.callbacks.callbacks.get("draw_event", {})
    called = (getattr(reference(), "__self__", None) for reference in registered.values())
    return next(filter(is_animation, called), None)


def bundle(animation: Any) -> dict[str, str]:
    """All frames as a film, and the last of them as a figure."""
    from matplotlib import animation as animations  # noqa: PLC0415
    from matplotlib import pyplot  # noqa: PLC0415

    frames: list[Any] = []

    class Frames(animations.AbstractMovieWriter):
        """Keeps frames where matplotlib would write them to a file."""

        def _supports_transparency(self) -> bool:
            return True

        def setup(self, fig: Any, outfile: Any, dpi: float | None = None) -> None:
            super().setup(fig, outfile, dpi=dpi)

        def grab_frame(self, **_: Any) -> None:
            frames.append(raster.picture(self.fig, _DPI))

        def finish(self) -> None:
            """Do nothing: there is no file."""

    figure = animation._fig
    with warnings.catch_warnings(), figures.laid_out(figure):
        animation.save("frames", writer=Frames(), dpi=_DPI)
    film = raster.film(frames, getattr(animation, "_interval", 200))
    pyplot.close(figure)  # what it shows is shown
    return {"image/webp": film, **figures.bundle(figure)}
