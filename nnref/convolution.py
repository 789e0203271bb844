"""Convolution and max-pooling in one, two or more dimensions, over patches laid out as rows.

Channels last: X `(m, n, c)` is a batch of signals, X `(m, h, w, c)` one of images. A convolution
is the dense layer of every patch, so all its arithmetic is `dense` and `dense_vjp`; `im2col` cuts
the patches out and `col2im` adds them back. PyTorch keeps channels first: X (m, c, h, w) and
W (c_out, c_in, k, k) are these with their axes moved.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnref.arrays import Array, floats, require_count
from nnref.layers import dense, dense_vjp


def conv(X: Array, W: Array, b: Array, *, stride: int = 1, padding: int = 0) -> Array:
    """Every patch of the input times the same weights: z = sum(patch * w) + b per channel.

    With one axis of space, X (m, n, c_in) and W (k, c_in, c_out), it is the 1-D convolution. W is
    not mirrored: what networks call convolution is a cross-correlation.

    Shapes:  X (m, h, w, c_in), W (k, l, c_in, c_out), b (c_out,)  ->
             Z (m, h - k + 1, w - l + 1, c_out)
    Units:   with stride s and padding p, a side of n becomes (n + 2p - k) // s + 1.
    Raises:  TypeError unless floats; ValueError if axes or channels differ, the kernel does not
             fit, or for a stride below 1 or a padding below 0.
    Cost:    2 k l c_in c_out flops per output place, and a copy of X k l times.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, eq. 9.6; im2col: Chellapilla,
             Puri and Simard, IWFHR 2006.

    >>> edge = np.array([1.0, -1.0])[:, None, None]
    >>> conv(np.array([[[1.0], [4.0], [6.0]]]), edge, np.zeros(1))[0, :, 0]
    array([-3., -2.])
    """
    X, W = _checked("conv", X, W)
    if floats("conv", "b", b).shape != W.shape[-1:]:
        raise ValueError(f"conv: b {b.shape} must be {W.shape[-1:]}, one per channel of W")
    P = _patches("conv", X, W.shape[:-2], stride, padding)  # (m, h', w', k, l, c_in)
    Z = dense(_rows(P, W), _columns(W), b)  # (m h' w', c_out)
    return Z.reshape(*P.shape[: X.ndim - 1], W.shape[-1])


def conv_vjp(
    X: Array, W: Array, dZ: Array, *, stride: int = 1, padding: int = 0
) -> tuple[Array, Array, Array]:
    """The gradients of a loss by X, W and b from its gradient dZ by Z = conv(X, W, b).

    Shapes:  X (m, h, w, c_in), W (k, l, c_in, c_out), dZ (m, h - k + 1, w - l + 1, c_out)  ->
             dX (m, h, w, c_in), dW (k, l, c_in, c_out), db (c_out,)
    Raises:  as `conv`; ValueError unless dZ has the output's shape.
    Cost:    twice the forward pass.
    Source:  `dense_vjp`, between `im2col` and its adjoint.
    """
    X, W = _checked("conv_vjp", X, W)
    P = _patches("conv_vjp", X, W.shape[:-2], stride, padding)  # (m, h', w', k, l, c_in)
    _require_shape("conv_vjp", dZ, (*P.shape[: X.ndim - 1], W.shape[-1]))
    dP, dW, db = dense_vjp(_rows(P, W), _columns(W), dZ.reshape(-1, W.shape[-1]))
    dX = col2im(dP.reshape(P.shape), X.shape, stride=stride, padding=padding)
    return dX, dW.reshape(W.shape), db


def max_pool(X: Array, size: int, *, stride: int | None = None) -> Array:
    """The largest value of each window, channel by channel; by default windows do not overlap.

    Shapes:   X (m, h, w, c), size  ->  Z (m, h // k, w // k, c)
    Numerics: what is left at the edge, less than a window, is dropped.
    Raises:   TypeError unless floats; ValueError if a window does not fit, or for a stride below 1.
    Source:   Goodfellow, Bengio and Courville, Deep Learning 2016, section 9.3.
    """
    flat, best, _ = _windows("max_pool", X, size, stride)
    Z: Array = np.take_along_axis(flat, best, axis=-2)[..., 0, :]  # (m, h', w', c)
    return Z


def max_pool_vjp(X: Array, size: int, dZ: Array, *, stride: int | None = None) -> Array:
    """The gradient of a loss by X from its gradient by Z: all of it to the largest.

    Shapes:   X (m, h, w, c), size, dZ (m, h // k, w // k, c)  ->  dX (m, h, w, c)
    Numerics: of equal largest values the first takes the gradient, as in PyTorch.
    Raises:   as `max_pool`; ValueError unless dZ has the output's shape.
    Source:   Goodfellow, Bengio and Courville, Deep Learning 2016, section 9.3.
    """
    flat, best, shape = _windows("max_pool_vjp", X, size, stride)
    _require_shape("max_pool_vjp", dZ, (*flat.shape[:-2], flat.shape[-1]))
    dflat = np.zeros(flat.shape, dtype=dZ.dtype)  # (m, h', w', k k, c)
    np.put_along_axis(dflat, best, dZ[..., None, :], axis=-2)
    return col2im(dflat.reshape(shape), X.shape, stride=size if stride is None else stride)


def im2col(X: Array, kernel: Sequence[int], *, stride: int = 1, padding: int = 0) -> Array:
    """The patch around every place, as a read-only view into X with its zeros around.

    Shapes:  X (m, h, w, c), kernel  ->  patches (m, h - k + 1, w - l + 1, k, l, c)
    Raises:  TypeError unless floats; ValueError unless X has an axis for each side of the kernel,
             and it fits; or for a stride below 1 or a padding below 0.
    Source:  Chellapilla, Puri and Simard, IWFHR 2006.
    """
    return _patches("im2col", X, kernel, stride, padding)


def col2im(patches: Array, shape: Sequence[int], *, stride: int = 1, padding: int = 0) -> Array:
    """The adjoint of `im2col`: patches added where they were cut out, in an array of this shape.

    Shapes:  patches (m, h - k + 1, w - l + 1, k, l, c), shape  ->  X (m, h, w, c)
    Raises:  TypeError unless floats; ValueError unless the patches are those of this shape.
    Source:  <im2col(X), P> = <X, col2im(P)> for all X and P.
    """
    require_count("col2im", "stride", stride, 1)
    require_count("col2im", "padding", padding, 0)
    patches, axes = floats("col2im", "patches", patches), len(shape) - 1  # examples and space
    places, kernel = patches.shape[1:axes], patches.shape[axes:-1]
    whole = [n + 2 * padding for n in shape[1:-1]]
    fits = [(n - k) // stride + 1 for n, k in zip(whole, kernel, strict=False)]
    expected = (shape[0], *fits, *kernel, shape[-1])
    if len(kernel) != axes - 1 or patches.shape != expected:
        raise ValueError(f"col2im: patches {patches.shape} are not those of {tuple(shape)}")
    X = np.zeros((shape[0], *whole, shape[-1]), dtype=patches.dtype)
    for offset in np.ndindex(*kernel):  # this corner of all patches at once: no two overlap
        corner = (slice(o, o + stride * n, stride) for o, n in zip(offset, places, strict=True))
        X[:, *corner] += patches[(slice(None),) * axes + offset]
    return X[:, *(slice(padding, padding + n) for n in shape[1:-1])]


def _patches(where: str, X: Array, kernel: Sequence[int], stride: int, padding: int) -> Array:
    X, kernel = floats(where, "X", X), tuple(kernel)
    _require_fit(where, X, kernel, stride, padding)
    space = tuple(range(1, len(kernel) + 1))
    sides = [(padding, padding) if axis in space else (0, 0) for axis in range(X.ndim)]
    windows = sliding_window_view(np.pad(X, sides), kernel, axis=space)
    strided = windows[:, *(slice(None, None, stride) for _ in space)]  # (m, h', w', c, k, l)
    return np.moveaxis(strided, len(space) + 1, -1)


def _rows(P: Array, W: Array) -> Array:
    """One patch per row."""
    return P.reshape(-1, W[..., 0].size)


def _columns(W: Array) -> Array:
    """One output channel per column."""
    return W.reshape(-1, W.shape[-1])


def _windows(
    where: str, X: Array, size: int, stride: int | None
) -> tuple[Array, Array, tuple[int, ...]]:
    """Windows with their places in one axis, the index of each one's largest, their full shape."""
    space = floats(where, "X", X).ndim - 2
    if space < 1:
        raise ValueError(f"{where}: X {X.shape} must be (examples, space, channels)")
    require_count(where, "size", size, 1)
    P = _patches(where, X, (size,) * space, size if stride is None else stride, 0)
    flat = P.reshape(*P.shape[: space + 1], size**space, X.shape[-1])  # (m, h', w', k k, c)
    return flat, flat.real.argmax(axis=-2, keepdims=True), P.shape


def _checked(where: str, X: Array, W: Array) -> tuple[Array, Array]:
    """X and W, once they have one dimension for each other and one number of channels."""
    X, W = floats(where, "X", X), floats(where, "W", W)
    if X.ndim < 3 or W.ndim != X.ndim:
        raise ValueError(
            f"{where}: X {X.shape} and W {W.shape} must be (examples, space, channels) "
            "and (kernel, channels, channels)"
        )
    if X.shape[-1] != W.shape[-2]:
        raise ValueError(
            f"{where}: X {X.shape} and W {W.shape}: {X.shape[-1]} and {W.shape[-2]} channels differ"
        )
    if not W.size:
        raise ValueError(f"{where}: W {W.shape} is empty")
    return X, W


def _require_fit(where: str, X: Array, kernel: tuple[int, ...], stride: int, padding: int) -> None:
    require_count(where, "stride", stride, 1)
    require_count(where, "padding", padding, 0)
    for side in kernel:
        require_count(where, "each side of the kernel", side, 1)
    if X.ndim != len(kernel) + 2:
        raise ValueError(
            f"{where}: X {X.shape} must be (examples, space, channels), {len(kernel)} of space"
        )
    if not X.size:
        raise ValueError(f"{where}: X {X.shape} is empty")
    if any(n + 2 * padding < k for n, k in zip(X.shape[1:-1], kernel, strict=True)):
        raise ValueError(
            f"{where}: kernel {kernel} does not fit into X {X.shape} with padding {padding}"
        )


def _require_shape(where: str, dZ: Array, shape: tuple[int, ...]) -> None:
    if floats(where, "dZ", dZ).shape != shape:
        raise ValueError(f"{where}: dZ {dZ.shape} must have the output's shape {shape}")
