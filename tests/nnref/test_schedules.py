"""Learning rates by step: their ends, their shape, and a training run that asks for them."""

import itertools

import numpy as np
import pytest

from nnref.data import sine
from nnref.init import init_params
from nnref.losses import mse
from nnref.mlp import flatten
from nnref.schedules import cosine, step_decay, warm_up
from nnref.train import fit


def test_steps_fall_where_they_should() -> None:
    rates = [step_decay(t, 3, lr=0.8, factor=0.5) for t in range(9)]
    assert rates == pytest.approx([0.8] * 3 + [0.4] * 3 + [0.2] * 3)


def test_the_cosine_falls_from_the_rate_to_the_floor_and_stays() -> None:
    rates = [cosine(t, 40, lr=0.5, floor=0.1) for t in range(60)]
    assert rates[0] == 0.5
    assert rates[20] == pytest.approx(0.3)
    assert rates[40:] == pytest.approx([0.1] * 20)
    assert all(b < a for a, b in itertools.pairwise(rates[:41]))
    falls = -np.diff(rates[:41])
    assert falls.argmax() in {19, 20}  # steepest in the middle, flat at both ends
    assert max(falls[0], falls[-1]) < 0.05 * falls.max()


def test_warm_up_rises_in_equal_steps_and_stays() -> None:
    rates = [warm_up(t, 5, lr=2.0) for t in range(8)]
    assert rates == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0, 2.0, 2.0, 2.0])


def test_training_asks_the_schedule_once_per_step() -> None:
    X, y = sine(20, np.random.default_rng(0))
    params, asked = init_params((1, 4, 1), "he", np.random.default_rng(1)), []

    def rate(step: int) -> float:
        asked.append(step)
        return warm_up(step, 4) * cosine(step, 12, lr=0.1)

    scheduled = fit(params, X, y, mse, rng=np.random.default_rng(2), lr=rate, epochs=3, batch=6)
    assert asked == list(range(12))
    fixed = fit(
        params, X, y, mse, rng=np.random.default_rng(2), lr=lambda _: 0.1, epochs=3, batch=6
    )
    same = fit(params, X, y, mse, rng=np.random.default_rng(2), lr=0.1, epochs=3, batch=6)
    np.testing.assert_array_equal(flatten(fixed.params), flatten(same.params))
    assert not np.array_equal(flatten(fixed.params), flatten(scheduled.params))
