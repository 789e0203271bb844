"""The training loop: it learns, it is deterministic, and it stops when all is lost."""

import numpy as np
import pytest

from nnref.data import moons, sine, xor
from nnref.init import init_params
from nnref.losses import bce_logits, mse, softmax_ce
from nnref.mlp import backward, flatten, forward, predict
from nnref.optim import adam, momentum
from nnref.train import History, fit


def _fit_sine(**options: object) -> History:
    X, y = sine(64, np.random.default_rng(0))
    params = init_params((1, 16, 1), "he", np.random.default_rng(1), bias=0.1)
    defaults = {"rng": np.random.default_rng(2), "lr": 1e-2, "epochs": 60, "act": "tanh"}
    return fit(params, X, y, mse, **(defaults | options))  # type: ignore[arg-type]


def test_a_sine_is_learned_to_its_noise() -> None:
    history = _fit_sine(epochs=300)
    assert history.losses.shape == (300,)
    assert history.losses[-1] < 0.02  # the noise has variance 0.01
    assert history.losses[0] > 0.2


def test_moons_are_parted() -> None:
    X, labels = moons(200, np.random.default_rng(0))
    params = init_params((2, 16, 2), "he", np.random.default_rng(1))
    trained = fit(params, X, labels, softmax_ce, rng=np.random.default_rng(2), lr=1e-2).params
    assert (predict(trained, X).argmax(axis=1) == labels).mean() > 0.98


def test_xor_is_learned_by_four_units_and_not_by_none() -> None:
    X, labels = xor()
    y = labels[:, None].astype(np.float64)
    for sizes, learned in (((2, 4, 1), True), ((2, 1), False)):
        params = init_params(sizes, "he", np.random.default_rng(0))
        history = fit(
            params, X, y, bce_logits, act="tanh", rng=np.random.default_rng(1), lr=0.05, epochs=300
        )
        assert ((predict(history.params, X, "tanh") > 0) == y).all() == learned
        assert bool(history.losses[-1] < 0.1) is learned


def test_one_seed_gives_one_training_run_and_the_start_is_untouched() -> None:
    np.testing.assert_array_equal(_fit_sine().losses, _fit_sine().losses)
    other = _fit_sine(rng=np.random.default_rng(3))
    assert not np.array_equal(_fit_sine().losses, other.losses)


def test_a_full_batch_is_one_step_per_epoch() -> None:
    X, y = sine(10, np.random.default_rng(0))
    params = init_params((1, 3, 1), "he", np.random.default_rng(1))
    history = fit(params, X, y, mse, rng=np.random.default_rng(2), lr=0.1, epochs=1, batch=99)
    out, cache = forward(params, X)
    value, dout = mse(out, y)
    by_hand, _ = adam(params, backward(params, cache, dout)[0], None, 0.1)
    assert flatten(history.params) == pytest.approx(flatten(by_hand), rel=1e-9)
    assert history.losses == pytest.approx([value])


def test_the_last_batch_may_be_smaller_and_counts_by_its_size() -> None:
    """With steps too small to matter, the epoch's loss is the loss over all examples."""
    X, y = sine(10, np.random.default_rng(0))
    params = init_params((1, 3, 1), "he", np.random.default_rng(1))
    history = fit(params, X, y, mse, rng=np.random.default_rng(2), lr=1e-12, epochs=1, batch=4)
    assert history.losses[0] == pytest.approx(mse(predict(params, X), y)[0], rel=1e-9)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": 0}, r"fit: batch must be at least 1, got 0"),
        ({"epochs": 0}, r"fit: epochs must be at least 1, got 0"),
        (
            {"lr": 1e200, "optimiser": momentum, "act": "identity"},
            "fit: parameters are not finite after step [23]",
        ),
    ],
)
def test_what_cannot_go_on_is_named(options: dict[str, object], message: str) -> None:
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=f"^{message}$"):
        _fit_sine(**options)


def test_examples_and_targets_must_be_as_many() -> None:
    params = init_params((1, 1), "he", np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"^fit: X \(3, 1\) and y \(4, 1\) must have as many exam"):
        fit(params, np.ones((3, 1)), np.ones((4, 1)), mse, rng=np.random.default_rng(0))
