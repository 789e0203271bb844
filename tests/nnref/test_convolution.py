"""Convolution and pooling: the same as loops, linear, and gradients by two methods."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnref.arrays import Array
from nnref.convolution import col2im, conv, conv_vjp, im2col, max_pool, max_pool_vjp
from nnref.differences import central, complex_step, relative_error

often = settings(max_examples=25, deadline=None, derandomize=True)
sizes = st.tuples(*[st.integers(1, n) for n in (3, 2, 2)])  # kernel sides and channels
moves = st.tuples(st.integers(1, 3), st.integers(0, 2))  # stride, padding


def _draw(seed: int, *shapes: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in shapes]


def _loops(X: Array, W: Array, b: Array, stride: int, padding: int) -> Array:
    """Five nested sums, as the definition reads."""
    m, h, w, c_in = X.shape
    p, q, _, c_out = W.shape
    rows, columns = (h + 2 * padding - p) // stride + 1, (w + 2 * padding - q) // stride + 1
    Z = np.zeros((m, rows, columns, c_out))
    for i, r, s, o in product(range(m), range(rows), range(columns), range(c_out)):
        total = b[o]
        for u, v, c in product(range(p), range(q), range(c_in)):
            y, x = r * stride + u - padding, s * stride + v - padding
            if 0 <= y < h and 0 <= x < w:
                total += X[i, y, x, c] * W[u, v, c, o]
        Z[i, r, s, o] = total
    return Z


@often
@given(st.integers(0, 2**32 - 1), sizes, moves)
def test_a_convolution_is_its_loops(
    seed: int, size: tuple[int, int, int], move: tuple[int, int]
) -> None:
    p, q, c = size
    stride, padding = move
    X, W, b = _draw(seed, (2, 5, 4, c), (p, q, c, 2), (2,))
    Z = conv(X, W, b, stride=stride, padding=padding)
    assert pytest.approx(_loops(X, W, b, stride, padding), rel=1e-12, abs=1e-12) == Z


def test_in_one_dimension_it_is_numpys_correlation() -> None:
    x, w = _draw(0, (9,), (4,))
    X, W = x[None, :, None], w[:, None, None]
    valid, full = conv(X, W, np.zeros(1)), conv(X, W, np.zeros(1), padding=3)
    assert valid[0, :, 0] == pytest.approx(np.correlate(x, w, "valid"))
    assert full[0, :, 0] == pytest.approx(np.correlate(x, w, "full"))


def test_one_dimension_is_two_with_a_height_of_one() -> None:
    X, W, b, dZ = _draw(1, (2, 7, 3), (3, 3, 2), (2,), (2, 3, 2))
    flat, tall = conv(X, W, b, stride=2), conv(X[:, None], W[None], b, stride=2)
    np.testing.assert_array_equal(flat, tall[:, 0])
    dX, dW, db = conv_vjp(X, W, dZ, stride=2)
    dX2, dW2, db2 = conv_vjp(X[:, None], W[None], dZ[:, None], stride=2)
    for a, b_ in ((dX, dX2[:, 0]), (dW, dW2[0]), (db, db2)):
        np.testing.assert_array_equal(a, b_)


@often
@given(st.integers(0, 2**32 - 1), st.floats(-10, 10), st.floats(-10, 10), moves)
def test_it_is_linear_in_the_input_and_in_the_kernel(
    seed: int, s: float, t: float, move: tuple[int, int]
) -> None:
    stride, padding = move
    X, Y, W, V = _draw(seed, (2, 5, 4, 2), (2, 5, 4, 2), (3, 2, 2, 3), (3, 2, 2, 3))

    def f(X: Array, W: Array) -> Array:
        return conv(X, W, np.zeros(3), stride=stride, padding=padding)

    both = pytest.approx(s * f(X, W) + t * f(Y, W), abs=1e-11)
    assert f(s * X + t * Y, W) == both
    assert f(X, s * W + t * V) == pytest.approx(s * f(X, W) + t * f(X, V), abs=1e-11)


def test_a_shifted_image_gives_a_shifted_result() -> None:
    X, W, b = _draw(2, (1, 8, 8, 1), (3, 3, 1, 2), (2,))
    shifted = np.roll(X, (1, 2), axis=(1, 2))
    assert conv(shifted, W, b)[:, 1:, 2:] == pytest.approx(conv(X, W, b)[:, :-1, :-2])


def test_a_kernel_of_one_is_a_dense_layer_in_every_place() -> None:
    X, W, b = _draw(3, (2, 4, 5, 3), (3, 2), (2,))
    assert conv(X, W[None, None], b) == pytest.approx(X @ W + b)


@often
@given(st.integers(0, 2**32 - 1), sizes, moves)
def test_col2im_is_the_adjoint_of_im2col(
    seed: int, size: tuple[int, int, int], move: tuple[int, int]
) -> None:
    (p, q, c), (stride, padding) = size, move
    (X,) = _draw(seed, (2, 6, 5, c))
    P = im2col(X, (p, q), stride=stride, padding=padding)
    (D,) = _draw(seed + 1, P.shape)
    back = col2im(D, X.shape, stride=stride, padding=padding)
    assert (P * D).sum() == pytest.approx((X * back).sum(), rel=1e-10, abs=1e-10)


@pytest.mark.parametrize(
    ("x", "w", "options"),
    [
        ((2, 5, 4, 2), (3, 2, 2, 3), {}),
        ((2, 7, 2), (3, 2, 3), {}),
        ((2, 7, 2), (3, 2, 3), {"stride": 3, "padding": 2}),
        ((2, 6, 5, 2), (2, 3, 2, 2), {"stride": 2, "padding": 1}),
    ],
)
def test_gradients_by_two_methods(
    x: tuple[int, ...], w: tuple[int, ...], options: dict[str, Any]
) -> None:
    X, W, b = _draw(4, x, w, w[-1:])
    (dZ,) = _draw(5, conv(X, W, b, **options).shape)
    functions: list[tuple[Array, Callable[[Array], Any]]] = [
        (X, lambda v: (dZ * conv(v, W, b, **options)).sum()),
        (W, lambda v: (dZ * conv(X, v, b, **options)).sum()),
        (b, lambda v: (dZ * conv(X, W, v, **options)).sum()),
    ]
    for gradient, (at, f) in zip(conv_vjp(X, W, dZ, **options), functions, strict=True):
        assert relative_error(gradient, complex_step(f, at)) <= 1e-13
        assert relative_error(gradient, central(f, at)) <= 1e-8


def test_the_largest_of_each_window_by_hand() -> None:
    X = np.array([[1.0, 5, 2, 0], [3, 4, 0, 9], [7, 7, 1, 1]])[None, :, :, None]
    assert max_pool(X, 2)[0, :, :, 0].tolist() == [[5, 9]]  # the third row is dropped
    assert max_pool(X, 2, stride=1)[0, :, :, 0].tolist() == [[5, 5, 9], [7, 7, 9]]
    dX = max_pool_vjp(X, 2, np.array([10.0, 20.0])[None, None, :, None])
    assert dX[0, :, :, 0].tolist() == [[0, 10, 0, 0], [0, 0, 0, 20], [0, 0, 0, 0]]
    overlap = max_pool_vjp(X, 2, np.ones((1, 2, 3, 1)), stride=1)
    assert overlap[0, :, :, 0].tolist() == [[0, 2, 0, 0], [0, 0, 0, 2], [1, 1, 0, 0]]


def test_of_equals_the_first_takes_all() -> None:
    dX = max_pool_vjp(np.zeros((1, 4, 1)), 2, np.ones((1, 2, 1)))
    assert dX[0, :, 0].tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("shape", [(2, 7, 3), (2, 6, 5, 2)])
def test_the_pooled_gradient_by_two_methods(shape: tuple[int, ...], stride: int) -> None:
    (X,) = _draw(6, shape)
    (dZ,) = _draw(7, max_pool(X, 2, stride=stride).shape)
    gradient = max_pool_vjp(X, 2, dZ, stride=stride)

    def f(v: Array) -> Any:
        return (dZ * max_pool(v, 2, stride=stride)).sum()

    assert relative_error(gradient, complex_step(f, X)) <= 1e-13
    assert relative_error(gradient, central(f, X)) <= 1e-8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arguments_are_left_alone_and_precision_is_kept(dtype: type[np.floating]) -> None:
    X, W, b, dZ = (
        a.astype(dtype) for a in _draw(8, (2, 4, 5, 2), (2, 3, 2, 2), (2,), (2, 3, 3, 2))
    )
    strided = np.asfortranarray(X)  # not contiguous
    for array in (X, strided, W, b, dZ):
        array.setflags(write=False)
    results = [conv(strided, W, b), *conv_vjp(strided, W, dZ), max_pool(strided, 2)]
    results.append(max_pool_vjp(strided, 2, np.ones((2, 2, 2, 2), dtype=dtype)))
    assert {array.dtype for array in results} == {np.dtype(dtype)}
    np.testing.assert_array_equal(conv(strided, W, b), conv(X, W, b))
