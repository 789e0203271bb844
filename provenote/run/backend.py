"""Where an interactive matplotlib would open a window: a figure shown becomes an output there."""

from typing import Any

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends import backend_agg

from provenote.run import display


class FigureManager(FigureManagerBase):
    """What `plt.show()` and `figure.show()` come to."""

    def show(self) -> None:
        display.display(self.canvas.figure)

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        display.open_figures()


def install() -> None:
    """Make it part of the Agg backend, which snippets then use as any other."""
    canvas: Any = backend_agg.FigureCanvasAgg
    canvas.manager_class = FigureManager
    exported: Any = backend_agg._BackendAgg
    exported.FigureManager = FigureManager
