"""What JAX computes where nnref does: `python tests/nnref/jax_results.py` writes it down.

The second oracle, from PyTorch's inputs in torch_results.json, with formulas written anew and JAX's
own derivatives of them. It needs JAX, which the tests do not: see test_oracles.py.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax  # type: ignore[import-not-found] # nor is it among the packages for developing
import numpy as np
from jax import lax, nn
from jax import numpy as jnp

jax.config.update("jax_enable_x64", True)

FILE = Path(__file__).with_name("jax_results.json")
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z * 1,
    "sigmoid": nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": nn.relu,
    "leaky_relu": nn.leaky_relu,
    "elu": nn.elu,
    "selu": nn.selu,
    "softplus": nn.softplus,
    "swish": nn.silu,
    "gelu": lambda z: nn.gelu(z, approximate=False),
    "gelu_tanh": lambda z: nn.gelu(z, approximate=True),
    "hard_tanh": nn.hard_tanh,
}
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "mse": lambda z, y: jnp.mean((z - y) ** 2),
    "mae": lambda z, y: jnp.mean(jnp.abs(z - y)),
    "huber": lambda z, y: jnp.mean(
        jnp.where(jnp.abs(z - y) <= 1, (z - y) ** 2 / 2, jnp.abs(z - y) - 0.5)
    ),
    "hinge": lambda z, y: jnp.mean(nn.relu(1 - y * z)),
    "bce_logits": lambda z, y: -jnp.mean(y * nn.log_sigmoid(z) + (1 - y) * nn.log_sigmoid(-z)),
    "softmax_ce": lambda z, y: -jnp.mean((nn.log_softmax(z) * nn.one_hot(y, z.shape[1])).sum(1)),
}
SOFTMAX: dict[str, Callable[[Any], Any]] = {
    "softmax": nn.softmax,
    "log_softmax": nn.log_softmax,
    "logsumexp": lambda z: nn.logsumexp(z, axis=-1),
}


def main() -> None:
    """Compute everything and write it."""
    given = json.loads(FILE.with_name("torch_results.json").read_text(encoding="utf-8"))
    FILE.write_text(json.dumps(results(given)) + "\n", encoding="utf-8")


def results(given: dict[str, Any]) -> dict[str, Any]:
    """All that JAX has too, from the inputs of PyTorch's results, in their form."""
    layers = {name: _layer(name, entry) for name, entry in given["layers"].items()}
    computed = {
        "by": f"JAX {jax.__version__}",
        "activations": _activations(given["activations"]),
        "erf": _erf(given["erf"]),
        "softmax": _softmax(given["softmax"]),
        "losses": {name: _loss(name, entry) for name, entry in given["losses"].items()},
        "l2": _l2(given["l2"]),
        "layers": layers,
        "batch_norm_fixed": _batch_norm_fixed(given["batch_norm_fixed"]),
        "residual": _differentiated(_residual, given["residual"]),
        "network": _network(given["network"]),
    }
    plain: dict[str, Any] = json.loads(
        json.dumps(computed, default=lambda a: np.asarray(a).tolist())
    )
    return plain


def _activations(given: dict[str, Any]) -> dict[str, Any]:
    z = jnp.array(given["z"])
    return {"z": z, **{name: _with_gradient(f, z) for name, f in ACTIVATIONS.items()}}


def _with_gradient(f: Callable[[Any], Any], z: Any) -> dict[str, Any]:
    return {"value": f(z), "gradient": jax.grad(lambda z: f(z).sum())(z)}


def _erf(given: dict[str, Any]) -> dict[str, Any]:
    x = jnp.array(given["x"])
    return {"x": x, "erf": jax.scipy.special.erf(x), "erfc": jax.scipy.special.erfc(x)}


def _softmax(given: dict[str, Any]) -> dict[str, Any]:
    z = jnp.array(given["z"])
    jacobian = jax.jacobian(nn.softmax)(z[0])
    return {"z": z, "jacobian": jacobian, **{name: f(z) for name, f in SOFTMAX.items()}}


def _loss(name: str, given: dict[str, Any]) -> dict[str, Any]:
    z, y = jnp.array(given["z"]), jnp.array(given["y"])
    return {"z": z, "y": y, **_with_gradient(lambda z: LOSSES[name](z, y), z)}


def _l2(given: dict[str, Any]) -> dict[str, Any]:
    def penalty(Ws: Any) -> Any:
        return given["strength"] / 2 * sum((W**2).sum() for W in Ws)

    value, gradients = jax.value_and_grad(penalty)([jnp.array(W) for W in given["Ws"]])
    return given | {"value": value, "gradients": gradients}


def _differentiated(f: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    value, vjp = jax.vjp(f, *map(jnp.array, given["arguments"]))
    return given | {"value": value, "gradients": vjp(jnp.array(given["d"]))}


def _layer(name: str, given: dict[str, Any]) -> dict[str, Any]:
    kind, options = name.partition(" ")[0], given.get("options", {})
    return _differentiated(lambda *arguments: LAYERS[kind](*arguments, **options), given)


def _norm(X: Any, gamma: Any, beta: Any, axis: int) -> Any:
    centred = X - X.mean(axis, keepdims=True)
    return centred / jnp.sqrt(X.var(axis, keepdims=True) + 1e-5) * gamma + beta


def _conv(X: Any, W: Any, b: Any, *, stride: int, padding: int) -> Any:
    space = X.ndim - 2
    letters = "HW"[:space]
    return b + lax.conv_general_dilated(
        X,
        W,
        (stride,) * space,
        ((padding, padding),) * space,
        dimension_numbers=(f"N{letters}C", f"{letters}IO", f"N{letters}C"),
    )


def _max_pool(X: Any, *, size: int, stride: int | None) -> Any:
    space = X.ndim - 2
    window = (1, *(size,) * space, 1)
    steps = (1, *(stride or size,) * space, 1)
    return lax.reduce_window(X, -jnp.inf, lax.max, window, steps, "VALID")


def _rnn_cell(x: Any, h: Any, W: Any, U: Any, b: Any) -> Any:
    return jnp.tanh(x @ W + h @ U + b)


def _rnn(X: Any, h: Any, W: Any, U: Any, b: Any) -> Any:
    def step(h: Any, x: Any) -> Any:
        h = _rnn_cell(x, h, W, U, b)
        return h, h

    return jnp.moveaxis(lax.scan(step, h, jnp.moveaxis(X, 1, 0))[1], 0, 1)


LAYERS: dict[str, Callable[..., Any]] = {
    "dense": lambda X, W, b: X @ W + b,
    "batch_norm": lambda X, gamma, beta: _norm(X, gamma, beta, 0),
    "layer_norm": lambda X, gamma, beta: _norm(X, gamma, beta, 1),
    "conv": _conv,
    "max_pool": _max_pool,
    "rnn_cell": _rnn_cell,
    "rnn": _rnn,
    "embedding": lambda table, tokens: jnp.take(table, jnp.array(tokens), axis=0),
}


def _batch_norm_fixed(given: dict[str, Any]) -> dict[str, Any]:
    X, gamma, beta, mean, var = map(jnp.array, given["arguments"])
    return given | {
        "value": nn.standardize(X, mean=mean, variance=var, epsilon=1e-5) * gamma + beta
    }


def _residual(W1: Any, b1: Any, W2: Any, b2: Any, X: Any) -> Any:
    return X + jnp.tanh(X @ W1 + b1) @ W2 + b2


def _network(given: dict[str, Any]) -> dict[str, Any]:
    """The first loss and its gradients."""

    def loss(params: Any) -> Any:
        A = jnp.array(given["X"])
        for W, b in params[:-1]:
            A = nn.relu(A @ W + b)
        return LOSSES["softmax_ce"](A @ params[-1][0] + params[-1][1], jnp.array(given["labels"]))

    params = [[jnp.array(array) for array in pair] for pair in given["params"]]
    value, gradients = jax.value_and_grad(loss)(params)
    inputs = {name: given[name] for name in ("X", "labels", "params")}
    return {**inputs, "losses": [value], "gradients": gradients}


if __name__ == "__main__":
    main()
