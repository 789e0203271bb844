"""A perceptron's gradient again, with every array allocated beforehand: for training.

`nnref.mlp` is the page to read; this is the same arithmetic for batches of one size, in arrays that
are there before the first step. All parameters are one vector, with W and b as views into it, so
that an optimiser of `nnref.inplace` takes its step in a few passes:

    net = network(params, batch=64)
    memory = remember(net.vector, "adam")
    for X, labels in batches:
        loss = gradient(net, X, labels)
        adam(net.vector, net.gradient, memory, lr=1e-3)

`net.params` are always up to date, and are what the readable functions take.
"""

from dataclasses import dataclass

import numpy as np

from nnref import losses
from nnref.activations import Activation, identity, relu
from nnref.aligned import zeros
from nnref.arrays import Array, Params, floats, require_count
from nnref.mlp import as_activation, flatten, require_params, unflatten
from nnref.overwrite import Activate, Loss, Measure, activation_on, loss_on


@dataclass(frozen=True)
class Layer:
    """One layer: views into the network's vectors, and arrays of its own."""

    W: Array
    """Weights, `(n_in, n_out)`: a view."""
    b: Array
    """Biases, `(n_out,)`: a view."""
    dW: Array  # noqa: N815 -- as in the formulas
    """The loss gradient by W: a view."""
    db: Array
    """The loss gradient by b: a view."""
    A: Array
    """The output, `(m, n_out)`, first of the affine map, then of the activation."""
    dA: Array  # noqa: N815 -- as in the formulas
    """The loss gradient by A, then by Z; of the last layer, A itself."""
    slope: Array
    """The activation's slope at Z, `(m, n_out)`."""
    activate: Activate
    """Applies the activation to A, and writes the slope."""


@dataclass(frozen=True)
class Network:
    """A perceptron in training on batches of one size; `network` makes it."""

    vector: Array
    """All parameters, `(P,)`, in the order of `nnref.mlp.flatten`."""
    params: Params
    """The same as `(W, b)` per layer: views."""
    gradient: Array
    """The loss gradient by the vector, `(P,)`."""
    layers: tuple[Layer, ...]
    """Its layers, input first."""
    measure: Measure
    """The loss of the last layer's A, which is turned into the gradient."""
    ones: Array
    """`(m,)`: the sum over a batch is a product with it."""
    act: Activation
    """The activation of all layers but the last, which has none."""
    loss: Loss
    """What is to be minimised."""


def network(
    params: Params, batch: int, act: Activation | str = relu, loss: Loss = losses.softmax_ce
) -> Network:
    """A copy of the parameters, and all that training on batches of that size needs.

    Shapes:  params, batch  ->  network
    Raises:  TypeError unless floats and batch an integer; ValueError if layers do not fit, for a
             batch below 1 or an unknown activation.
    Source:  the operations are those of `nnref.overwrite`.
    """
    require_params("network", params)
    given = flatten(params)
    vector, gradient = zeros(given.size, given.dtype), zeros(given.size, given.dtype)
    vector[...] = given
    act = as_activation("network", act)
    return _around("network", vector, gradient, params, batch, act, loss)


def rebatched(net: Network, batch: int) -> Network:
    """The same network for batches of another size: parameters and gradient are shared.

    Shapes:  net, batch  ->  network
    Raises:  TypeError unless batch is an integer; ValueError if it is below 1.
    Source:  the last batch of an epoch may be smaller.
    """
    return _around("rebatched", net.vector, net.gradient, net.params, batch, net.act, net.loss)


def gradient(net: Network, X: Array, y: Array) -> float:
    """The loss of a batch; afterwards `net.gradient` is its gradient by `net.vector`.

    Shapes:  net, X (m, n_0), y  ->  loss
    Raises:  TypeError unless X has the network's dtype; ValueError unless it has its batch's shape;
             for y, as the loss does.
    Source:  `nnref.mlp.forward` and `backward`, to a few roundings.
    """
    _require_batch(net, X)
    _forward(net, X)
    value = net.measure(y)
    _backward(net, X)
    return value


def _forward(net: Network, X: Array) -> None:
    A = X
    for layer in net.layers:
        np.dot(A, layer.W, layer.A)  # (m, n_in) (n_in, n_out)
        np.add(layer.A, layer.b, layer.A)
        layer.activate()
        A = layer.A


def _backward(net: Network, X: Array) -> None:
    for l in range(len(net.layers) - 1, -1, -1):
        layer, below = net.layers[l], net.layers[l - 1] if l else None
        A, dZ = X if below is None else below.A, layer.dA
        np.dot(A.T, dZ, layer.dW)  # (n_in, m) (m, n_out)
        np.dot(net.ones, dZ, layer.db)  # (m,) (m, n_out)
        if below is not None:
            np.dot(dZ, layer.W.T, below.dA)  # (m, n_out) (n_out, n_in)
            np.multiply(below.dA, below.slope, below.dA)


def _around(  # noqa: PLR0913, PLR0917 -- all that a network is made of
    where: str,
    vector: Array,
    gradient: Array,
    like: Params,
    batch: int,
    act: Activation,
    loss: Loss,
) -> Network:
    require_count(where, "batch", batch, 1)
    params, grads = unflatten(vector, like), unflatten(gradient, like)
    acts = (act,) * (len(params) - 1) + (identity,)
    layers: list[Layer] = []
    for (W, b), (dW, db), f in zip(params, grads, acts, strict=True):
        A = zeros((batch, b.size), vector.dtype)
        dA = A if len(layers) == len(params) - 1 else zeros(A.shape, A.dtype)
        activate, slope = activation_on(f, A)
        layers.append(Layer(W, b, dW, db, A, dA, slope, activate))
    measure, ones = loss_on(loss, layers[-1].A), np.ones(batch, vector.dtype)
    return Network(vector, params, gradient, tuple(layers), measure, ones, act, loss)


def _require_batch(net: Network, X: Array) -> None:
    X = floats("gradient", "X", X)
    shape = (net.ones.size, net.layers[0].W.shape[0])
    if X.shape != shape:
        raise ValueError(
            f"gradient: X {X.shape} must be {shape}, as the network; for another batch: rebatched"
        )
    if X.dtype != net.vector.dtype:
        raise TypeError(f"gradient: X has dtype {X.dtype}, the network {net.vector.dtype}")
