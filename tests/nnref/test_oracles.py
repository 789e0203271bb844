"""nnref computes what PyTorch and JAX compute: torch_results.json and jax_results.json hold it.

The files state the versions that wrote them; the scripts beside them write them anew. Where PyTorch
or JAX is installed (`make oracles`), they are asked again, from another seed.
"""

import importlib
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnref import (
    activations,
    convolution,
    embedding,
    erf,
    fast,
    inplace,
    layers,
    losses,
    mlp,
    norms,
    optim,
    recurrent,
    residual,
    schedules,
    softmax,
)
from nnref.arrays import Array, Params
from nnref.selfcheck import losses_of

Results = dict[str, Any]


def _file(name: str) -> Results:
    text = Path(__file__).with_name(f"{name}_results.json").read_text(encoding="utf-8")
    results: Results = json.loads(text)
    return results


TORCH, JAX = _file("torch"), _file("jax")
SOURCES = [TORCH, JAX]
if find_spec("torch"):
    SOURCES.append(importlib.import_module("tests.nnref.torch_results").results(seed=1))
if find_spec("jax"):
    SOURCES.append(importlib.import_module("tests.nnref.jax_results").results(SOURCES[-1]))


def _cases(kind: str) -> pytest.MarkDecorator:
    """Every entry of a kind in every source that has it."""
    return pytest.mark.parametrize(
        "theirs",
        [
            pytest.param(entry | {"name": name, "of": results}, id=f"{results['by']}: {name}")
            for results in SOURCES
            for name, entry in results.get(kind, {}).items()
            if isinstance(entry, dict)
        ],
    )


def _each(kind: str) -> pytest.MarkDecorator:
    """The one entry of a kind in every source that has it."""
    sources = [results for results in SOURCES if kind in results]
    return pytest.mark.parametrize("results", sources, ids=lambda results: results["by"])


def _agree(ours: Any, theirs: Any) -> None:
    """To 1e-12 of the value; near 0 to 1e-14, where 1 + erf has lost PyTorch its digits."""
    expected = np.asarray(theirs)
    assert np.shape(ours) == expected.shape
    np.testing.assert_allclose(np.asarray(ours), expected, rtol=1e-12, atol=1e-14)


def test_the_files_say_what_wrote_them() -> None:
    assert TORCH["by"].startswith("PyTorch 2.")
    assert JAX["by"].startswith("JAX 0.")


def test_the_files_know_everything_that_pytorch_has_too() -> None:
    losses_there = losses_of(np.random.default_rng(0)).keys()
    for results in (TORCH, JAX):
        assert results["activations"].keys() - {"z"} == activations.ACTIVATIONS.keys()
        assert results["losses"].keys() == losses_there
        kinds = {name.partition(" ")[0] for name in results["layers"]}
        assert kinds == VJPS.keys()
    assert TORCH["optimisers"].keys() - {"w", "gradients"} == inplace.OPTIMISERS.keys()
    assert TORCH["schedules"].keys() == RATES.keys()


@_cases("activations")
def test_an_activation_and_its_slope(theirs: Results) -> None:
    act, z = activations.ACTIVATIONS[theirs["name"]], np.array(theirs["of"]["activations"]["z"])
    _agree(act(z), theirs["value"])
    asked = np.full(z.shape, True)
    if theirs["of"]["by"].startswith("JAX"):  # which chooses otherwise at kinks
        asked = ~np.isin(z, act.kinks)
    _agree(act.df(z)[asked], np.array(theirs["gradient"])[asked])


@_each("erf")
def test_the_error_function(results: Results) -> None:
    theirs = results["erf"]
    x = np.array(theirs["x"])
    _agree(erf.erf(x), theirs["erf"])
    _agree(erf.erfc(x), theirs["erfc"])


@_each("softmax")
def test_softmax_and_its_kin(results: Results) -> None:
    theirs = results["softmax"]
    z = np.array(theirs["z"])
    _agree(softmax.softmax(z), theirs["softmax"])
    _agree(softmax.log_softmax(z), theirs["log_softmax"])
    _agree(softmax.logsumexp(z), theirs["logsumexp"])
    _agree(softmax.softmax_jacobian(z[0]), theirs["jacobian"])


@_cases("losses")
def test_a_loss_and_its_gradient(theirs: Results) -> None:
    loss = getattr(losses, theirs["name"])
    value, gradient = loss(np.array(theirs["z"]), np.array(theirs["y"]))
    _agree(value, theirs["value"])
    _agree(gradient, theirs["gradient"])


@_each("l2")
def test_weight_decay(results: Results) -> None:
    theirs = results["l2"]
    params = tuple((np.array(W), np.ones(len(W[0]))) for W in theirs["Ws"])
    value, grads = losses.l2(params, theirs["strength"])
    _agree(value, theirs["value"])
    for (dW, _), gradient in zip(grads, theirs["gradients"], strict=True):
        _agree(dW, gradient)


FORWARD: dict[str, Callable[..., Array]] = {
    "dense": layers.dense,
    "batch_norm": norms.batch_norm,
    "layer_norm": norms.layer_norm,
    "conv": convolution.conv,
    "max_pool": convolution.max_pool,
    "rnn_cell": recurrent.rnn_cell,
    "rnn": recurrent.rnn,
    "embedding": embedding.embedding,
}
# vjp(d, value, *arguments, **options)
VJPS: dict[str, Callable[..., Any]] = {
    "dense": lambda d, Z, X, W, b: layers.dense_vjp(X, W, d),
    "batch_norm": lambda d, Y, X, gamma, beta: norms.batch_norm_vjp(X, gamma, d),
    "layer_norm": lambda d, Y, X, gamma, beta: norms.layer_norm_vjp(X, gamma, d),
    "conv": lambda d, Z, X, W, b, **options: convolution.conv_vjp(X, W, d, **options),
    "max_pool": lambda d, Z, X, size, stride: (
        convolution.max_pool_vjp(X, size, d, stride=stride),
    ),
    "rnn_cell": lambda d, h_next, x, h, W, U, b: recurrent.rnn_cell_vjp(x, h, W, U, h_next, d),
    "rnn": lambda d, H, X, h, W, U, b: recurrent.rnn_vjp(X, h, W, U, H, d),
    "embedding": lambda d, E, table, tokens: (embedding.embedding_vjp(table, tokens, d),),
}


@_cases("layers")
def test_a_layer_and_its_gradients(theirs: Results) -> None:
    name = theirs["name"].partition(" ")[0]
    given = [np.array(argument) for argument in theirs["arguments"]]
    options = theirs.get("options", {})
    if name == "embedding":
        options = {"tokens": np.array(options["tokens"])}
    value = FORWARD[name](*given, **options)
    _agree(value, theirs["value"])
    gradients = VJPS[name](np.array(theirs["d"]), value, *given, **options)
    for ours, gradient in zip(gradients, theirs["gradients"], strict=True):
        _agree(ours, gradient)


@_each("batch_norm_fixed")
def test_batch_norm_with_given_statistics(results: Results) -> None:
    theirs = results["batch_norm_fixed"]
    _agree(norms.batch_norm_fixed(*map(np.array, theirs["arguments"])), theirs["value"])


@_each("residual")
def test_a_residual_block(results: Results) -> None:
    theirs = results["residual"]
    W1, b1, W2, b2, X = map(np.array, theirs["arguments"])
    params = ((W1, b1), (W2, b2))
    Y, cache = residual.residual(params, X, "tanh")
    _agree(Y, theirs["value"])
    ((dW1, db1), (dW2, db2)), dX = residual.residual_vjp(params, cache, np.array(theirs["d"]))
    for ours, gradient in zip((dW1, db1, dW2, db2, dX), theirs["gradients"], strict=True):
        _agree(ours, gradient)


@_each("optimisers")
@pytest.mark.parametrize("name", ["sgd", *optim.OPTIMISERS])
def test_twenty_steps_of_an_optimiser(results: Results, name: str) -> None:
    params, state = _one_layer(np.array(results["optimisers"]["w"])), None
    for g, theirs in _steps(results, name):
        if name == "sgd":
            params = optim.sgd(params, _one_layer(g), 0.05)
        else:
            params, state = optim.OPTIMISERS[name](params, _one_layer(g), state, 0.05)
        _agree(mlp.flatten(params), theirs)


@_each("optimisers")
@pytest.mark.parametrize("name", inplace.OPTIMISERS)
def test_twenty_steps_of_an_optimiser_in_place(results: Results, name: str) -> None:
    w = np.array(results["optimisers"]["w"])
    memory = inplace.remember(w, name)
    for g, theirs in _steps(results, name):
        inplace.OPTIMISERS[name](w, g, memory, 0.05)
        _agree(w, theirs)


def _steps(results: Results, name: str) -> list[tuple[Array, list[float]]]:
    gradients = map(np.array, results["optimisers"]["gradients"])
    return list(zip(gradients, results["optimisers"][name], strict=True))


def _one_layer(vector: Array) -> Params:
    """A layer of several weights and a bias, whose flat vector this is."""
    return ((vector[:-1].reshape(-1, 1), vector[-1:]),)


@_each("clip_by_norm")
def test_clipping(results: Results) -> None:
    theirs = results["clip_by_norm"]
    g = np.array(theirs["g"])
    clipped, norm = optim.clip_by_norm(_one_layer(g), theirs["largest"])
    _agree(norm, theirs["norm"])
    _agree(inplace.clip_by_norm(g, theirs["largest"]), theirs["norm"])
    _agree(g, mlp.flatten(clipped))
    np.testing.assert_allclose(g, theirs["clipped"], rtol=1e-6)  # PyTorch adds 1e-6 to the norm


RATES: dict[str, Callable[[int], float]] = {
    "step_decay": lambda step: schedules.step_decay(step, 7, 0.1, factor=0.3),
    "cosine": lambda step: schedules.cosine(step, 20, 0.1, floor=0.01),
    "warm_up": lambda step: schedules.warm_up(step, 20, 0.1),
}


@_each("schedules")
@pytest.mark.parametrize("name", RATES)
def test_twenty_rates_of_a_schedule(results: Results, name: str) -> None:
    _agree([RATES[name](step) for step in range(20)], results["schedules"][name])


@_each("network")
def test_the_gradients_of_a_network(results: Results) -> None:
    X, labels, params = _network(results)
    out, cache = mlp.forward(params, X)
    value, dout = losses.softmax_ce(out, labels)
    _agree(value, results["network"]["losses"][0])
    _agree_on_params(mlp.backward(params, cache, dout)[0], results["network"]["gradients"])


trained = pytest.mark.parametrize(
    "results", [r for r in SOURCES if "optimisers" in r], ids=lambda results: results["by"]
)


@trained
def test_fifty_steps_of_training(results: Results) -> None:
    X, labels, params = _network(results)
    state = None
    for loss in results["network"]["losses"]:
        out, cache = mlp.forward(params, X)
        value, dout = losses.softmax_ce(out, labels)
        _agree(value, loss)
        params, state = optim.adam(params, mlp.backward(params, cache, dout)[0], state, 0.01)
    _agree_on_params(params, results["network"]["after"])


@trained
def test_fifty_steps_of_fast_training(results: Results) -> None:
    X, labels, params = _network(results)
    net = fast.network(params, len(X))
    memory = inplace.remember(net.vector, "adam")
    for loss in results["network"]["losses"]:
        _agree(fast.gradient(net, X, labels), loss)
        inplace.adam(net.vector, net.gradient, memory, 0.01)
    _agree_on_params(net.params, results["network"]["after"])


def _network(results: Results) -> tuple[Array, Array, Params]:
    given = results["network"]
    params = tuple((np.array(W), np.array(b)) for W, b in given["params"])
    return np.array(given["X"]), np.array(given["labels"]), params


def _agree_on_params(ours: Params, theirs: list[list[Any]]) -> None:
    for (W, b), (their_W, their_b) in zip(ours, theirs, strict=True):
        _agree(W, their_W)
        _agree(b, their_b)
