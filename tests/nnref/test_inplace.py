"""The optimisers in place take the steps of `nnref.optim`, and touch only what they should."""

from typing import Any

import numpy as np
import pytest

from nnref import inplace, optim
from nnref.arrays import Array, Params
from nnref.inplace import OPTIMISERS, adam, clip_by_norm, remember
from nnref.mlp import flatten
from tests.nnref.allocated import allocated

EXACT = ("sgd", "momentum", "nesterov")


def _as_params(vector: Array) -> Params:
    return ((vector[:-1].reshape(-1, 1), vector[-1:]),)


def _readable_steps(name: str, w: Array, gradients: Array, lr: float) -> list[Array]:
    params, state, path = _as_params(w), None, []
    for g in gradients:
        if name == "sgd":
            params = optim.sgd(params, _as_params(g), lr)
        else:
            params, state = optim.OPTIMISERS[name](params, _as_params(g), state, lr)
        path.append(flatten(params))
    return path


def _start(dtype: Any) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    gradients = rng.standard_normal((50, 9)) * 10.0 ** np.arange(-10, 8, 2)
    gradients[:, 0] = 0  # a weight without a gradient
    return rng.standard_normal(9).astype(dtype), gradients.astype(dtype)


def test_there_is_one_for_each_readable_optimiser() -> None:
    assert OPTIMISERS.keys() == {"sgd", *optim.OPTIMISERS}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_fifty_steps_are_those_of_the_readable_form(name: str, dtype: Any) -> None:
    w, gradients = _start(dtype)
    memory = remember(w, name)
    for g, expected in zip(
        gradients, _readable_steps(name, w.copy(), gradients, 0.05), strict=True
    ):
        OPTIMISERS[name](w, g, memory, 0.05)
        if name in EXACT:
            np.testing.assert_array_equal(w, expected)
        else:
            np.testing.assert_allclose(w, expected, rtol=0, atol=100 * np.finfo(dtype).eps)
    assert int(memory.step) == 50
    assert w.dtype == dtype


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_gradient_is_left_alone(name: str) -> None:
    w, gradients = _start(np.float64)
    memory, before = remember(w, name), gradients.copy()
    gradients.flags.writeable = False
    for g in gradients:
        OPTIMISERS[name](w, g, memory, 0.05)
    np.testing.assert_array_equal(gradients, before)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_step_allocates_no_array(name: str) -> None:
    w, g = np.ones((2, 10_000), np.float32)
    memory = remember(w, name)
    OPTIMISERS[name](w, g, memory, 0.05)
    assert allocated(lambda: OPTIMISERS[name](w, g, memory, 0.05)) < w.nbytes / 10
    assert allocated(lambda: clip_by_norm(g, 0.1)) < w.nbytes / 10


def test_a_norm_is_clipped_in_place_to_the_largest_and_told() -> None:
    g = np.array([3.0, 4.0])
    assert clip_by_norm(g, 10.0) == 5.0
    np.testing.assert_array_equal(g, [3, 4])
    assert clip_by_norm(g, 1.0) == 5.0
    np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-15)
    assert clip_by_norm(np.zeros(2), 1.0) == 0.0
    with pytest.raises(ValueError, match="clip_by_norm: largest must be positive, got 0"):
        clip_by_norm(g, 0)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("lr", [0.0, -1.0, float("inf"), float("nan")])
def test_a_step_size_that_is_none_is_refused(name: str, lr: float) -> None:
    w = np.ones(2)
    with pytest.raises(ValueError, match=f"{name}: lr must be positive and finite, got {lr}"):
        OPTIMISERS[name](w, w, remember(w, name), lr)
    np.testing.assert_array_equal(w, 1)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_what_does_not_fit_is_named(name: str) -> None:
    w, memory = np.ones(2), remember(np.ones(2), name)
    with pytest.raises(ValueError, match=rf"{name}: w \(2,\) and g \(1,\) must have one shape"):
        OPTIMISERS[name](w, np.ones(1), memory, 1.0)
    with pytest.raises(ValueError, match=rf"{name}: w \(3,\) and memory \(2,\) must have one"):
        OPTIMISERS[name](np.ones(3), np.ones(3), memory, 1.0)


def test_a_memory_of_another_optimiser_is_refused() -> None:
    w = np.ones(2)
    message = r'adam: memory holds 1 moments, expected 2: remember\(w, "adam"\)'
    with pytest.raises(ValueError, match=message):
        adam(w, w, remember(w, "momentum"), 1.0)


def test_what_cannot_be_remembered_is_named() -> None:
    with pytest.raises(ValueError, match="remember: no optimiser 'adan'; known: sgd, momentum"):
        remember(np.ones(2), "adan")
    with pytest.raises(ValueError, match=r"remember: w \(2, 2\) must be one vector"):
        remember(np.ones((2, 2)), "adam")
    with pytest.raises(TypeError, match="remember: w has dtype int64"):
        remember(np.ones(2, np.int64), "adam")


def test_every_optimiser_of_the_module_is_in_its_table() -> None:
    steps = [f for f in vars(inplace).values() if getattr(f, "__annotations__", {}).get("memory")]
    public = [f for f in steps if not f.__name__.startswith("_")]
    assert public == list(OPTIMISERS.values())
