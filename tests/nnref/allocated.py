"""How much memory a call takes for itself: the instrument of "allocation-free"."""

import tracemalloc
from collections.abc import Callable

import numpy as np


def allocated(function: Callable[[], object]) -> int:
    """The most bytes that Python and NumPy held at once beyond what they held before.

    NumPy's buffers for broadcasting, of a size that does not depend on the arrays, are made small.
    """
    usual = np.setbufsize(16)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        function()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
        np.setbufsize(usual)
