"""Dead units: which units are off on every example, and how often the others are on."""

import numpy as np

from nnref.activations import Activation, relu
from nnref.arrays import Array, Params, require_finite
from nnref.mlp import forward


def activity(params: Params, X: Array, act: Activation | str = relu) -> tuple[Array, ...]:
    """The share of examples on which each hidden unit is on, z > 0.

    Shapes:  params, X (m, n_0)  ->  shares
    Raises:  as `nnref.mlp.forward`; ValueError if a pre-activation is not finite.
    Source:  Maas, Hannun and Ng, ICML 2013, section 2, measure units' sparsity so.

    >>> params = ((np.array([[1.0, -1.0]]), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    >>> activity(params, np.array([[1.0], [2.0], [-1.0], [0.0]]))
    (array([0.5 , 0.25]),)
    """
    # (n_units,) each
    return tuple(np.mean(Z.real > 0, axis=0) for Z in _hidden("activity", params, X, act))


def dead_units(params: Params, X: Array, act: Activation | str = relu) -> tuple[Array, ...]:
    """Which hidden units are off, z <= 0, on every example: with ReLU no gradient reaches them.

    Shapes:  params, X (m, n_0)  ->  masks
    Raises:  as `nnref.mlp.forward`; ValueError if a pre-activation is not finite.
    Source:  Lu, Shin, Su and Karniadakis, arXiv:1903.06733.

    >>> params = ((np.array([[1.0, -1.0]]), np.zeros(2)), (np.ones((2, 1)), np.zeros(1)))
    >>> dead_units(params, np.array([[1.0], [2.0]]))
    (array([False,  True]),)
    """
    # (n_units,) each
    return tuple(np.all(Z.real <= 0, axis=0) for Z in _hidden("dead_units", params, X, act))


def _hidden(where: str, params: Params, X: Array, act: Activation | str) -> tuple[Array, ...]:
    """The pre-activations of the hidden layers, `(m, n_units)` each."""
    hidden = forward(params, X, act)[1].pre_activations[:-1]
    for l, Z in enumerate(hidden, 1):
        require_finite(where, f"Z{l}", Z)
    return hidden
