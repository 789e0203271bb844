"""float32 stays float32, complex goes through, one number is an array too: of every operation."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.differences import complex_step, relative_error
from nnref.init import SCHEMES, init_params
from tests.nnref.arguments import FUNCTIONS, Function, Sizes, arguments, name_of, shapes

FORMULAS = (
    *("convolution", "embedding", "erf", "layers", "losses", "mlp", "norms", "optim"),
    *("recurrent", "residual", "softmax"),
)
"""The modules whose arithmetic a network is made of. Geometry is computed in float64."""
OPERATIONS = [f for f in FUNCTIONS if name_of(f).split(".")[0] in FORMULAS]
every_operation = pytest.mark.parametrize("function", OPERATIONS, ids=name_of)
UNPROVEN = {"optim.clip_by_norm", "optim.require_share"}
"""Steps, not formulas: nobody differentiates them."""


def _as(value: Any, dtype: Any) -> Any:
    """The value with its floats in another precision."""
    if isinstance(value, np.ndarray):
        return value.astype(dtype) if value.dtype.kind == "f" else value
    if isinstance(value, tuple):
        return tuple(_as(part, dtype) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and hasattr(value, "inputs"):
        fields = ("inputs", "pre_activations")
        return dataclasses.replace(value, **{f: _as(getattr(value, f), dtype) for f in fields})
    return value


def _results(function: Function, dtype: Any, *, rest: tuple[int, ...] | None = None) -> list[Any]:
    sizes = Sizes(np.random.default_rng(2))
    sizes.rest = sizes.rest if rest is None else rest
    result = function(**{k: _as(v, dtype) for k, v in arguments(function, sizes).items()})
    return list(_numbers(result))


def _numbers(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _numbers(part)
    elif hasattr(value, "inputs"):
        yield from _numbers((value.inputs, value.pre_activations))
    elif hasattr(value, "moments"):
        yield from _numbers(value.moments)


@every_operation
def test_float32_stays_float32_and_agrees_with_float64(function: Function) -> None:
    for ours, exact in zip(
        _results(function, np.float32), _results(function, np.float64), strict=True
    ):
        assert (ours.dtype, exact.dtype) == (np.float32, np.float64)
        np.testing.assert_allclose(ours, exact, rtol=2e-4, atol=2e-5)


@every_operation
def test_complex_numbers_go_through(function: Function) -> None:
    """The complex step needs it; with nothing imaginary, the result has nothing either."""
    if name_of(function) in UNPROVEN:
        return
    for ours, real in zip(
        _results(function, np.complex128), _results(function, np.float64), strict=True
    ):
        assert ours.dtype == np.complex128
        np.testing.assert_allclose(ours, real, rtol=1e-12, atol=1e-14)


@every_operation
def test_a_single_number_is_an_array_without_axes(function: Function) -> None:
    items, _ = shapes(function)
    if any(item.dims == ("...",) for item in items):
        one, several = _results(function, np.float64, rest=()), _results(function, np.float64)
        assert [np.ndim(part) for part in several if np.ndim(part)]
        assert all(np.isfinite(part).all() for part in one)


@pytest.mark.parametrize("scheme", [*SCHEMES, "rai"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_are_drawn_in_the_precision_asked_for(scheme: str, dtype: Any) -> None:
    params = init_params((5, 4, 3), scheme, np.random.default_rng(0), dtype)
    exact = init_params((5, 4, 3), scheme, np.random.default_rng(0))
    for pair, exact_pair in zip(params, exact, strict=True):
        for array, exact_array in zip(pair, exact_pair, strict=True):
            assert array.dtype == dtype
            np.testing.assert_array_equal(array, exact_array.astype(dtype))


def test_the_complex_step_sees_a_float32_gradient_to_its_last_digits() -> None:
    def cube(x: Array) -> Any:
        return (x**3).sum()

    x = np.linspace(-1, 1, 7, dtype=np.float32)
    assert complex_step(cube, x).dtype == np.float32
    assert relative_error(complex_step(cube, x), 3 * x**2) < np.finfo(np.float32).eps
