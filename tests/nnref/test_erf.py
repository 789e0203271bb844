"""The error function against the one in the standard library, which takes one number at a time."""

import math

import numpy as np
import pytest

from nnref.differences import relative_error
from nnref.erf import erf, erfc

X = np.concatenate([np.linspace(-6, 6, 20_001), [-0.0, 0.8, -0.8, 1e-300, 5e-324]])


def test_erf_is_within_two_units_in_the_last_place() -> None:
    exact = np.array([math.erf(x) for x in X])
    ulps = np.abs(erf(X) - exact) / np.spacing(np.abs(exact))
    assert ulps.max() <= 2
    assert (ulps <= 1).mean() > 0.999


def test_erfc_keeps_its_digits_in_the_tail() -> None:
    x = np.linspace(-6, 26, 20_001)
    exact = np.array([math.erfc(v) for v in x])
    assert (np.abs(erfc(x) - exact) / exact / (1 + x**2)).max() <= 5e-16


def test_float32_is_within_three_units_in_the_last_place() -> None:
    x = np.linspace(-6, 6, 20_001, dtype=np.float32)
    exact = np.array([math.erf(v) for v in x])
    assert erf(x).dtype == np.float32
    assert (np.abs(erf(x) - exact) / np.spacing(np.abs(erf(x)))).max() <= 3


def test_the_slope_is_the_normal_density() -> None:
    slope = 2 / math.sqrt(math.pi) * np.exp(-X * X)
    assert relative_error(slope, erf(X + 1e-30j).imag / 1e-30) <= 1e-15
    assert relative_error(-slope, erfc(X + 1e-30j).imag / 1e-30) <= 1e-15


def test_erf_is_odd_and_saturates_without_a_warning() -> None:
    np.testing.assert_array_equal(erf(-X), -erf(X))
    with np.errstate(all="raise", under="ignore"):
        assert erf(np.array([-1e300, -1e4, 1e4, 1e300])).tolist() == [-1, -1, 1, 1]
        assert erfc(np.array([-1e300, -1e4, 1e4, 1e300])).tolist() == [2, 2, 0, 0]


@pytest.mark.parametrize(("x", "value"), [(math.inf, 1.0), (-math.inf, -1.0), (0.0, 0.0)])
def test_erf_of_special_numbers(x: float, value: float) -> None:
    assert erf(x) == value


def test_nan_stays_nan() -> None:
    assert math.isnan(float(erf(math.nan)))
    assert math.isnan(float(erfc(math.nan)))
