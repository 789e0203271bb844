"""Embedding lookup: a token's vector is a row of a table, and only rows looked up are moved."""

import numpy as np

from nnref.arrays import Array, floats, matrix


def embedding(table: Array, tokens: Array) -> Array:
    """The row of the table for every token: the one-hot vector of the token times the table.

    Shapes:  table (V, n), tokens (...)  ->  E (..., n)
    Raises:  TypeError unless table is floats and tokens integers; ValueError for a token outside
             0..V-1, naming it.
    Source:  Bengio, Ducharme, Vincent and Jauvin, JMLR 3 (2003) 1137-1155, the matrix C.

    >>> embedding(np.array([[0.0, 1.0], [2.0, 3.0]]), np.array([1, 1, 0]))
    array([[2., 3.],
           [2., 3.],
           [0., 1.]])
    """
    table = matrix("embedding", "table", table)
    _require_tokens("embedding", tokens, len(table))
    return table[tokens]  # (..., n)


def embedding_vjp(table: Array, tokens: Array, dE: Array) -> Array:
    """The gradient of a loss by the table from its gradient by the rows looked up.

    A token that stands twice collects both gradients.

    Shapes:  table (V, n), tokens (...), dE (..., n)  ->  dtable (V, n)
    Raises:  as `embedding`; ValueError unless dE has one row per token.
    Cost:    one addition per element of dE; the rows of other tokens are 0.
    Source:  the transposed one-hot matrix times dE.
    """
    table, dE = matrix("embedding_vjp", "table", table), floats("embedding_vjp", "dE", dE)
    _require_tokens("embedding_vjp", tokens, len(table))
    if dE.shape != (*tokens.shape, table.shape[1]):
        expected = (*tokens.shape, table.shape[1])
        raise ValueError(f"embedding_vjp: dE {dE.shape} must be {expected}, one row per token")
    dtable = np.zeros(table.shape, dtype=dE.dtype)
    np.add.at(dtable, tokens, dE)  # += would keep only the last of equal tokens
    return dtable


def _require_tokens(where: str, tokens: Array, V: int) -> None:
    if not isinstance(tokens, np.ndarray) or tokens.dtype.kind not in "iu":
        kind = getattr(tokens, "dtype", type(tokens).__name__)
        raise TypeError(f"{where}: tokens must be an integer array, not {kind}")
    outside = tokens[(tokens < 0) | (tokens >= V)]  # a negative one would count from the end
    if outside.size:
        raise ValueError(f"{where}: token {outside[0]} is outside 0..{V - 1}")
