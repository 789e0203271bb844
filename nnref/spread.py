"""How signals and gradients change their size from layer to layer."""

from dataclasses import dataclass

import numpy as np

from nnref.activations import Activation, relu
from nnref.arrays import Array, Params
from nnref.mlp import Cache, backward, forward

FLAT = 0.01
"""A slope below this in size counts as saturated: a hundredth of the steepest of tanh or ReLU."""


@dataclass(frozen=True)
class Spread:
    """Sizes by depth, one number per layer, first layer first."""

    signal: Array
    """Root mean square of the layer's pre-activations: `(L,)`."""
    gradient: Array
    """Root mean square of the loss gradient by the layer's input, first by X itself: `(L,)`.
    By the input, as a weight gradient is the product with a signal that may hide an explosion."""
    saturated: Array
    """Share of the layer's units and examples where the activation is flat: `(L,)`."""


def spread(params: Params, X: Array, dout: Array, act: Activation | str = relu) -> Spread:
    """The sizes that a batch and a gradient at the output have in every layer.

    Shapes:  params, X (m, n_0), dout (m, n_L)  ->  spread
    Raises:  as `nnref.mlp.forward` and `nnref.mlp.backward`.
    Source:  Glorot and Bengio, AISTATS 2010, figures 6 and 7.
    """
    _, cache = forward(params, X, act)
    gradients = [backward(params[l:], _from_layer(cache, l), dout)[1] for l in range(len(params))]
    slopes = [f.df(Z) for Z, f in zip(cache.pre_activations, cache.activations, strict=True)]
    return Spread(
        np.array([_rms(Z) for Z in cache.pre_activations]),
        np.array([_rms(dA) for dA in gradients]),
        np.array([np.mean(np.abs(slope) < FLAT) for slope in slopes]),
    )


def _from_layer(cache: Cache, l: int) -> Cache:
    """The cache of the network that begins with layer l."""
    return Cache(cache.inputs[l:], cache.pre_activations[l:], cache.activations[l:])


def _rms(a: Array) -> float:
    return float(np.sqrt(np.mean(a * a)))
