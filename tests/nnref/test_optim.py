"""Each optimiser against its recurrence for one number, and against what theory says it does."""

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from nnref.arrays import Params
from nnref.init import init_params
from nnref.losses import mse
from nnref.mlp import backward, flatten, forward, predict, unflatten
from nnref.optim import OPTIMISERS, State, adam, adamw, clip_by_norm, momentum, nesterov, sgd

Recurrence = Callable[[float, Iterator[float], float], Iterator[float]]


def _params(dtype: type[np.floating] = np.float64) -> Params:
    return init_params((2, 3, 1), "he", np.random.default_rng(0), dtype, bias=0.1)


def _one(w: float) -> Params:
    return ((np.array([[w]]), np.array([w])),)


def test_sgd_is_w_minus_lr_g() -> None:
    params, grads = _params(), _params()
    np.testing.assert_array_equal(flatten(sgd(params, grads, 0.25)), 0.75 * flatten(params))


def test_sgd_descends_in_small_steps() -> None:
    rng = np.random.default_rng(1)
    X, params = rng.standard_normal((20, 2)), _params()
    y = X[:, :1] * X[:, 1:]
    losses = []
    for _ in range(50):
        out, cache = forward(params, X, "tanh")
        value, dout = mse(out, y)
        losses.append(float(value))
        params = sgd(params, backward(params, cache, dout)[0], 0.05)
    assert all(later < earlier for earlier, later in itertools.pairwise(losses))
    assert mse(predict(params, X, "tanh"), y)[0] < 0.8 * losses[0]


def _momentum(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    v = 0.0
    for g in gradients:
        v = 0.9 * v + g
        w = w - lr * v
        yield w


def _nesterov(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    """As Nesterov wrote it, with the gradient at the point ahead; reported at that point."""
    ahead, v = w, 0.0
    for g in gradients:
        v = 0.9 * v - lr * g  # ahead = w + 0.9 v
        w = w + v
        ahead = w + 0.9 * v
        yield ahead


def _adagrad(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    total = 0.0
    for g in gradients:
        total += g**2
        w -= lr * g / (math.sqrt(total) + 1e-10)
        yield w


def _rmsprop(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    mean = 0.0
    for g in gradients:
        mean += 0.01 * (g**2 - mean)
        w -= lr * g / (math.sqrt(mean) + 1e-8)
        yield w


def _adam(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    """Moments as explicit weighted means of all gradients so far: no bias to correct."""
    past: list[float] = []
    for g in gradients:
        past.insert(0, g)
        first = [0.9**k for k in range(len(past))]
        second = [0.999**k for k in range(len(past))]
        m = sum(a * p for a, p in zip(first, past, strict=True)) / sum(first)
        v = sum(a * p**2 for a, p in zip(second, past, strict=True)) / sum(second)
        w -= lr * m / (math.sqrt(v) + 1e-8)
        yield w


def _adamw(w: float, gradients: Iterator[float], lr: float) -> Iterator[float]:
    """Adam's step from a weight that has shrunk by lr * 0.01."""
    moved = 0.0
    for step in _adam(0.0, gradients, lr):
        w = w * (1 - lr * 0.01) + (step - moved)
        moved = step
        yield w


RECURRENCES: dict[str, Recurrence] = {
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}


def test_every_optimiser_has_a_recurrence() -> None:
    assert RECURRENCES.keys() == OPTIMISERS.keys()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_thirty_steps_follow_the_recurrence(name: str) -> None:
    gradients = [math.sin(k) + 0.3 for k in range(30)]
    params, state = _one(0.5), None
    for g, w in zip(gradients, RECURRENCES[name](0.5, iter(gradients), 0.05), strict=True):
        params, state = OPTIMISERS[name](params, _one(g), state, 0.05)
        assert flatten(params) == pytest.approx(np.array([w, w]), rel=1e-12)
    assert state is not None
    assert state.step == 30


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_step_leaves_its_arguments_alone_and_keeps_the_precision(name: str) -> None:
    params, grads = _params(np.float32), _params(np.float32)
    after, state = OPTIMISERS[name](params, grads, None, 0.1)
    kept = [moment.copy() for moment in state.moments]
    for array in (*state.moments, *(a for pair in params + grads for a in pair)):
        array.setflags(write=False)
    OPTIMISERS[name](params, grads, state, 0.1)
    for moment, copy in zip(state.moments, kept, strict=True):
        np.testing.assert_array_equal(moment, copy)
    assert flatten(after).dtype == np.float32
    assert {moment.dtype for moment in state.moments} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_quadratic_is_minimised(name: str) -> None:
    scale = np.array([1.0, 10.0])
    params: Params = ((np.array([[1.0]]), np.array([1.0])),)
    state = None
    for t in range(2000):
        grads = unflatten(scale * flatten(params), params)
        params, state = OPTIMISERS[name](params, grads, state, 0.1 / (1 + t / 300))
    assert np.abs(flatten(params)).max() < 1e-2


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_adam_moves_by_lr_whatever_the_size_of_a_constant_gradient(size: float) -> None:
    params, state = _one(0.0), None
    for step in range(1, 6):
        params, state = adam(params, _one(size), state, 0.01)
        assert flatten(params) == pytest.approx(np.full(2, -0.01 * step), rel=1e-4)


@pytest.mark.parametrize("optimiser", [momentum, nesterov])
def test_momentum_ends_at_ten_times_the_step(
    optimiser: Callable[..., tuple[Params, State]],
) -> None:
    params, state = _one(0.0), None
    for _ in range(200):
        before = flatten(params)
        params, state = optimiser(params, _one(1.0), state, 0.01)
    assert flatten(params) - before == pytest.approx(np.full(2, -0.1), rel=1e-6)


def test_adamw_without_a_gradient_only_shrinks() -> None:
    params, _ = adamw(_one(2.0), _one(0.0), None, 0.1, decay=0.5)
    assert flatten(params) == pytest.approx(np.full(2, 2.0 * 0.95))


def test_clipping_keeps_the_direction() -> None:
    grads = ((np.array([[3.0]]), np.array([4.0])),)
    clipped, norm = clip_by_norm(grads, 1.0)
    assert norm == 5.0
    assert flatten(clipped) == pytest.approx([0.6, 0.8])
    np.testing.assert_array_equal(flatten(clip_by_norm(grads, 5.0)[0]), [3.0, 4.0])
    assert flatten(clip_by_norm(_one(0.0), 1.0)[0]).tolist() == [0.0, 0.0]
