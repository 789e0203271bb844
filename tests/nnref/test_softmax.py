"""Softmax, its logarithm and its Jacobian."""

import functools
from decimal import Decimal, localcontext

import numpy as np
import pytest

from nnref.activations import log_softmax, logsumexp, softmax, softmax_jacobian
from nnref.arrays import Array
from nnref.differences import central, complex_step, relative_error


@pytest.fixture
def z() -> Array:
    return 3 * np.random.default_rng(0).standard_normal((4, 5))


def test_each_is_what_its_name_says(z: Array) -> None:
    e = np.exp(z)
    assert softmax(z) == pytest.approx(e / e.sum(axis=1, keepdims=True), rel=1e-14)
    assert log_softmax(z) == pytest.approx(np.log(softmax(z)), rel=1e-13)
    assert logsumexp(z) == pytest.approx(np.log(e.sum(axis=1)), rel=1e-14)


def test_the_last_axis_holds_the_classes() -> None:
    z = np.random.default_rng(1).standard_normal((2, 3, 4))
    assert softmax(z).sum(axis=-1) == pytest.approx(np.ones((2, 3)), rel=1e-15)
    assert logsumexp(z).shape == (2, 3)
    np.testing.assert_allclose(log_softmax(z), np.log(softmax(z)), rtol=1e-14)
    np.testing.assert_array_equal(softmax_jacobian(z)[1, 2], softmax_jacobian(z[1, 2]))


def test_the_jacobian_is_the_complex_step_and_the_central_difference(z: Array) -> None:
    J = softmax_jacobian(z[0])
    for i, row in enumerate(J):
        p_i = functools.partial(_probability, i)
        assert relative_error(row, complex_step(p_i, z[0])) <= 1e-13
        assert relative_error(row, central(p_i, z[0])) <= 1e-9
    assert relative_error(J, J.T) <= 1e-16


def _probability(i: int, z: Array) -> Array:
    p: Array = softmax(z)[i]
    return p


def test_the_slope_of_logsumexp_is_softmax(z: Array) -> None:
    assert relative_error(softmax(z), complex_step(lambda v: logsumexp(v).sum(), z)) <= 1e-13


@pytest.mark.parametrize("size", [1e3, 1e4, 1e300])
def test_large_logits_give_neither_overflow_nor_log_of_zero(size: float) -> None:
    z = np.array([[-size, 0.0, size], [size, size, size]])
    with np.errstate(all="raise", under="ignore"):
        assert softmax(z) == pytest.approx(np.array([[0, 0, 1], [1 / 3] * 3]))
        assert log_softmax(z)[0].tolist() == [-2 * size, -size, 0.0]
        assert logsumexp(z).tolist() == [size, size + np.log(3)]
        assert np.isfinite(softmax_jacobian(z)).all()


def test_a_class_that_is_masked_out_has_probability_zero() -> None:
    z = np.array([0.0, -np.inf, 0.0])
    assert softmax(z).tolist() == [0.5, 0.0, 0.5]


@pytest.mark.parametrize("logits", [(0.0, 1e-9), (-30.0, 5.0), (700.0, 699.5), (-800.0, 10.0)])
def test_digits_against_exact_arithmetic(logits: tuple[float, ...]) -> None:
    with localcontext() as context:
        context.prec = 400
        exact = sum((Decimal(v).exp() for v in logits), Decimal(0)).ln()
    value = float(logsumexp(np.array(logits)))
    assert abs(Decimal(value) - exact) <= 4 * Decimal(float(np.spacing(abs(value))))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_dtype_is_kept(dtype: type[np.inexact]) -> None:
    z = np.zeros((2, 3), dtype=dtype)
    for function in (softmax, log_softmax, logsumexp, softmax_jacobian):
        assert function(z).dtype == dtype
