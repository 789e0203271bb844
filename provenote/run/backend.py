"""Where an interactive matplotlib would open a window: a figure shown becomes an output there."""

from typing import Any

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends import backend_agg

from provenote.run import display, figures


class FigureManager(FigureManagerBase):
    """What `plt.show()` and `figure.show()` come to."""

    def show(self) -> None:
        display.emit(figures.bundle(self.canvas.figure))

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        for one in figures.take_open():
            display.emit(one)


def install() -> None:
    """Make it part of the Agg backend, which snippets then use as any other."""
    canvas: Any = backend_agg.FigureCanvasAgg
    canvas.manager_class = FigureManager
    exported: Any = backend_agg._BackendAgg
    exported.FigureManager = FigureManager
