"""Every activation: its slope, its values at kinks, its range, its digits."""

import dataclasses
import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from nnref import activations
from nnref.activations import ACTIVATIONS, Activation, relu
from nnref.arrays import Array
from nnref.differences import central, relative_error

every_activation = pytest.mark.parametrize("act", ACTIVATIONS.values(), ids=ACTIVATIONS)
GRID = np.concatenate([np.linspace(-40, 40, 4001), np.linspace(-1.5, 1.5, 301)])


def test_the_dictionary_names_them_all() -> None:
    exported = {v.name: v for v in vars(activations).values() if isinstance(v, Activation)}
    assert exported == ACTIVATIONS
    assert list(ACTIVATIONS) == [
        *("identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus"),
        *("swish", "gelu", "gelu_tanh", "hard_tanh"),
    ]


@every_activation
def test_slope_is_the_complex_step(act: Activation) -> None:
    z = np.append(GRID, act.kinks)
    step = act(z + 1e-30j).imag / 1e-30
    assert relative_error(act.df(z), step) <= 1e-16


@every_activation
def test_slope_is_the_central_difference_away_from_kinks(act: Activation) -> None:
    z = np.linspace(-4, 4, 80)  # meets neither 0, where elu's slope bends, nor a kink
    assert relative_error(act.df(z), central(lambda v: act(v).sum(), z)) <= 1e-9


@pytest.mark.parametrize(
    ("name", "z", "slope"),
    [
        ("relu", 0.0, 0.0),
        ("relu", -0.0, 0.0),
        ("leaky_relu", 0.0, 0.01),
        ("elu", 0.0, 1.0),
        ("selu", 0.0, 1.0507009873554805 * 1.6732632423543772),
        ("softplus", 0.0, 0.5),
        ("hard_tanh", -1.0, 0.0),
        ("hard_tanh", 1.0, 0.0),
    ],
)
def test_slope_at_a_kink_is_the_choice_of_pytorch(name: str, z: float, slope: float) -> None:
    act = ACTIVATIONS[name]
    assert act.df(z) == slope
    assert act(np.complex128(complex(z, 1e-30))).imag / 1e-30 == pytest.approx(slope, rel=1e-15)


@every_activation
def test_slope_jumps_at_the_kinks_and_nowhere_else(act: Activation) -> None:
    z = np.linspace(-2, 2, 401)
    jumps = np.abs(act.df(z + 1e-9) - act.df(z - 1e-9)) > 1e-6
    assert z[jumps] == pytest.approx(list(act.kinks), abs=1e-12)


@every_activation
def test_values_fill_the_range(act: Activation) -> None:
    z = np.concatenate([np.linspace(-50, 50, 200_001), [-1e4, 1e4]])
    low, high = act.range
    value = act(z)
    slack = 4e-16  # a minimum such as swish's is rounded too
    assert low - slack <= value.min() <= (low + 1e-7 if math.isfinite(low) else -99)
    assert (high - 1e-7 if math.isfinite(high) else 9999) <= value.max() <= high


@every_activation
@pytest.mark.parametrize("size", [1e3, 1e4])
def test_far_out_nothing_overflows(act: Activation, size: float) -> None:
    """Nor does a caller hear of the underflow to 0, which is the value."""
    for dtype in (np.float32, np.float64, np.complex128):
        z = np.array([-size, size], dtype=dtype)
        with np.errstate(all="raise"):
            value, slope = act(z), act.df(z)
        assert np.isfinite(value).all()
        assert slope.real == pytest.approx(_slopes_far_out(act), rel=1e-6)


def _slopes_far_out(act: Activation) -> list[float]:
    left = {"identity": 1.0, "leaky_relu": 0.01}.get(act.name, 0.0)
    right = {"sigmoid": 0.0, "tanh": 0.0, "hard_tanh": 0.0, "selu": 1.0507009873554805}
    return [left, right.get(act.name, 1.0)]


@every_activation
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_dtype_and_shape_are_kept(
    act: Activation, dtype: type[np.inexact], shape: tuple[int, ...]
) -> None:
    z = np.full(shape, 0.5, dtype=dtype)
    for result in (act(z), act.df(z)):
        assert result.dtype == dtype
        assert result.shape == shape


@every_activation
def test_float32_agrees_with_float64(act: Activation) -> None:
    z = np.linspace(-8, 8, 1001, dtype=np.float32)
    for formula in (act.f, act.df):
        assert formula(z) == pytest.approx(formula(z.astype(np.float64)), rel=2e-5, abs=1e-6)


@every_activation
def test_any_memory_layout_serves_and_none_is_written_to(act: Activation) -> None:
    z = np.linspace(-3, 3, 24).reshape(4, 6)
    z.setflags(write=False)
    np.testing.assert_array_equal(act(z[::2, ::-1].T), act(z)[::2, ::-1].T)
    np.testing.assert_array_equal(act.df(z[::2, ::-1].T), act.df(z)[::2, ::-1].T)


@every_activation
def test_the_result_is_no_view_of_the_argument(act: Activation) -> None:
    z = np.ones(3)
    act(z)[:] = 7.0
    assert z.tolist() == [1.0, 1.0, 1.0]


@every_activation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinity_gives_the_limit(act: Activation, dtype: type[np.floating]) -> None:
    far = np.array([-np.inf, np.inf], dtype=dtype)
    largest = np.array([np.finfo(dtype).min, np.finfo(dtype).max])
    with np.errstate(all="raise"):
        values, slopes = act(far), act.df(far)
        slopes_before = act.df(largest)
    left = {"identity": -np.inf, "leaky_relu": -np.inf, "tanh": -1.0, "hard_tanh": -1.0}
    left |= {"elu": -1.0, "selu": act.range[0]}
    right = {"sigmoid": 1.0, "tanh": 1.0, "hard_tanh": 1.0}
    expected = [left.get(act.name, 0.0), right.get(act.name, np.inf)]
    assert values == pytest.approx(np.array(expected), rel=1e-6)
    assert slopes == pytest.approx(_slopes_far_out(act), rel=1e-6)
    np.testing.assert_array_equal(slopes_before, slopes)


@every_activation
def test_nan_stays_nan(act: Activation) -> None:
    assert np.isnan(act(np.array([math.nan, 1.0]))).tolist() == [True, False]


@every_activation
def test_a_python_number_is_an_argument(act: Activation) -> None:
    assert act(1) == act(1.0) == act(np.array([1.0]))[0]
    assert act.df(1) == act.df(np.array([1.0]))[0]


@pytest.mark.parametrize(
    "z", [-700.0, -40.0, -20.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 20.0, 40.0, 700.0]
)
def test_digits_against_fifty_digit_arithmetic(z: float) -> None:
    with localcontext() as context:
        context.prec = 350  # 1 + e^-700 needs 305 digits
        e = Decimal(z).exp()
        expected = {
            "sigmoid": e / (1 + e),
            "tanh": (e * e - 1) / (e * e + 1) if z else Decimal(0),
            "softplus": (1 + e).ln(),
            "elu": Decimal(z) if z > 0 else e - 1,
            "swish": Decimal(z) * e / (1 + e),
        }
        slopes = {
            "sigmoid": e / (1 + e) ** 2,
            "tanh": 4 * e * e / (1 + e * e) ** 2,
            "softplus": e / (1 + e),
            "swish": e / (1 + e) + Decimal(z) * e / (1 + e) ** 2,
        }
    for name, value in expected.items():
        assert _ulps(ACTIVATIONS[name](z), value) <= 4, name
    for name, value in slopes.items():
        assert _ulps(ACTIVATIONS[name].df(z), value) <= 8, name


def _ulps(value: Array, exact: Decimal) -> Decimal:
    """How many units in the last place the value is off."""
    return abs(Decimal(float(value)) - exact) / Decimal(float(np.spacing(abs(float(exact)))))


def test_gelu_keeps_its_digits_in_the_left_tail() -> None:
    """z * (1 + erf(z / sqrt 2)) / 2 is 0 from z = -8.3 on; the value at -10 is -7.6e-23."""
    assert ACTIVATIONS["gelu"](-10.0) == pytest.approx(
        -10 * math.erfc(10 / math.sqrt(2)) / 2, rel=1e-13
    )


def test_gelu_tanh_is_its_published_form() -> None:
    z = np.linspace(-5, 5, 101)
    published = 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))
    assert ACTIVATIONS["gelu_tanh"](z) == pytest.approx(published, abs=1e-15)


def test_an_activation_of_ones_own_is_guarded_too() -> None:
    cube = dataclasses.replace(relu, name="cube", f=lambda z: z**3, df=lambda z: 3 * z**2)
    assert cube(2) == 8.0
    with pytest.raises(TypeError, match=r"^cube\.df: z has dtype int64"):
        cube.df(np.array([1, 2]))
