"""Each loss: its value by hand, its gradient by two methods, its digits far out."""

import math

import numpy as np
import pytest

from nnref.activations import sigmoid, softmax
from nnref.arrays import Array
from nnref.differences import central, complex_step, relative_error
from nnref.gradcheck import Method, check_gradients
from nnref.init import init_params
from nnref.losses import bce_logits, hinge, huber, l2, mae, mse, softmax_ce
from nnref.mlp import flatten
from nnref.optim import sgd
from nnref.selfcheck import Loss, losses_of

LOSSES = losses_of(np.random.default_rng(0))


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_gradient_is_the_complex_step_and_the_central_difference(loss: Loss) -> None:
    z = 3 * np.random.default_rng(1).standard_normal((8, 2))
    gradient = loss(z)[1]
    assert relative_error(gradient, complex_step(lambda v: loss(v)[0], z)) <= 1e-15
    assert relative_error(gradient, central(lambda v: loss(v)[0], z)) <= 1e-9


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("size", [1e3, 1e4])
def test_far_out_all_is_finite(loss: Loss, size: float) -> None:
    z = np.random.default_rng(2).choice([-size, size], (8, 2))
    with np.errstate(all="raise"):
        value, gradient = loss(z)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


def test_mse_averages_over_all_elements() -> None:
    value, gradient = mse(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [3.0, 0.0]]))
    assert value == (4 + 16) / 4
    assert gradient.tolist() == [[0.0, 1.0], [0.0, 2.0]]


def test_mae_by_hand_and_its_slope_where_prediction_and_target_meet() -> None:
    value, gradient = mae(np.array([1.0, 5.0, 2.0, 0.0]), np.array([3.0, 4.0, 2.0, 0.0]))
    assert value == 3 / 4
    assert gradient.tolist() == [-0.25, 0.25, 0.0, 0.0]
    at_kink = complex_step(lambda v: mae(v, np.zeros(1))[0], np.zeros(1))
    assert at_kink.tolist() == [0.0]


def test_huber_is_a_parabola_inside_and_a_line_outside() -> None:
    pred = np.array([0.5, 2.0, -3.0, 6.0])
    value, gradient = huber(pred, np.zeros(4), delta=2.0)
    assert value == (0.125 + 2.0 + 2 * (3 - 1) + 2 * (6 - 1)) / 4
    assert gradient.tolist() == [0.125, 0.5, -0.5, 0.5]


def test_huber_with_a_wide_delta_is_half_the_mse_and_with_a_narrow_one_mae() -> None:
    pred, y = np.random.default_rng(6).standard_normal((2, 50))
    assert huber(pred, y, delta=1e3)[0] == pytest.approx(mse(pred, y)[0] / 2, rel=1e-14)
    assert huber(pred, y, delta=1e-9)[0] / 1e-9 == pytest.approx(mae(pred, y)[0], rel=1e-8)


def test_hinge_asks_for_a_margin_of_one() -> None:
    value, gradient = hinge(np.array([2.0, 0.5, -1.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert value == (0 + 0.5 + 2 + 0) / 4
    assert gradient.tolist() == [0.0, -0.25, -0.25, 0.0]
    assert hinge(np.array([0.5]), np.array([-1.0]))[0] == 1.5


def test_a_score_that_is_nan_is_no_score_beyond_the_margin() -> None:
    assert math.isnan(hinge(np.array([math.nan, 2.0]), np.ones(2))[0])


def test_bce_is_the_log_of_the_probability_of_the_class() -> None:
    z, y = np.array([0.5, -2.0, 3.0]), np.array([1.0, 0.0, 1.0])
    p = sigmoid(z)
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    assert bce_logits(z, y)[0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("z", "y"), [(50.0, 1.0), (-50.0, 0.0)])
def test_bce_of_a_sure_and_right_answer_keeps_its_digits(z: float, y: float) -> None:
    """softplus(z) - y z would subtract 50 from 50."""
    value, _ = bce_logits(np.array([z]), np.array([y]))
    assert value == pytest.approx(math.log1p(math.exp(-50)), rel=1e-15)


def test_softmax_ce_is_the_log_of_the_probability_of_the_label() -> None:
    z, labels = np.random.default_rng(3).standard_normal((6, 4)), np.array([0, 3, 1, 1, 2, 0])
    expected = -np.log(softmax(z)[np.arange(6), labels]).mean()
    assert softmax_ce(z, labels)[0] == pytest.approx(expected, rel=1e-14)


def test_softmax_ce_of_equal_logits_is_log_of_the_number_of_classes() -> None:
    assert softmax_ce(np.zeros((5, 10)), np.arange(5))[0] == pytest.approx(math.log(10))


def test_bce_is_softmax_ce_with_the_other_logit_at_zero() -> None:
    z, labels = (
        np.random.default_rng(4).standard_normal(9),
        np.random.default_rng(5).integers(0, 2, 9),
    )
    two = softmax_ce(np.column_stack([np.zeros(9), z]), labels)
    one = bce_logits(z, labels.astype(np.float64))
    assert one[0] == pytest.approx(two[0], rel=1e-14)
    assert one[1] == pytest.approx(two[1][:, 1], rel=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype: type[np.floating]) -> None:
    z, y = np.ones((3, 2), dtype=dtype), np.zeros((3, 2), dtype=dtype)
    for value, gradient in (
        mse(z, y),
        mae(z, y),
        huber(z, y),
        hinge(z, z),
        bce_logits(z, y),
        softmax_ce(z, np.array([0, 1, 0])),
    ):
        assert value.dtype == gradient.dtype == dtype


def test_arguments_may_be_read_only_and_strided() -> None:
    z, y = np.arange(12.0).reshape(3, 4), np.ones((3, 2))
    z.setflags(write=False)
    y.setflags(write=False)
    loose: Array = z[:, ::2]
    for loss in (mse, mae, huber, bce_logits):
        np.testing.assert_array_equal(loss(loose, y)[1], loss(loose.copy(), y)[1])


def test_l2_by_hand_leaves_biases_alone() -> None:
    params = ((np.array([[1.0, -2.0]]), np.array([7.0, 7.0])), (np.ones((2, 1)), np.ones(1)))
    value, grads = l2(params, 0.5)
    assert value == 0.25 * (1 + 4 + 1 + 1)
    assert flatten(grads).tolist() == [0.5, -1.0, 0.0, 0.0, 0.5, 0.5, 0.0]


@pytest.mark.parametrize("method", ["complex", "central"])
def test_the_gradient_of_l2_by_two_methods(method: Method) -> None:
    params = init_params((3, 4, 2), "he", np.random.default_rng(0), bias=0.3)
    _, grads = l2(params, 0.7)
    assert check_gradients(lambda p: l2(p, 0.7)[0], params, grads, method=method).passed


def test_a_step_with_l2_is_weight_decay() -> None:
    params = init_params((3, 4, 2), "he", np.random.default_rng(0))
    after = sgd(params, l2(params, 0.5)[1], lr=0.1)
    for (W, _), (W_after, _) in zip(params, after, strict=True):
        assert W_after == pytest.approx(0.95 * W)
