"""Optimisers: new parameters from old ones and a gradient."""

from nnref.arrays import Params, require_like


def sgd(params: Params, grads: Params, lr: float) -> Params:
    """One step of gradient descent, w - lr g, as new parameters.

    Shapes:  params, grads, lr  ->  params
    Raises:  ValueError unless lr > 0, or if shapes differ.
    Source:  Robbins and Monro, Ann. Math. Statist. 22 (1951) 400-407.

    >>> params, grads = ((np.eye(1), np.ones(1)),), ((np.eye(1), np.ones(1)),)
    >>> sgd(params, grads, lr=0.5)
    ((array([[0.5]]), array([0.5])),)
    """
    if not lr > 0:
        raise ValueError(f"sgd: lr must be positive, got {lr}")
    require_like("sgd", params, grads)
    return tuple((W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True))
