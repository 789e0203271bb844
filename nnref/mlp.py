"""The multilayer perceptron: a forward pass that keeps what the backward pass needs."""

from dataclasses import dataclass

import numpy as np

from nnref.activations import ACTIVATIONS, Activation, identity, relu
from nnref.arrays import (
    Array,
    Params,
    floats,
    matrix,
    require_finite,
    require_pairs,
    require_same_shape,
)
from nnref.layers import dense, dense_vjp


@dataclass(frozen=True)
class Cache:
    """What a forward pass computed, layer by layer."""

    inputs: tuple[Array, ...]
    """The input of each layer, `(m, n_in)`: first X itself, then the activations."""
    pre_activations: tuple[Array, ...]
    """Z of each layer, `(m, n_out)`."""
    activations: tuple[Activation, ...]
    """The activation applied to each Z."""


def forward(
    params: Params,
    X: Array,
    act: Activation | str = relu,
    *,
    out_act: Activation | str = identity,
) -> tuple[Array, Cache]:
    """The network's output, and the cache from which `backward` computes its gradient.

    Shapes:  params, X (m, n_0)  ->  out (m, n_L), cache
    Raises:  TypeError unless floats; ValueError if a layer does not fit, naming it, for no layer,
             an empty batch or an unknown activation.
    Source:  Rumelhart, Hinton and Williams, Nature 323 (1986) 533-536.

    >>> params = ((np.eye(2), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    >>> forward(params, np.array([[1.0, -1.0]]))[0]  # relu drops the -1
    array([[1.]])
    """
    require_params("forward", params, matrix("forward", "X", X))
    hidden, last = as_activation("forward", act), as_activation("forward", out_act)
    acts = (hidden,) * (len(params) - 1) + (last,)
    A, inputs, pre_activations = X, [], []
    for (W, b), f in zip(params, acts, strict=True):
        Z = dense(A, W, b)  # (m, n_out)
        inputs.append(A)
        pre_activations.append(Z)
        A = f(Z)  # (m, n_out)
    return A, Cache(tuple(inputs), tuple(pre_activations), acts)


def backward(params: Params, cache: Cache, dout: Array) -> tuple[Params, Array]:
    """The loss gradients by all parameters and by X, from its gradient by the output.

    Shapes:  params, cache, dout (m, n_L)  ->  grads, dX (m, n_0)
    Raises:  TypeError unless floats; ValueError if dout has not the output's shape or the cache
             belongs to a network of other sizes.
    Source:  Rumelhart, Hinton and Williams, Nature 323 (1986) 533-536.
    """
    require_params("backward", params, cache.inputs[0])
    if len(params) != len(cache.inputs):
        raise ValueError(
            f"backward: params have {len(params)} layers, the cache has {len(cache.inputs)}"
        )
    for l, ((_, b), Z) in enumerate(zip(params, cache.pre_activations, strict=True), 1):
        if b.shape != Z.shape[1:]:
            raise ValueError(f"backward: b{l} {b.shape} must be {Z.shape[1:]}, as in the cache")
    dA = matrix("backward", "dout", dout)
    require_same_shape("backward", "dout", dA, "the output", cache.pre_activations[-1])
    grads: Params = ()
    layers = zip(params, cache.inputs, cache.pre_activations, cache.activations, strict=True)
    for (W, _), A, Z, f in reversed(list(layers)):
        dZ = dA * f.df(Z)  # (m, n_out)
        dA, dW, db = dense_vjp(A, W, dZ)  # (m, n_in), (n_in, n_out), (n_out,)
        grads = ((dW, db), *grads)
    return grads, dA


def predict(
    params: Params,
    X: Array,
    act: Activation | str = relu,
    *,
    out_act: Activation | str = identity,
) -> Array:
    """The network's output alone.

    Shapes:  params, X (m, n_0)  ->  out (m, n_L)
    Raises:  as `forward`.
    Source:  as `forward`.
    """
    return forward(params, X, act, out_act=out_act)[0]


def flatten(params: Params) -> Array:
    """All parameters as one new vector: W1 by rows, b1, W2, ...

    Shapes:  params  ->  vector (P,)
    Raises:  as `require_params`.
    Source:  the order of `torch.nn.utils.parameters_to_vector`.
    """
    require_params("flatten", params)
    return np.concatenate([array.ravel() for pair in params for array in pair])


def unflatten(vector: Array, like: Params) -> Params:
    """The parameters that `flatten` gave, with the shapes of `like`: views into the vector.

    Shapes:  vector (P,), like  ->  params
    Raises:  TypeError unless floats; ValueError unless the vector has `n_params(like)` elements.
    Source:  inverse of `flatten`.
    """
    vector = floats("unflatten", "vector", vector)
    require_params("unflatten", like)
    size = sum(W.size + b.size for W, b in like)
    if vector.shape != (size,):
        raise ValueError(f"unflatten: vector {vector.shape} must be {(size,)}, as like")
    params: Params = ()
    start = 0
    for W, b in like:
        middle, end = start + W.size, start + W.size + b.size
        params = (*params, (vector[start:middle].reshape(W.shape), vector[middle:end]))
        start = end
    return params


def n_params(params: Params) -> int:
    """How many numbers the network has to learn.

    Shapes:  params  ->  count
    Raises:  as `require_params`.
    Source:  the sum over layers of (n_in + 1) n_out.
    """
    require_params("n_params", params)
    return sum(W.size + b.size for W, b in params)


def as_activation(where: str, act: Activation | str) -> Activation:
    """The activation itself, or the one of that name.

    Shapes:  where, act  ->  activation
    Raises:  ValueError for an unknown name, listing the known.
    Source:  `nnref.activations.ACTIVATIONS`.
    """
    if isinstance(act, Activation):
        return act
    if act not in ACTIVATIONS:
        raise ValueError(f"{where}: no activation {act!r}; known: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[act]


def require_params(where: str, params: Params, X: Array | None = None) -> None:
    """Refuse parameters whose layers do not fit each other, or X.

    Shapes:  where, params  ->  None
    Raises:  TypeError unless floats; ValueError for no layer, or naming the one that does not fit.
    Source:  the layers' contract, `nnref.layers.dense`.
    """
    require_pairs(where, "", params)
    before = "X" if X is None else f"X {X.shape}"
    n_in = matrix(where, "W1", params[0][0]).shape[0] if X is None else X.shape[1]
    for l, (W, b) in enumerate(params, 1):
        matrix(where, f"W{l}", W)
        if W.shape[0] != n_in:
            raise ValueError(
                f"{where}: {before} @ W{l} {W.shape}: inner sizes {n_in} and {W.shape[0]} differ"
            )
        if b.shape != W.shape[1:]:
            raise ValueError(f"{where}: b{l} {b.shape} must be {W.shape[1:]}, as W{l} {W.shape}")
        before, n_in = f"W{l} {W.shape}", W.shape[1]


def require_finite_params(where: str, params: Params) -> None:
    """Refuse parameters that do not fit each other, or are NaN or infinite.

    Shapes:  where, params  ->  None
    Raises:  as `require_params`; ValueError for a number that is not finite, naming it.
    Source:  geometry asks on which side a point lies, and NaN is on none.
    """
    require_params(where, params)
    for l, (W, b) in enumerate(params, 1):
        require_finite(where, f"W{l}", W)
        require_finite(where, f"b{l}", b)
