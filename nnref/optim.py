"""Optimisers: the next parameters from these and a gradient.

Each is a function of parameters and gradients; those with a memory take it as `state`, None at
first, and give the next one back:

    params, state = adam(params, grads, state, lr=1e-3)

All work on the flat vector of parameters w and gradient g, where each is three lines of algebra,
and leave their arguments alone. Defaults and the place of epsilon are those of PyTorch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnref.arrays import Array, Params, require_like, require_number
from nnref.mlp import flatten, unflatten


@dataclass(frozen=True)
class State:
    """What an optimiser remembers from step to step."""

    step: int
    """How many steps it has taken."""
    moments: tuple[Array, ...]
    """Its running vectors, each `(P,)`, in the order of the paper's recurrences."""


Optimiser: TypeAlias = Callable[[Params, Params, State | None, float], tuple[Params, State]]
"""An optimiser with memory, its options at their defaults."""


def require_share(where: str, name: str, value: float) -> None:
    """Refuse a share of the past that is none: from 1 on a running mean forgets nothing, and grows.

    Shapes:  where, name, value  ->  None
    Raises:  ValueError unless 0 <= value < 1.
    Source:  Kingma and Ba, ICLR 2015, arXiv:1412.6980, algorithm 1.
    """
    if not 0 <= value < 1:
        raise ValueError(f"{where}: {name} must be in [0, 1), got {value}")


def sgd(params: Params, grads: Params, lr: float) -> Params:
    """One step of gradient descent, w - lr g.

    Shapes:  params, grads, lr  ->  params
    Raises:  TypeError unless floats; ValueError unless lr > 0, or if shapes differ.
    Source:  Robbins and Monro, Ann. Math. Statist. 22 (1951) 400-407.

    >>> params, grads = ((np.eye(1), np.ones(1)),), ((np.eye(1), np.ones(1)),)
    >>> sgd(params, grads, lr=0.5)
    ((array([[0.5]]), array([0.5])),)
    """
    w, g = _vectors("sgd", params, grads, lr)
    return unflatten(w - lr * g, params)


def momentum(
    params: Params, grads: Params, state: State | None, lr: float, *, beta: float = 0.9
) -> tuple[Params, State]:
    """Heavy ball: v = beta v + g, w - lr v. A constant gradient ends at steps lr g / (1 - beta).

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1-17.
    """
    w, g = _vectors("momentum", params, grads, lr)
    require_share("momentum", "beta", beta)
    t, (v,) = _resume("momentum", state, w, 1)
    v = beta * v + g
    return unflatten(w - lr * v, params), State(t, (v,))


def nesterov(
    params: Params, grads: Params, state: State | None, lr: float, *, beta: float = 0.9
) -> tuple[Params, State]:
    """Momentum that looks ahead: v = beta v + g, w - lr (g + beta v).

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Nesterov, Soviet Math. Dokl. 27 (1983) 372-376; in this form Sutskever, Martens, Dahl
             and Hinton, ICML 2013.
    """
    w, g = _vectors("nesterov", params, grads, lr)
    require_share("nesterov", "beta", beta)
    t, (v,) = _resume("nesterov", state, w, 1)
    v = beta * v + g
    return unflatten(w - lr * (g + beta * v), params), State(t, (v,))


def adagrad(
    params: Params, grads: Params, state: State | None, lr: float, *, eps: float = 1e-10
) -> tuple[Params, State]:
    """Each weight divided by the root of its sum of squared gradients: s = s + g^2.

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Duchi, Hazan and Singer, JMLR 12 (2011) 2121-2159.
    """
    w, g = _vectors("adagrad", params, grads, lr)
    require_number("adagrad", "eps", eps, 0)
    t, (s,) = _resume("adagrad", state, w, 1)
    s = s + g * g
    return unflatten(w - lr * g / (np.sqrt(s) + eps), params), State(t, (s,))


def rmsprop(  # noqa: PLR0913 -- the last two have defaults
    params: Params,
    grads: Params,
    state: State | None,
    lr: float,
    *,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Params, State]:
    """AdaGrad that forgets: s = alpha s + (1 - alpha) g^2.

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Tieleman and Hinton, Coursera lecture 6.5, 2012.
    """
    w, g = _vectors("rmsprop", params, grads, lr)
    require_number("rmsprop", "eps", eps, 0)
    require_share("rmsprop", "alpha", alpha)
    t, (s,) = _resume("rmsprop", state, w, 1)
    s = alpha * s + (1 - alpha) * g * g
    return unflatten(w - lr * g / (np.sqrt(s) + eps), params), State(t, (s,))


def adam(  # noqa: PLR0913 -- the last two have defaults
    params: Params,
    grads: Params,
    state: State | None,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Params, State]:
    """Momentum over RMSProp, both freed of the bias of starting at 0.

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Kingma and Ba, ICLR 2015, arXiv:1412.6980, algorithm 1.
    """
    w, g = _vectors("adam", params, grads, lr)
    require_number("adam", "eps", eps, 0)
    for beta in betas:
        require_share("adam", "each of betas", beta)
    t, (m, v) = _resume("adam", state, w, 2)
    m = betas[0] * m + (1 - betas[0]) * g
    v = betas[1] * v + (1 - betas[1]) * g * g
    m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
    return unflatten(w - lr * m_hat / (np.sqrt(v_hat) + eps), params), State(t, (m, v))


def adamw(
    params: Params,
    grads: Params,
    state: State | None,
    lr: float,
    *,
    decay: float = 0.01,
) -> tuple[Params, State]:
    """Adam with weight decay beside the gradient, not inside it: w (1 - lr decay) first.

    Shapes:  params, grads, state, lr  ->  params, state
    Raises:  TypeError unless floats; ValueError unless lr > 0, for an option that is negative, not
             finite or no share of the past, or if shapes differ.
    Source:  Loshchilov and Hutter, ICLR 2019, arXiv:1711.05101. Biases decay too, as in PyTorch.
    """
    w, _ = _vectors("adamw", params, grads, lr)
    require_number("adamw", "decay", decay, 0)
    return adam(unflatten(w * (1 - lr * decay), params), grads, state, lr)


OPTIMISERS: dict[str, Optimiser] = {
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}
"""Every optimiser with memory, by its name."""


def clip_by_norm(grads: Params, largest: float) -> tuple[Params, float]:
    """The gradients, scaled down if their joint norm exceeds the largest allowed, and that norm.

    Shapes:  grads, largest  ->  grads, norm
    Raises:  TypeError unless floats; ValueError unless largest > 0.
    Source:  Pascanu, Mikolov and Bengio, ICML 2013, algorithm 1.
    """
    if not largest > 0:
        raise ValueError(f"clip_by_norm: largest must be positive, got {largest}")
    g = flatten(grads)
    norm = float(np.sqrt((g * g).sum()))
    return unflatten(g * min(1.0, largest / norm) if norm else g, grads), norm


def _vectors(where: str, params: Params, grads: Params, lr: float) -> tuple[Array, Array]:
    """Parameters and gradient as new flat vectors, once they fit and the step is positive."""
    if not 0 < lr < math.inf:
        raise ValueError(f"{where}: lr must be positive and finite, got {lr}")
    require_like(where, params, grads)
    return flatten(params), flatten(grads)


def _resume(where: str, state: State | None, w: Array, count: int) -> tuple[int, tuple[Array, ...]]:
    """The number of the step about to be taken, and the moments: zeros at first."""
    if state is None:
        return 1, (np.zeros_like(w),) * count
    shapes = [moment.shape for moment in state.moments]
    if shapes != [w.shape] * count:
        raise ValueError(f"{where}: state holds vectors {shapes}, expected {[w.shape] * count}")
    return state.step + 1, state.moments
