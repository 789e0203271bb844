"""The data sets: their shapes, their balance, and what can and cannot part them."""

from collections.abc import Callable

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.data import linear, moons, sine, spirals, titanic, xor
from nnref.init import init_params
from nnref.losses import bce_logits
from nnref.mlp import predict
from nnref.train import fit

Maker = Callable[..., tuple[Array, Array]]


@pytest.mark.parametrize("make", [moons, spirals, sine])
def test_one_seed_gives_one_data_set(make: Maker) -> None:
    for a, b in zip(
        make(50, np.random.default_rng(1)), make(50, np.random.default_rng(1)), strict=True
    ):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(
        make(50, np.random.default_rng(1))[0], make(50, np.random.default_rng(2))[0]
    )


def test_no_affine_function_parts_xor() -> None:
    """The best least-squares plane says 1/2 everywhere."""
    X, labels = xor()
    plane = np.linalg.lstsq(np.column_stack([X, np.ones(4)]), labels, rcond=None)[0]
    assert plane == pytest.approx([0, 0, 0.5], abs=1e-15)


def test_moons_are_half_circles_that_interlock() -> None:
    X, labels = moons(200, np.random.default_rng(0), noise=0.0)
    upper, lower = X[labels == 0], X[labels == 1]
    assert np.hypot(*upper.T) == pytest.approx(np.ones(100))
    assert np.hypot(*(lower - [1.0, 0.5]).T) == pytest.approx(np.ones(100))
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_spiral_arms_are_turned_copies_of_one(classes: int) -> None:
    X, labels = spirals(300, np.random.default_rng(0), classes=classes, noise=0.0)
    assert np.bincount(labels).tolist() == [300 // classes] * classes
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    turn = angle / (2 * np.pi) - radius - labels / classes
    assert turn - np.round(turn) == pytest.approx(np.zeros(300), abs=1e-12)
    assert radius.max() <= 1


def test_noise_has_the_asked_size() -> None:
    X, y = sine(20_000, np.random.default_rng(0), noise=0.3)
    assert (y - np.sin(X)).std() == pytest.approx(0.3, rel=0.03)
    clean = moons(20_000, np.random.default_rng(0), noise=0.0)[0]
    assert (moons(20_000, np.random.default_rng(0), noise=0.2)[0] - clean).std() == pytest.approx(
        0.2, rel=0.03
    )


def test_least_squares_find_the_weights_of_the_linear_set() -> None:
    """To a standard error of noise / sqrt(m), and exactly without noise."""
    rng = np.random.default_rng(0)
    X, y, w = linear(10_000, rng, inputs=4, noise=0.5)
    found = np.linalg.lstsq(X, y)[0]
    assert 0 < np.abs(found - w).max() < 4 * 0.5 / 100
    X, y, w = linear(5, rng, noise=0.0)
    np.testing.assert_array_equal(X @ w, y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: moons(1, rng), "moons: m must be at least 2, got 1"),
        (
            lambda rng: spirals(2, rng, classes=3),
            "spirals: m must be at least 3, got 2",
        ),
        (lambda rng: sine(0, rng), "sine: m must be at least 1, got 0"),
        (lambda rng: linear(5, rng, inputs=0), "linear: inputs must be at least 1, got 0"),
        (lambda rng: sine(5, rng, noise=-1.0), "sine: noise must not be negative, got -1.0"),
    ],
)
def test_an_impossible_wish_is_named(call: Callable[..., object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        call(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("column", "people", "survivors"),
    [(0, 325, 203), (1, 285, 118), (2, 706, 178), (3, 885, 212), (4, 470, 344), (5, 109, 57)],
)
def test_the_titanic_adds_up_to_the_published_totals(
    column: int, people: int, survivors: int
) -> None:
    """First, second, third class, crew, women, children: the report's margins."""
    X, labels = titanic()
    assert X.shape == (2201, 6)
    assert labels.sum() == 711
    mine = X[:, column] == 1
    assert mine.sum() == people
    assert labels[mine].sum() == survivors
    np.testing.assert_array_equal(X[:, :4].sum(axis=1), np.ones(2201))


def _loss(sizes: tuple[int, ...]) -> float:
    X, labels = titanic()
    y = labels[:, None].astype(float)
    rng = np.random.default_rng(0)
    params = init_params(sizes, "he", rng)
    trained = fit(params, X, y, bce_logits, rng=rng, lr=0.05, epochs=200, batch=2201).params
    return float(bce_logits(predict(trained, X), y)[0])


def test_a_network_learns_of_the_titanic_what_no_affine_function_can() -> None:
    """The floor is the entropy of survival within the 14 groups, 0.4765 nats: women of the third
    class fared worse than their sex and their class explain.
    """
    X, labels = titanic()
    groups = np.unique(X, axis=0, return_inverse=True)[1].ravel()
    shares = np.array([labels[groups == g].mean() for g in range(14)])[groups]
    right = np.where(labels == 1, shares, 1 - shares)
    floor = -np.log(right).mean()
    assert _loss((6, 1)) > floor + 0.02
    assert floor < _loss((6, 12, 1)) < floor + 0.001
