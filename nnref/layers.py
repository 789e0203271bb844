"""Layers: the forward map, and below it the map that carries a gradient back through it."""

from nnref.arrays import Array, floats, matrix


def dense(X: Array, W: Array, b: Array) -> Array:
    """The affine map of every example: Z = X W + b.

    Shapes:  X (m, n_in), W (n_in, n_out), b (n_out,)  ->  Z (m, n_out)
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them, or m = 0.
    Cost:    2 m n_in n_out flops.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, section 6.1.

    >>> dense(np.ones((1, 2)), np.eye(2), np.array([0.5, -0.5]))
    array([[1.5, 0.5]])
    """
    X, W, b = matrix("dense", "X", X), matrix("dense", "W", W), floats("dense", "b", b)
    _require_inner_sizes("dense", X, W)
    if b.shape != W.shape[1:]:
        raise ValueError(f"dense: b {b.shape} must be {W.shape[1:]}, one per column of W {W.shape}")
    return X @ W + b  # (m, n_out) + (n_out,)


def dense_vjp(X: Array, W: Array, dZ: Array) -> tuple[Array, Array, Array]:
    """The gradients of a loss by X, W and b from its gradient dZ by Z = X W + b.

    Shapes:  X (m, n_in), W (n_in, n_out), dZ (m, n_out)  ->
             dX (m, n_in), dW (n_in, n_out), db (n_out,)
    Units:   no 1/m is added: the loss has put it into dZ.
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them.
    Cost:    4 m n_in n_out flops, twice the forward pass.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, section 6.5.6.

    >>> dense_vjp(np.ones((2, 1)), np.eye(1), np.array([[1.0], [2.0]]))[2]
    array([3.])
    """
    X, W, dZ = (
        matrix("dense_vjp", name, array) for name, array in (("X", X), ("W", W), ("dZ", dZ))
    )
    _require_inner_sizes("dense_vjp", X, W)
    if dZ.shape != (X.shape[0], W.shape[1]):
        raise ValueError(
            f"dense_vjp: dZ {dZ.shape} must be {(X.shape[0], W.shape[1])}, "
            f"the shape of X {X.shape} @ W {W.shape}"
        )
    dX = dZ @ W.T  # (m, n_out) (n_out, n_in)
    dW = X.T @ dZ  # (n_in, m) (m, n_out)
    db = dZ.sum(axis=0)  # b reaches every example: the sum over the batch
    return dX, dW, db


def _require_inner_sizes(where: str, X: Array, W: Array) -> None:
    if X.shape[1] != W.shape[0]:
        raise ValueError(
            f"{where}: X {X.shape} @ W {W.shape}: inner sizes {X.shape[1]} and {W.shape[0]} differ"
        )
