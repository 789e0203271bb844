"""Training on a page: shuffle, cut into batches, step, remember the loss."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnref.activations import Activation, relu
from nnref.arrays import Array, Params, Scalar, matrix, require_count, require_generator
from nnref.mlp import backward, flatten, forward
from nnref.optim import Optimiser, State, adam

Loss: TypeAlias = Callable[[Array, Array], tuple[Scalar, Array]]
"""From the network's output and the targets to the mean loss and its gradient by the output."""
Schedule: TypeAlias = Callable[[int], float]
"""From the number of steps taken to the learning rate of the next: see `nnref.schedules`."""


@dataclass(frozen=True)
class History:
    """What training left behind."""

    params: Params
    """The parameters after the last step."""
    losses: Array
    """The mean loss over each epoch's examples, as met before the step they caused: `(epochs,)`."""


def fit(  # noqa: PLR0913 -- a recipe has many ingredients; all but four have a default
    params: Params,
    X: Array,
    y: Array,
    loss: Loss,
    *,
    rng: np.random.Generator,
    act: Activation | str = relu,
    optimiser: Optimiser = adam,
    lr: float | Schedule = 1e-3,
    epochs: int = 100,
    batch: int = 32,
) -> History:
    """Minimise the mean loss over the examples by mini-batches in random order.

    Shapes:  params, X (m, n_0), y (m, n_L), loss, rng  ->  history
    Raises:  TypeError unless arrays and integers; ValueError if X and y differ in length, for a
             batch or epochs below 1, or when the parameters stop being finite, naming the step.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, algorithm 8.1.
    """
    require_generator("fit", rng)
    X = matrix("fit", "X", X)
    if not isinstance(y, np.ndarray):
        raise TypeError(f"fit: y must be a NumPy array, not {type(y).__name__}")
    if y.shape[:1] != X.shape[:1]:
        raise ValueError(f"fit: X {X.shape} and y {y.shape} must have as many examples")
    require_count("fit", "epochs", epochs, 1)
    require_count("fit", "batch", batch, 1)
    state: State | None = None
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        for part in _batches(len(X), batch, rng):
            out, cache = forward(params, X[part], act)
            value, dout = loss(out, y[part])
            grads, _ = backward(params, cache, dout)
            rate = lr(state.step if state else 0) if callable(lr) else lr
            params, state = optimiser(params, grads, state, rate)
            losses[epoch] += float(value) * len(part) / len(X)
            if not np.isfinite(flatten(params)).all():
                raise ValueError(f"fit: parameters are not finite after step {state.step}")
    return History(params, losses)


def _batches(m: int, size: int, rng: np.random.Generator) -> Iterator[Array]:
    """The indices 0..m-1 in random order, cut into pieces; the last may be smaller."""
    order = rng.permutation(m)
    for start in range(0, m, size):
        yield order[start : start + size]
