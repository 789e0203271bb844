"""nnref computes what PyTorch does: torch_results.json holds its results, which this reads.

The file states the version that wrote it; torch_results.py, beside it, writes it anew.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnref import activations, fast, inplace, layers, losses, mlp, norms, optim, softmax
from nnref.arrays import Array, Params
from nnref.selfcheck import losses_of

RESULTS: dict[str, Any] = json.loads(
    Path(__file__).with_name("torch_results.json").read_text(encoding="utf-8")
)
LAYERS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "dense": (layers.dense, layers.dense_vjp),
    "batch_norm": (norms.batch_norm, norms.batch_norm_vjp),
    "layer_norm": (norms.layer_norm, norms.layer_norm_vjp),
}


def _agree(ours: Any, theirs: Any) -> None:
    """To 1e-12 of the value; near 0 to 1e-14, where 1 + erf has lost PyTorch its digits."""
    expected = np.asarray(theirs)
    assert np.shape(ours) == expected.shape
    np.testing.assert_allclose(np.asarray(ours), expected, rtol=1e-12, atol=1e-14)


def test_the_file_says_what_wrote_it() -> None:
    assert RESULTS["torch"].startswith("2.")


def test_the_file_knows_everything_that_pytorch_has_too() -> None:
    assert RESULTS["activations"].keys() - {"z"} == activations.ACTIVATIONS.keys()
    assert RESULTS["optimisers"].keys() - {"w", "gradients"} == inplace.OPTIMISERS.keys()
    assert RESULTS["losses"].keys() == losses_of(np.random.default_rng(0)).keys()


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_an_activation_and_its_slope(name: str) -> None:
    z, theirs = np.array(RESULTS["activations"]["z"]), RESULTS["activations"][name]
    _agree(activations.ACTIVATIONS[name](z), theirs["value"])
    _agree(activations.ACTIVATIONS[name].df(z), theirs["gradient"])


def test_softmax_and_its_kin() -> None:
    theirs = RESULTS["softmax"]
    z = np.array(theirs["z"])
    _agree(softmax.softmax(z), theirs["softmax"])
    _agree(softmax.log_softmax(z), theirs["log_softmax"])
    _agree(softmax.logsumexp(z), theirs["logsumexp"])
    _agree(softmax.softmax_jacobian(z[0]), theirs["jacobian"])


@pytest.mark.parametrize("name", RESULTS["losses"])
def test_a_loss_and_its_gradient(name: str) -> None:
    theirs = RESULTS["losses"][name]
    value, gradient = getattr(losses, name)(np.array(theirs["z"]), np.array(theirs["y"]))
    _agree(value, theirs["value"])
    _agree(gradient, theirs["gradient"])


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_and_its_gradients(name: str) -> None:
    (layer, vjp), theirs = LAYERS[name], RESULTS["layers"][name]
    arguments = [np.array(argument) for argument in theirs["arguments"]]
    _agree(layer(*arguments), theirs["value"])
    gradients = vjp(*arguments[:2], np.array(theirs["d"]))
    for ours, gradient in zip(gradients, theirs["gradients"], strict=True):
        _agree(ours, gradient)


def test_batch_norm_with_given_statistics() -> None:
    theirs = RESULTS["batch_norm_fixed"]
    _agree(norms.batch_norm_fixed(*map(np.array, theirs["arguments"])), theirs["value"])


@pytest.mark.parametrize("name", ["sgd", *optim.OPTIMISERS])
def test_twenty_steps_of_an_optimiser(name: str) -> None:
    params, state = _one_layer(np.array(RESULTS["optimisers"]["w"])), None
    for g, theirs in _steps(name):
        if name == "sgd":
            params = optim.sgd(params, _one_layer(g), 0.05)
        else:
            params, state = optim.OPTIMISERS[name](params, _one_layer(g), state, 0.05)
        _agree(mlp.flatten(params), theirs)


@pytest.mark.parametrize("name", inplace.OPTIMISERS)
def test_twenty_steps_of_an_optimiser_in_place(name: str) -> None:
    w = np.array(RESULTS["optimisers"]["w"])
    memory = inplace.remember(w, name)
    for g, theirs in _steps(name):
        inplace.OPTIMISERS[name](w, g, memory, 0.05)
        _agree(w, theirs)


def _steps(name: str) -> list[tuple[Array, list[float]]]:
    gradients = map(np.array, RESULTS["optimisers"]["gradients"])
    return list(zip(gradients, RESULTS["optimisers"][name], strict=True))


def _one_layer(vector: Array) -> Params:
    """A layer of three weights and a bias, whose flat vector this is."""
    return ((vector[:3].reshape(3, 1), vector[3:]),)


def test_fifty_steps_of_training() -> None:
    X, labels, params, theirs = _network()
    state = None
    for loss in theirs["losses"]:
        out, cache = mlp.forward(params, X)
        value, dout = losses.softmax_ce(out, labels)
        _agree(value, loss)
        params, state = optim.adam(params, mlp.backward(params, cache, dout)[0], state, 0.01)
    _agree_on_params(params, theirs["after"])


def test_fifty_steps_of_fast_training() -> None:
    X, labels, params, theirs = _network()
    net = fast.network(params, len(X))
    memory = inplace.remember(net.vector, "adam")
    for loss in theirs["losses"]:
        _agree(fast.gradient(net, X, labels), loss)
        inplace.adam(net.vector, net.gradient, memory, 0.01)
    _agree_on_params(net.params, theirs["after"])


def _network() -> tuple[Array, Array, Params, dict[str, Any]]:
    theirs = RESULTS["network"]
    params = tuple((np.array(W), np.array(b)) for W, b in theirs["params"])
    return np.array(theirs["X"]), np.array(theirs["labels"]), params, theirs


def _agree_on_params(ours: Params, theirs: list[list[Any]]) -> None:
    for (W, b), (their_W, their_b) in zip(ours, theirs, strict=True):
        _agree(W, their_W)
        _agree(b, their_b)
