"""Losses: each gives its value and its gradient with respect to its first argument.

The gradient already carries the 1/m of the mean, so that nothing after it divides again. Losses of
probabilities take logits: the logarithm of a rounded probability is where digits are lost.
"""

import numpy as np

from nnref.activations import sigmoid
from nnref.arrays import Array, Params, Scalar, floats, matrix, require_same_shape
from nnref.mlp import require_params
from nnref.softmax import log_softmax


def mse(pred: Array, y: Array) -> tuple[Scalar, Array]:
    """Mean squared error over all elements (not halved), and its gradient by the prediction.

    Shapes:  pred (...), y (...)  ->  loss (), dpred (...)
    Raises:  TypeError unless floats; ValueError if empty or shapes differ, (m, 1) and (m,) too.
    Source:  Bishop, PRML 2006, section 3.1.1, with 1/(m n) in the place of 1/2.

    >>> float(mse(np.array([[1.0], [3.0]]), np.array([[1.0], [1.0]]))[0])
    2.0
    """
    pred, y = _pair("mse", "pred", pred, y)
    error = pred - y
    return (error**2).mean(), 2 * error / error.size


@np.errstate(under="ignore")
def bce_logits(z: Array, y: Array) -> tuple[Scalar, Array]:
    """Mean binary cross-entropy of sigmoid(z) over all elements, and its gradient by z.

    Shapes:   z (...), y (...)  ->  loss (), dz (...)
    Units:    nats per element; y is the probability of class 1, as floats in [0, 1].
    Numerics: max(z, 0) - y z + log(1 + exp(-|z|)): no cancellation when y is 0 or 1.
    Raises:   TypeError unless floats; ValueError if empty, shapes differ, or y outside [0, 1].
    Source:   Bishop, PRML 2006, eq. 4.90-4.91.

    >>> float(bce_logits(np.array([[1000.0]]), np.array([[0.0]]))[0])
    1000.0
    """
    z, y = _pair("bce_logits", "z", z, y)
    outside = ~((y.real >= 0) & (y.real <= 1))  # NaN is outside
    if outside.any():
        raise ValueError(f"bce_logits: y must lie in [0, 1], found {y[outside][0]}")
    negative = z.real < 0
    size = np.where(negative, -z, z)  # |z|, analytic
    loss = np.where(negative, 0, z) - y * z + np.log1p(np.exp(-size))
    return loss.mean(), (sigmoid(z) - y) / z.size


def mae(pred: Array, y: Array) -> tuple[Scalar, Array]:
    """Mean absolute error over all elements, and its gradient by the prediction, 0 where they meet.

    Shapes:  pred (...), y (...)  ->  loss (), dpred (...)
    Raises:  TypeError unless floats; ValueError if empty or shapes differ, (m, 1) and (m,) too.
    Source:  Laplace 1774; Bishop, PRML 2006, section 1.5.5.
    """
    pred, y = _pair("mae", "pred", pred, y)
    error = pred - y
    side = np.sign(error.real)  # error * side is |error|, and analytic
    return (error * side).mean(), (side / error.size).astype(error.dtype)


def huber(pred: Array, y: Array, delta: float = 1.0) -> tuple[Scalar, Array]:
    """Mean of e^2 / 2 within delta and delta (|e| - delta / 2) beyond, and its gradient.

    Shapes:  pred (...), y (...)  ->  loss (), dpred (...)
    Raises:  TypeError unless floats; ValueError if empty, shapes differ, or delta <= 0.
    Source:  Huber, Ann. Math. Statist. 35 (1964) 73-101.
    """
    if not delta > 0:
        raise ValueError(f"huber: delta must be positive, got {delta}")
    pred, y = _pair("huber", "pred", pred, y)
    error = pred - y
    side = np.sign(error.real)
    near = np.abs(error.real) <= delta
    loss = np.where(near, error**2 / 2, delta * (error * side - delta / 2))
    return loss.mean(), np.where(near, error, delta * side) / error.size


def hinge(z: Array, y: Array) -> tuple[Scalar, Array]:
    """Mean of max(0, 1 - y z) over all elements, and its gradient by the score z.

    Shapes:   z (...), y (...)  ->  loss (), dz (...)
    Units:    y is the class as a float, -1 or +1; at the kink y z = 1 the gradient is 0.
    Raises:   TypeError unless floats; ValueError if empty, shapes differ, or y is not +-1.
    Source:   Cortes and Vapnik, Machine Learning 20 (1995) 273-297.
    """
    z, y = _pair("hinge", "z", z, y)
    outside = np.abs(y.real) != 1
    if outside.any():
        raise ValueError(f"hinge: y must be -1 or +1, found {y[outside][0]}")
    margin = y * z
    beyond = margin.real >= 1  # asked this way round, NaN stays NaN
    return np.where(beyond, 0, 1 - margin).mean(), np.where(beyond, 0, -y) / z.size


@np.errstate(under="ignore")
def softmax_ce(z: Array, labels: Array) -> tuple[Scalar, Array]:
    """Mean cross-entropy of softmax(z) with the labels, and its gradient by the logits.

    Shapes:   z (m, K), labels (m,)  ->  loss (), dz (m, K)
    Units:    nats per example (divide by ln 2 for bits).
    Numerics: finite for every finite z: log_softmax, never the log of a softmax.
    Raises:   TypeError unless z is floats and labels are integers; ValueError for m = 0, a
              shape mismatch or a label outside 0..K-1.
    Source:   Bishop, PRML 2006, eq. 4.108-4.109.

    >>> float(softmax_ce(np.zeros((2, 4)), np.array([0, 3]))[0].round(6))
    1.386294
    """
    z = matrix("softmax_ce", "z", z)
    _require_labels("softmax_ce", z, labels)
    m = z.shape[0]
    log_p = log_softmax(z)  # (m, K)
    truth = np.eye(z.shape[1], dtype=z.dtype)[labels]  # (m, K), one-hot rows
    return -log_p[np.arange(m), labels].mean(), (np.exp(log_p) - truth) / m


def l2(params: Params, strength: float) -> tuple[Scalar, Params]:
    """Half the strength times the sum of squared weights, and its gradient: strength times W.

    To be added to a loss and its gradients. Biases are left alone: they fold nothing.

    Shapes:  params, strength  ->  loss (), grads
    Raises:  TypeError unless floats; ValueError if layers do not fit, or unless strength >= 0.
    Source:  Bishop, PRML 2006, eq. 3.27; biases: Goodfellow, Bengio and Courville, Deep Learning
             2016, section 7.1.

    >>> l2(((np.array([[3.0], [4.0]]), np.ones(1)),), 0.1)[0]
    np.float64(1.25)
    """
    require_params("l2", params)
    if not strength >= 0:
        raise ValueError(f"l2: strength must not be negative, got {strength}")
    squares = sum((W**2).sum() for W, _ in params)
    return strength / 2 * squares, tuple((strength * W, np.zeros_like(b)) for W, b in params)


def _pair(where: str, name: str, a: Array, y: Array) -> tuple[Array, Array]:
    """Prediction and target, checked: floats, not empty, of one shape."""
    a, y = floats(where, name, a), floats(where, "y", y)
    require_same_shape(where, name, a, "y", y)
    if not a.size:
        raise ValueError(f"{where}: {name} {a.shape} is empty: the mean has no value")
    return a, y


def _require_labels(where: str, z: Array, labels: Array) -> None:
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "iu":
        kind = labels.dtype if isinstance(labels, np.ndarray) else type(labels).__name__
        raise TypeError(f"{where}: labels must be an integer array, not {kind}")
    m, K = z.shape
    if labels.shape != (m,):
        raise ValueError(
            f"{where}: labels {labels.shape} must be {(m,)}, one per row of z {z.shape}"
        )
    outside = (labels < 0) | (labels >= K)
    if outside.any():
        worst = labels[outside][0]
        raise ValueError(f"{where}: label {worst} at {outside.argmax()} is outside 0..{K - 1}")
