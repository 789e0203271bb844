"""The numerical derivatives, their optimal steps, and what the report finds."""

import functools
import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from nnref.arrays import Array, Params, Scalar
from nnref.gradcheck import (
    THRESHOLDS,
    Method,
    central,
    check_gradients,
    complex_step,
    directional,
    forward_difference,
    kink_pattern,
    optimal_step,
    relative_error,
    taylor_orders,
)
from nnref.init import init_params
from nnref.losses import mse, softmax_ce
from nnref.mlp import backward, flatten, forward, predict, unflatten

Derivative: TypeAlias = Callable[..., Array]


def _cubes(x: Array) -> Any:
    return (x**3).sum()


@pytest.mark.parametrize(
    ("method", "error"), [(complex_step, 1e-15), (central, 1e-9), (forward_difference, 1e-7)]
)
@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (0,)])
def test_each_method_gives_the_gradient_in_the_shape_of_x(
    method: Derivative, error: float, shape: tuple[int, ...]
) -> None:
    x = np.random.default_rng(0).uniform(0.5, 2.0, shape)
    gradient = method(_cubes, x)
    assert gradient.shape == shape
    assert gradient == pytest.approx(3 * x**2, rel=error)


@pytest.mark.parametrize("method", [complex_step, central, forward_difference])
def test_no_method_moves_its_argument(method: Derivative) -> None:
    x = np.ones(3)
    x.setflags(write=False)
    method(_cubes, x)
    method(_cubes, 2.0)


def test_optimal_steps_are_those_of_the_theory() -> None:
    assert optimal_step(np.float64, 1) == pytest.approx(1.49e-8, rel=1e-2)
    assert optimal_step(np.float64, 2) == pytest.approx(6.06e-6, rel=1e-2)
    assert optimal_step(np.float32, 2) == pytest.approx(4.92e-3, rel=1e-2)
    assert optimal_step(np.float64, 4) == pytest.approx(7.40e-4, rel=1e-2)


@pytest.mark.parametrize(("method", "order"), [(forward_difference, 1), (central, 2)])
def test_truncation_falls_with_the_order_and_rounding_rises(method: Derivative, order: int) -> None:
    def error(h: float) -> float:
        return abs(float(method(np.exp, 1.0, h)) - math.e) / math.e

    assert math.log10(error(1e-2) / error(1e-3)) == pytest.approx(order, abs=0.05)
    best = error(optimal_step(np.float64, order))
    assert error(1e-13) > 100 * best


@pytest.mark.parametrize("h", [1e-8, 1e-30, 1e-100, 1e-300])
def test_the_complex_step_has_no_step_to_choose(h: float) -> None:
    assert float(complex_step(np.exp, 1.0, h)) == pytest.approx(math.e, rel=1e-15)


@pytest.mark.parametrize("x", [1e-3, 1.0, 1e8, 1e12])
def test_a_large_coordinate_takes_a_large_step(x: float) -> None:
    """Unscaled, a step of 6e-6 vanishes in 1e12."""
    assert float(central(lambda x: x**2, x)) == pytest.approx(2 * x, rel=1e-7)


def test_float32_is_differentiated_in_float32() -> None:
    x = np.ones(2, dtype=np.float32)
    assert complex_step(_cubes, x).dtype == central(_cubes, x).dtype == np.float32
    assert complex_step(_cubes, x) == pytest.approx(np.full(2, 3.0), rel=1e-6)


def test_relative_error() -> None:
    g = np.array([3.0, 4.0])
    assert relative_error(g, g) == 0.0
    assert relative_error(g, -g) == 1.0
    assert relative_error(g, 3 * g) == 0.5  # a wrong factor shows; cosine similarity would say 1
    assert relative_error(np.zeros(2), np.zeros(2)) == 0.0
    assert relative_error(g, np.zeros(2)) == 1.0
    assert math.isnan(relative_error(g, np.array([math.nan, 0.0])))


@pytest.fixture
def problem() -> tuple[Params, Array, Array]:
    rng = np.random.default_rng(0)
    params = init_params((3, 5, 4, 2), "he", rng, bias=0.1)
    return params, rng.standard_normal((8, 3)), rng.integers(0, 2, 8)


def _gradient(params: Params, X: Array, labels: Array) -> Params:
    out, cache = forward(params, X)
    return backward(params, cache, softmax_ce(out, labels)[1])[0]


def test_the_report_names_the_tensor_and_the_element(problem: tuple[Params, Array, Array]) -> None:
    params, X, labels = problem
    grads = _gradient(*problem)
    wrong = unflatten(flatten(grads).copy(), grads)
    wrong[1][0][2, 3] += 0.5
    report = check_gradients(lambda p: softmax_ce(predict(p, X), labels)[0], params, wrong)
    assert not report.passed
    assert [t.name for t in report.tensors] == ["W1", "b1", "W2", "b2", "W3", "b3"]
    errors = {t.name: t.error for t in report.tensors}
    assert max(errors, key=lambda name: errors[name]) == "W2"
    assert report.max_error == errors["W2"] > 0.1
    assert report.tensors[2].worst_index == (2, 3)
    assert str(report).splitlines()[0].startswith("complex: FAILED, error ")


@pytest.mark.parametrize("factor", [1.001, 1 + 1e-6])
def test_the_complex_step_sees_a_bias_gradient_that_is_slightly_wrong(
    problem: tuple[Params, Array, Array], factor: float
) -> None:
    params, X, labels = problem
    (dW1, db1), *rest = _gradient(*problem)
    grads = ((dW1, factor * db1), *rest)
    report = check_gradients(lambda p: softmax_ce(predict(p, X), labels)[0], params, grads)
    assert not report.passed
    assert report.tensors[1].error == pytest.approx((factor - 1) / 2, rel=1e-2)


def test_nan_does_not_pass(problem: tuple[Params, Array, Array]) -> None:
    params, X, labels = problem
    (dW1, db1), *rest = _gradient(*problem)
    grads = ((dW1, np.nan * db1), *rest)
    report = check_gradients(lambda p: softmax_ce(predict(p, X), labels)[0], params, grads)
    assert not report.passed
    assert math.isnan(report.max_error)


def test_steps_across_a_kink_are_counted_and_left_out() -> None:
    """One unit sits 1e-7 from its kink: its bias must not be moved by 6e-6."""
    params = ((np.array([[1.0, 1.0]]), np.array([-1 + 1e-7, 0.5])), (np.ones((2, 1)), np.zeros(1)))
    X, y = np.array([[1.0]]), np.array([[3.0]])
    out, cache = forward(params, X)
    grads, _ = backward(params, cache, mse(out, y)[1])

    def loss(p: Params) -> Scalar:
        return mse(predict(p, X), y)[0]

    def pattern(p: Params) -> Array:
        return kink_pattern(p, X)

    check = functools.partial(check_gradients, loss, params, grads, method="central")
    assert check().max_error > 1e-2
    careful = check(pattern=pattern)
    assert careful.max_error <= 1e-7
    assert [t.skipped for t in careful.tensors] == [1, 1, 0, 0]
    assert careful.kink_crossings == 2
    assert not careful.passed  # two of seven left out is more than one in ten
    assert check(pattern=pattern, h=1e-8).kink_crossings == 0


def test_the_pattern_has_one_bit_per_kink_and_pre_activation(
    problem: tuple[Params, Array, Array],
) -> None:
    params, X, _ = problem
    assert kink_pattern(params, X, "relu").shape == (8 * (5 + 4),)
    assert kink_pattern(params, X, "hard_tanh").shape == (2 * 8 * (5 + 4),)
    assert kink_pattern(params, X, "tanh").shape == (0,)
    assert kink_pattern(params, X, "tanh", out_act="relu").shape == (8 * 2,)


@pytest.mark.parametrize("seed", range(3))
def test_directions_see_a_wrong_tensor_and_name_it(
    problem: tuple[Params, Array, Array], seed: int
) -> None:
    params, X, labels = problem
    (dW1, db1), (dW2, db2), last = _gradient(*problem)

    def errors(grads: Params, method: Method) -> dict[str, float]:
        rng = np.random.default_rng(seed)
        return directional(
            lambda p: softmax_ce(predict(p, X), labels)[0], params, grads, rng, method=method
        )

    right: Params = ((dW1, db1), (dW2, db2), last)
    wrong: Params = ((dW1, db1), (1.001 * dW2, db2), last)
    assert max(errors(right, "complex").values()) <= 1e-13
    assert max(errors(right, "central").values()) <= 1e-7
    for method, bound in THRESHOLDS.items():
        found = errors(wrong, method)
        assert [name for name, error in found.items() if error > bound] == ["W2"]
        assert found["W2"] == pytest.approx(5e-4, rel=1e-2)


def test_the_taylor_test_needs_no_threshold() -> None:
    rng = np.random.default_rng(0)
    params = init_params((3, 5, 2), "he", rng, bias=0.1)
    X, labels = rng.standard_normal((8, 3)), rng.integers(0, 2, 8)
    out, cache = forward(params, X, "tanh")
    grads, _ = backward(params, cache, softmax_ce(out, labels)[1])
    wrong = unflatten(1.1 * flatten(grads), grads)

    def orders(g: Params) -> Array:
        return taylor_orders(
            lambda p: softmax_ce(predict(p, X, "tanh"), labels)[0], params, g, rng, steps=12
        )

    assert orders(grads)[-4:] == pytest.approx(np.full(4, 2.0), abs=0.02)
    assert orders(wrong)[-4:] == pytest.approx(np.full(4, 1.0), abs=0.05)


@pytest.mark.parametrize("difference", [central, forward_difference])
def test_a_step_that_rounding_swallows_sees_no_rise(difference: Callable[..., Array]) -> None:
    """The left end of every plot of error against step: an error of 1, not a division by 0."""
    with np.errstate(all="raise"):
        assert difference(np.exp, np.array(1.0), 1e-20) == 0
