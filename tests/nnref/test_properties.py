"""Laws that hold for every network, batch and logit, tried on many (hypothesis)."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnref.activations import ACTIVATIONS, log_softmax, logsumexp, softmax, softmax_jacobian
from nnref.arrays import Array, Params
from nnref.differences import relative_error
from nnref.dying import dead_units
from nnref.init import init_params
from nnref.layers import dense, dense_vjp
from nnref.losses import bce_logits, huber, mse, softmax_ce
from nnref.mlp import backward, flatten, forward, predict, unflatten

often = settings(max_examples=40, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
activations = st.sampled_from(sorted(ACTIVATIONS))
logits = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6).map(np.array)
sizes = st.lists(st.integers(1, 6), min_size=2, max_size=5)


def _network(sizes: list[int], seed: int, m: int = 7) -> tuple[Params, Array]:
    rng = np.random.default_rng(seed)
    he = init_params(sizes, "he", rng)
    params = tuple((W, rng.standard_normal(b.shape)) for W, b in he)
    return params, rng.standard_normal((m, sizes[0]))


def _gradient(params: Params, X: Array, y: Array, act: str) -> Params:
    out, cache = forward(params, X, act)
    return backward(params, cache, mse(out, y)[1])[0]


@often
@given(logits, st.floats(-1e4, 1e4))
def test_softmax_does_not_see_a_shift(z: Array, c: float) -> None:
    assert softmax(z + c) == pytest.approx(softmax(z), abs=1e-11)
    assert logsumexp(z + c) == pytest.approx(logsumexp(z) + c, abs=1e-11)


@often
@given(logits)
def test_softmax_lies_in_the_simplex_and_keeps_the_order(z: Array) -> None:
    p = softmax(z)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1, abs=1e-15 * len(z))
    order = np.argsort(z, kind="stable")
    assert all(a <= b for a, b in pairwise(p[order]))
    assert log_softmax(z).max() <= 0
    assert z.max() <= logsumexp(z) <= z.max() + np.log(len(z)) + 1e-11


@often
@given(logits)
def test_the_rows_of_the_softmax_jacobian_sum_to_zero(z: Array) -> None:
    assert softmax_jacobian(z).sum(axis=-1) == pytest.approx(np.zeros(len(z)), abs=1e-15)


@often
@given(st.floats(-1e4, 1e4))
def test_symmetries_of_the_sigmoid_family(z: float) -> None:
    act = ACTIVATIONS
    assert act["sigmoid"](-z) == pytest.approx(1 - act["sigmoid"](z), abs=1e-15)
    assert act["tanh"](-z) == -act["tanh"](z)
    assert act["sigmoid"].df(z) == act["sigmoid"].df(-z)
    assert act["softplus"](z) - act["softplus"](-z) == pytest.approx(z, abs=1e-11)
    for name in ("swish", "gelu", "gelu_tanh", "relu"):  # z F(z) with F(z) + F(-z) = 1
        assert act[name](z) - act[name](-z) == pytest.approx(z, abs=1e-11)


@often
@given(activations, st.floats(-100, 100), st.floats(-100, 100))
def test_slopes_bound_the_growth(name: str, a: float, b: float) -> None:
    """The mean value theorem with the largest slope, 1.129 of gelu_tanh; selu's is 1.758."""
    act = ACTIVATIONS[name]
    lipschitz = 1.7581 if name == "selu" else 1.13
    assert abs(act(a) - act(b)) <= lipschitz * abs(a - b) + 1e-13


@often
@given(sizes, seeds, activations)
def test_permuting_hidden_units_changes_nothing(sizes: list[int], seed: int, act: str) -> None:
    params, X = _network([*sizes, 2], seed)
    (W1, b1), (W2, b2), *rest = params
    order = np.random.default_rng(seed).permutation(len(b1))
    permuted = ((W1[:, order], b1[order]), (W2[order], b2), *rest)
    assert predict(permuted, X, act) == pytest.approx(predict(params, X, act), rel=1e-9, abs=1e-9)


@often
@given(sizes, seeds, st.floats(1e-3, 1e3))
def test_relu_units_can_be_rescaled(sizes: list[int], seed: int, c: float) -> None:
    """(W1, b1, W2) -> (c W1, c b1, W2 / c), and the gradients scale inversely."""
    params, X = _network([*sizes, 2], seed)
    (W1, b1), (W2, b2), *rest = params
    scaled = ((c * W1, c * b1), (W2 / c, b2), *rest)
    out = predict(params, X)
    assert predict(scaled, X) == pytest.approx(out, rel=1e-9, abs=1e-9)
    y = np.zeros_like(out)
    before, after = _gradient(params, X, y, "relu"), _gradient(scaled, X, y, "relu")
    assert relative_error(after[0][0], before[0][0] / c) <= 1e-9
    assert relative_error(after[1][0], before[1][0] * c) <= 1e-9


@often
@given(sizes, seeds, st.floats(1e-3, 1e3), st.sampled_from(["relu", "leaky_relu", "identity"]))
def test_without_biases_the_network_is_homogeneous(
    sizes: list[int], seed: int, c: float, act: str
) -> None:
    params, X = _network(sizes, seed)
    params = tuple((W, np.zeros_like(b)) for W, b in params)
    out = predict(params, X, act)
    assert predict(params, c * X, act) == pytest.approx(c * out, rel=1e-9, abs=1e-9 * c)


@often
@given(sizes, seeds)
def test_without_activations_the_network_is_one_affine_map(sizes: list[int], seed: int) -> None:
    params, X = _network(sizes, seed)
    W, b = params[0]
    for W2, b2 in params[1:]:
        W, b = W @ W2, b @ W2 + b2
    assert predict(params, X, "identity") == pytest.approx(dense(X, W, b), rel=1e-9, abs=1e-9)


@often
@given(sizes, seeds, activations)
def test_a_batch_is_the_mean_of_its_examples(sizes: list[int], seed: int, act: str) -> None:
    params, X = _network(sizes, seed)
    y = np.random.default_rng(seed + 1).standard_normal((len(X), sizes[-1]))
    singles = [flatten(_gradient(params, X[i : i + 1], y[i : i + 1], act)) for i in range(len(X))]
    assert relative_error(flatten(_gradient(params, X, y, act)), np.mean(singles, axis=0)) <= 1e-12


@often
@given(sizes, seeds, activations, st.floats(-10, 10))
def test_the_gradient_of_a_sum_is_the_sum_of_the_gradients(
    sizes: list[int], seed: int, act: str, c: float
) -> None:
    """Of one loss plus c times another, by the parameters and by X."""
    params, X = _network(sizes, seed)
    out, cache = forward(params, X, act)
    y = np.random.default_rng(seed + 1).standard_normal(out.shape)
    douts = mse(out, y)[1], huber(out, -y)[1]
    both, *single = (backward(params, cache, d) for d in (douts[0] + c * douts[1], *douts))
    (first, dX1), (second, dX2) = single
    assert relative_error(flatten(both[0]), flatten(first) + c * flatten(second)) <= 1e-11
    assert relative_error(both[1], dX1 + c * dX2) <= 1e-11


@often
@given(sizes, seeds, activations)
def test_examples_do_not_see_each_other(sizes: list[int], seed: int, act: str) -> None:
    params, X = _network(sizes, seed)
    out = predict(params, X, act)
    for i in range(len(X)):
        alone = predict(params, X[i : i + 1], act)[0]
        assert alone == pytest.approx(out[i], rel=1e-12, abs=1e-12)
    order = np.random.default_rng(seed).permutation(len(X))
    assert predict(params, X[order], act) == pytest.approx(out[order], rel=1e-12, abs=1e-12)


@often
@given(seeds, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_the_column_convention_is_the_transpose(seed: int, m: int, n: int, k: int) -> None:
    """Textbooks with one example per column write Z = W A + b; that is this, transposed."""
    rng = np.random.default_rng(seed)
    X, W, b = rng.standard_normal((m, n)), rng.standard_normal((n, k)), rng.standard_normal(k)
    dZ = rng.standard_normal((m, k))
    column_Z = W.T @ X.T + b[:, None]
    column_dW, column_dA = dZ.T @ X, W @ dZ.T
    dX, dW, db = dense_vjp(X, W, dZ)
    assert pytest.approx(column_Z, rel=1e-12, abs=1e-12) == dense(X, W, b).T
    assert pytest.approx(column_dW, rel=1e-12, abs=1e-12) == dW.T
    assert pytest.approx(column_dA, rel=1e-12, abs=1e-12) == dX.T
    assert db == pytest.approx(dZ.T.sum(axis=1), rel=1e-12, abs=1e-12)


@often
@given(seeds, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_dense_vjp_is_the_adjoint(seed: int, m: int, n: int, k: int) -> None:
    """<dZ, change of Z> = <dX, change of X> + <dW, change of W> + <db, change of b>."""
    rng = np.random.default_rng(seed)
    X, W, dZ = rng.standard_normal((m, n)), rng.standard_normal((n, k)), rng.standard_normal((m, k))
    U, V, v = rng.standard_normal((m, n)), rng.standard_normal((n, k)), rng.standard_normal(k)
    dX, dW, db = dense_vjp(X, W, dZ)
    forward_side = (dZ * (U @ W + X @ V + v)).sum()
    backward_side = (dX * U).sum() + (dW * V).sum() + (db * v).sum()
    assert forward_side == pytest.approx(backward_side, rel=1e-9, abs=1e-9)


@often
@given(sizes, seeds)
def test_a_dead_relu_has_no_gradient(sizes: list[int], seed: int) -> None:
    params, X = _network([*sizes, 2], seed)
    grads = _gradient(params, X, np.zeros((len(X), 2)), "relu")
    for dead, (dW, db) in zip(dead_units(params, X), grads, strict=False):
        assert not dW[:, dead].any()
        assert not db[dead].any()


@often
@given(sizes, seeds)
def test_unflatten_undoes_flatten(sizes: list[int], seed: int) -> None:
    params, _ = _network(sizes, seed)
    vector = flatten(params)
    np.testing.assert_array_equal(flatten(unflatten(vector, params)), vector)


@often
@given(seeds, st.integers(1, 8), st.integers(1, 5))
def test_losses_are_not_negative_and_their_gradients_sum_as_they_must(
    seed: int, m: int, K: int
) -> None:
    rng = np.random.default_rng(seed)
    z, labels = 10 * rng.standard_normal((m, K)), rng.integers(0, K, m)
    value, dz = softmax_ce(z, labels)
    assert value >= 0
    assert dz.sum(axis=1) == pytest.approx(np.zeros(m), abs=1e-15)
    assert (dz[np.arange(m), labels] <= 0).all()
    y = rng.integers(0, 2, (m, K)).astype(np.float64)
    value, dz = bce_logits(z, y)
    assert value >= 0
    assert (np.where(y == 1, -dz, dz) >= 0).all()
    value, dz = mse(z, z)
    assert value == 0
    assert not dz.any()
