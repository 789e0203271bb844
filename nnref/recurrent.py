"""A plain recurrent network: one dense layer with tanh that also reads its own last state.

The cell is one step; `rnn` repeats it over a sequence, and `rnn_vjp` walks the sequence backwards,
where the state's gradient is the sum of what came from above and what came from later.
"""

import numpy as np

from nnref.arrays import Array, floats, matrix, require_same_shape


def rnn_cell(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """The next state of every example: h' = tanh(x W + h U + b).

    Shapes:  x (m, n_in), h (m, n), W (n_in, n), U (n, n), b (n,)  ->  h_next (m, n)
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them.
    Source:  Elman, Cognitive Science 14 (1990) 179-211.
    """
    _require_sizes("rnn_cell", x, h, W, U)
    if floats("rnn_cell", "b", b).shape != W.shape[1:]:
        raise ValueError(f"rnn_cell: b {b.shape} must be {W.shape[1:]}, as W {W.shape}")
    h_next: Array = np.tanh(x @ W + h @ U + b)  # (m, n)
    return h_next


def rnn_cell_vjp(  # noqa: PLR0913, PLR0917 -- one per array that the cell read or wrote
    x: Array, h: Array, W: Array, U: Array, h_next: Array, dh_next: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """The gradients of a loss by all that the cell read, from its gradient by the next state.

    Shapes:  x (m, n_in), h (m, n), W (n_in, n), U (n, n), h_next (m, n), dh_next (m, n)  ->
             dx (m, n_in), dh (m, n), dW (n_in, n), dU (n, n), db (n,)
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them.
    Source:  Goodfellow, Bengio and Courville, Deep Learning 2016, section 10.2.2.
    """
    _require_sizes("rnn_cell_vjp", x, h, W, U)
    for name, array in (("h_next", h_next), ("dh_next", dh_next)):
        require_same_shape("rnn_cell_vjp", name, floats("rnn_cell_vjp", name, array), "h", h)
    dz = dh_next * (1 - h_next**2)  # (m, n): tanh' = 1 - tanh^2
    return dz @ W.T, dz @ U.T, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def rnn(X: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    """All states of a sequence, from the first state h on.

    Shapes:  X (m, t, n_in), h (m, n), W (n_in, n), U (n, n), b (n,)  ->  H (m, t, n)
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them, or t = 0.
    Source:  Elman, Cognitive Science 14 (1990) 179-211.

    >>> one = np.ones((1, 1))
    >>> rnn(np.zeros((1, 3, 1)), one, one, one, np.zeros(1)).round(2).ravel()  # it forgets
    array([0.76, 0.64, 0.57])
    """
    _require_sequence("rnn", X)
    states: list[Array] = []
    for x in np.moveaxis(X, 1, 0):  # (m, n_in)
        h = rnn_cell(x, h, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)  # (m, t, n)


def rnn_vjp(  # noqa: PLR0913, PLR0917 -- as the cell
    X: Array, h: Array, W: Array, U: Array, H: Array, dH: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Backpropagation through time: the gradients by X, h, W, U and b from that by all states.

    Shapes:  X (m, t, n_in), h (m, n), W (n_in, n), U (n, n), H (m, t, n), dH (m, t, n)  ->
             dX (m, t, n_in), dh (m, n), dW (n_in, n), dU (n, n), db (n,)
    Raises:  TypeError unless floats; ValueError if sizes differ, naming them, or t = 0.
    Source:  Werbos, Proc. IEEE 78 (1990) 1550-1560.
    """
    _require_sequence("rnn_vjp", X)
    _require_sizes("rnn_vjp", X[:, 0], h, W, U)
    expected = (*X.shape[:2], W.shape[1])
    for name, array in (("H", H), ("dH", dH)):
        if floats("rnn_vjp", name, array).shape != expected:
            raise ValueError(f"rnn_vjp: {name} {array.shape} must be {expected}, a state per step")
    before = np.concatenate([h[:, None], H[:, :-1]], axis=1)  # (m, t, n): what each step read
    dX, dh = np.zeros_like(X, dtype=dH.dtype), np.zeros_like(h, dtype=dH.dtype)
    dW, dU, db = (np.zeros(shape, dtype=dH.dtype) for shape in (W.shape, U.shape, W.shape[1:]))
    for t in reversed(range(X.shape[1])):
        dx, dh, dW_t, dU_t, db_t = rnn_cell_vjp(X[:, t], before[:, t], W, U, H[:, t], dH[:, t] + dh)
        dX[:, t] = dx
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t  # the weights are the same in every step
    return dX, dh, dW, dU, db


def _require_sequence(where: str, X: Array) -> None:
    if floats(where, "X", X).ndim != 3 or not X.size:
        raise ValueError(f"{where}: X {X.shape} must be (examples, steps, units), none of them 0")


def _require_sizes(where: str, x: Array, h: Array, W: Array, U: Array) -> None:
    for name, array in (("x", x), ("h", h), ("W", W), ("U", U)):
        matrix(where, name, array)
    m, n_in, n = x.shape[0], x.shape[1], W.shape[1]
    expected = {"h": (h, (m, n)), "W": (W, (n_in, n)), "U": (U, (n, n))}
    for name, (array, shape) in expected.items():
        if array.shape != shape:
            raise ValueError(
                f"{where}: {name} {array.shape} must be {shape} for x {x.shape} and {n} units"
            )
