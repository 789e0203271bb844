"""The optimisers of `nnref.optim` again, in place: for training, where allocation is the cost.

Each changes the vector of parameters w and its memory, reads the gradient g, and allocates no
array:

    memory = remember(w, "adam")
    adam(w, g, memory, lr=1e-3)

The algebra is that of `nnref.optim`, arranged so that a step is a few passes over the vectors; the
results agree to a few roundings, for `sgd` and `momentum` bit for bit.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnref.aligned import zeros
from nnref.arrays import Array, floats, require_number, require_same_shape, require_writeable
from nnref.optim import require_share


@dataclass(frozen=True)
class Memory:
    """What an optimiser remembers from step to step, and the room it works in."""

    step: Array
    """How many steps it has taken, `()`."""
    moments: tuple[Array, ...]
    """Its running vectors, each `(P,)`."""
    scratch: Array
    """Intermediate results, `(P,)`."""


InPlace: TypeAlias = Callable[[Array, Array, Memory, float], None]
"""An optimiser that changes the parameters and its memory, its options at their defaults."""


def remember(w: Array, optimiser: str) -> Memory:
    """A memory for the optimiser of that name, which has not taken a step.

    Shapes:  w (P,), optimiser  ->  memory
    Raises:  TypeError unless floats; ValueError unless w is a vector, or for an unknown name.
    Source:  all moments start at 0, as in the papers.
    """
    if floats("remember", "w", w).ndim != 1:
        raise ValueError(f"remember: w {w.shape} must be one vector: nnref.mlp.flatten(params)")
    if optimiser not in OPTIMISERS:
        raise ValueError(f"remember: no optimiser {optimiser!r}; known: {', '.join(OPTIMISERS)}")
    *moments, scratch = (zeros(w.size, w.dtype) for _ in range(_MOMENTS[optimiser] + 1))
    return Memory(np.zeros((), dtype=np.int64), tuple(moments), scratch)


def sgd(w: Array, g: Array, memory: Memory, lr: float) -> None:
    """Change w to w - lr g.

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  TypeError unless floats; ValueError unless lr > 0, if shapes differ or w is read-only.
    Source:  `nnref.optim.sgd`, bit for bit.
    """
    _begin("sgd", w, g, memory, lr)
    _descend(w, g, lr, memory.scratch)


def momentum(w: Array, g: Array, memory: Memory, lr: float, *, beta: float = 0.9) -> None:
    """Heavy ball: v = beta v + g, w - lr v.

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.momentum`, bit for bit.
    """
    require_share("momentum", "beta", beta)
    _begin("momentum", w, g, memory, lr)
    (v,) = memory.moments
    v *= beta
    v += g
    _descend(w, v, lr, memory.scratch)


def nesterov(w: Array, g: Array, memory: Memory, lr: float, *, beta: float = 0.9) -> None:
    """Momentum that looks ahead: v = beta v + g, w - lr (g + beta v).

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.nesterov`, bit for bit.
    """
    require_share("nesterov", "beta", beta)
    _begin("nesterov", w, g, memory, lr)
    (v,), ahead = memory.moments, memory.scratch
    v *= beta
    v += g
    np.multiply(v, beta, out=ahead)
    ahead += g
    _descend(w, ahead, lr, ahead)


def adagrad(w: Array, g: Array, memory: Memory, lr: float, *, eps: float = 1e-10) -> None:
    """Each weight divided by the root of its sum of squared gradients: s = s + g^2.

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.adagrad`; the factor lr comes last, which moves the last digit.
    """
    require_number("adagrad", "eps", eps, 0)
    _begin("adagrad", w, g, memory, lr)
    (s,), scratch = memory.moments, memory.scratch
    np.multiply(g, g, out=scratch)
    s += scratch
    _descend_over_root(w, g, s, lr, eps, scratch)


def rmsprop(  # noqa: PLR0913 -- the last two have defaults
    w: Array, g: Array, memory: Memory, lr: float, *, alpha: float = 0.99, eps: float = 1e-8
) -> None:
    """AdaGrad that forgets: s = alpha s + (1 - alpha) g^2, kept as S = s / (1 - alpha).

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.rmsprop`, divided through by sqrt(1 - alpha).
    """
    require_share("rmsprop", "alpha", alpha)
    require_number("rmsprop", "eps", eps, 0)
    _begin("rmsprop", w, g, memory, lr)
    (S,), scratch = memory.moments, memory.scratch
    S *= alpha
    np.multiply(g, g, out=scratch)
    S += scratch
    root = math.sqrt(1 - alpha)  # sqrt(s) = root sqrt(S)
    _descend_over_root(w, g, S, lr / root, eps / root, scratch)


def adam(  # noqa: PLR0913 -- the last two have defaults
    w: Array,
    g: Array,
    memory: Memory,
    lr: float,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> None:
    """Adam on the moments M = m / (1 - beta1) and V = v / (1 - beta2): ten passes, not fourteen.

    The factors 1 - beta and the corrections of the bias are then numbers, not vectors:
    m_hat / (sqrt(v_hat) + eps) = M / (sqrt(V) + eps / c2) * c1 / c2.

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.adam`; Kingma and Ba, arXiv:1412.6980, end of section 2.
    """
    for beta in betas:
        require_share("adam", "each of betas", beta)
    require_number("adam", "eps", eps, 0)
    t = _begin("adam", w, g, memory, lr)
    (M, V), scratch = memory.moments, memory.scratch
    M *= betas[0]
    M += g
    V *= betas[1]
    np.multiply(g, g, out=scratch)
    V += scratch
    c1 = (1 - betas[0]) / (1 - betas[0] ** t)  # m_hat = c1 M
    c2 = math.sqrt((1 - betas[1]) / (1 - betas[1] ** t))  # sqrt(v_hat) = c2 sqrt(V)
    _descend_over_root(w, M, V, lr * c1 / c2, eps / c2, scratch)


def adamw(w: Array, g: Array, memory: Memory, lr: float, *, decay: float = 0.01) -> None:
    """Adam with weight decay beside the gradient, not inside it: w (1 - lr decay) first.

    Shapes:  w (P,), g (P,), memory, lr  ->  None
    Raises:  as `nnref.optim` does; ValueError if w is read-only.
    Source:  `nnref.optim.adamw`.
    """
    require_number("adamw", "decay", decay, 0)
    _require("adamw", w, g, memory, lr)
    w *= 1 - lr * decay
    adam(w, g, memory, lr)


OPTIMISERS: dict[str, InPlace] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adamw,
}
"""Every optimiser by its name."""

_MOMENTS = {
    "sgd": 0,
    "momentum": 1,
    "nesterov": 1,
    "adagrad": 1,
    "rmsprop": 1,
    "adam": 2,
    "adamw": 2,
}


def clip_by_norm(g: Array, largest: float) -> float:
    """Scale g down, in place, if its norm exceeds the largest allowed; the norm that it had.

    Shapes:  g (P,), largest  ->  norm
    Raises:  TypeError unless floats; ValueError unless largest > 0, for a matrix or a read-only g.
    Source:  `nnref.optim.clip_by_norm`.
    """
    if not largest > 0:
        raise ValueError(f"clip_by_norm: largest must be positive, got {largest}")
    require_writeable("clip_by_norm", "g", g)
    if g.ndim != 1:
        raise ValueError(f"clip_by_norm: g {g.shape} must be one vector: nnref.mlp.flatten(grads)")
    norm = math.sqrt(np.dot(g, g))
    if norm > largest:
        g *= largest / norm
    return norm


def _descend(w: Array, direction: Array, lr: float, scratch: Array) -> None:
    """Take w - lr direction."""
    np.multiply(direction, lr, out=scratch)
    w -= scratch


def _descend_over_root(  # noqa: PLR0913, PLR0917 -- the six letters of one formula
    w: Array, direction: Array, square: Array, lr: float, eps: float, scratch: Array
) -> None:
    """Take w - lr direction / (sqrt(square) + eps)."""
    np.sqrt(square, out=scratch)
    scratch += eps
    np.divide(direction, scratch, out=scratch)
    scratch *= lr
    w -= scratch


def _begin(where: str, w: Array, g: Array, memory: Memory, lr: float) -> int:
    """Check the arguments and count the step."""
    _require(where, w, g, memory, lr)
    memory.step[()] += 1
    return int(memory.step)


def _require(where: str, w: Array, g: Array, memory: Memory, lr: float) -> None:
    if not 0 < lr < math.inf:
        raise ValueError(f"{where}: lr must be positive and finite, got {lr}")
    require_writeable(where, "w", w)
    require_same_shape(where, "w", w, "g", floats(where, "g", g))
    require_same_shape(where, "w", w, "memory", memory.scratch)
    if len(memory.moments) != _MOMENTS[where]:
        raise ValueError(
            f"{where}: memory holds {len(memory.moments)} moments, expected {_MOMENTS[where]}: "
            f'remember(w, "{where}")'
        )
