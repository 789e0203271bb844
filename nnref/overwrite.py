"""Activations and losses that overwrite the array they are made for: the parts of `nnref.fast`.

Each function here takes an array once and gives back the operation on it, which allocates nothing
when it runs: what it needs beside the array is allocated with it. Activations whose slope follows
from their value and the losses of most training have such a form; any other is called as it stands
in its module and its result copied.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np

from nnref import losses
from nnref.activations import Activation
from nnref.arrays import Array, Scalar, matrix, require_same_shape, require_writeable

Loss: TypeAlias = Callable[[Array, Array], tuple[Scalar, Array]]
"""A loss of `nnref.losses`: from output and targets to its value and gradient by the output."""
Activate: TypeAlias = Callable[[], None]
"""Turns the array from z into f(z), and the slope that belongs to it into f'(z)."""
Measure: TypeAlias = Callable[[Array], float]
"""From the targets to the loss of the array, which is turned into the gradient by itself."""


def activation_on(act: Activation, A: Array) -> tuple[Activate, Array]:
    """The activation as an operation on A, and the array in which it leaves the slope.

    Shapes:   act, A (...)  ->  activate, slope
    Numerics: an infinite z is not provided for: relu(-inf) is NaN here, 0 in `nnref.activations`.
    Raises:   TypeError unless floats; ValueError unless A is contiguous and writeable.
    Source:   f' as a function of f: LeCun, Bottou, Orr and Mueller, Efficient BackProp 1998.
    """
    _require_room("activation_on", "A", A)
    slope = np.ones_like(A)
    return partial(_ACTIVATIONS.get(act.name, partial(_called, act)), A, slope), slope


def _identity(A: Array, slope: Array) -> None:
    """Nothing to do: f(z) is z, and the slope was made of ones."""


def _relu(A: Array, slope: Array) -> None:
    np.greater(A, 0, slope)  # as floats, which multiply without being converted
    np.multiply(A, slope, A)


def _leaky_relu(A: Array, slope: Array) -> None:
    np.greater(A, 0, slope)
    np.maximum(slope, 0.01, out=slope)
    np.multiply(A, slope, A)


def _tanh(A: Array, slope: Array) -> None:
    np.tanh(A, A)
    np.multiply(A, A, slope)
    np.subtract(1, slope, slope)  # 1 - f^2


def _sigmoid(A: Array, slope: Array) -> None:
    np.multiply(A, 0.5, A)
    np.tanh(A, A)
    np.multiply(A, 0.5, A)
    np.add(A, 0.5, A)  # (1 + tanh(z / 2)) / 2, where no exponential overflows
    np.multiply(A, A, slope)
    np.subtract(A, slope, slope)  # f - f^2


def _called(act: Activation, A: Array, slope: Array) -> None:
    slope[...] = act.df(A)
    A[...] = act.f(A)


_ACTIVATIONS: dict[str, Callable[[Array, Array], None]] = {
    "identity": _identity,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
}


def loss_on(loss: Loss, out: Array) -> Measure:
    """The loss as an operation on the network's output.

    Shapes:  loss, out (m, n_L)  ->  measure
    Raises:  TypeError unless floats; ValueError unless out is contiguous and writeable. The
             operation raises as the loss does.
    Source:  `nnref.losses`.
    """
    _require_room("loss_on", "out", matrix("loss_on", "out", out))
    if loss is losses.softmax_ce:
        return _softmax_ce_on(out)
    if loss is losses.mse:
        return _mse_on(out)

    def measure(y: Array) -> float:
        value, gradient = loss(out, y)
        out[...] = gradient
        return float(value)

    return measure


def _require_room(where: str, name: str, A: Array) -> None:
    require_writeable(where, name, A)
    if not A.flags.c_contiguous:  # a flat view of it would be a copy, and the result lost
        raise ValueError(f"{where}: {name} {A.shape} must be contiguous")


def _softmax_ce_on(z: Array) -> Measure:
    m, K = z.shape
    flat, first = z.reshape(-1), np.arange(0, m * K, K)  # where each row begins in flat
    truth = np.empty_like(first)
    of_truth, shift, total = (np.empty(m, z.dtype) for _ in range(3))
    columns, ones = np.empty((K, m), z.dtype), np.ones(K, z.dtype)

    @np.errstate(under="ignore")
    def measure(labels: Array) -> float:
        if not _are_labels(labels, m, K):
            losses.softmax_ce(z, labels)  # says what is wrong
        np.add(first, labels, truth)
        np.copyto(columns, z.T)
        np.maximum.reduce(columns, axis=0, out=shift)  # along short rows four times as slow
        np.subtract(z, shift[:, None], z)  # all <= 0
        flat.take(truth, out=of_truth, mode="clip")
        np.exp(z, z)
        np.dot(z, ones, total)
        np.log(total, shift)
        value = (np.add.reduce(shift) - np.add.reduce(of_truth)) / m
        np.multiply(total, m, total)
        np.divide(z, total[:, None], z)  # softmax / m
        flat.take(truth, out=of_truth, mode="clip")
        np.subtract(of_truth, 1 / m, of_truth)
        flat.put(truth, of_truth, mode="clip")
        return float(value)

    return measure


def _are_labels(labels: Array, m: int, K: int) -> bool:
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
        return False
    if labels.shape != (m,):
        return False
    return bool(np.minimum.reduce(labels) >= 0 and np.maximum.reduce(labels) < K)


def _mse_on(pred: Array) -> Measure:
    flat = pred.reshape(-1)

    def measure(y: Array) -> float:
        require_same_shape("mse", "pred", pred, "y", y)
        np.subtract(pred, y, pred)
        value = np.dot(flat, flat) / flat.size
        np.multiply(pred, 2 / flat.size, pred)
        return float(value)

    return measure
