"""Embedding lookup is the product with one-hot rows, forward and back."""

from typing import Any

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.differences import central, complex_step, relative_error
from nnref.embedding import embedding, embedding_vjp

RNG = np.random.default_rng(0)
TABLE, DE = RNG.standard_normal((6, 3)), RNG.standard_normal((2, 5, 3))
TOKENS = np.array([[0, 3, 3, 5, 0], [3, 1, 1, 1, 4]])  # 2 never
ONE_HOT = np.eye(6)[TOKENS]  # (2, 5, 6)


def test_lookup_is_the_product_with_one_hot_rows() -> None:
    np.testing.assert_array_equal(embedding(TABLE, TOKENS), ONE_HOT @ TABLE)


def test_equal_tokens_add_their_gradients() -> None:
    gradient = embedding_vjp(TABLE, TOKENS, DE)
    assert gradient == pytest.approx(np.tensordot(ONE_HOT, DE, axes=([0, 1], [0, 1])))
    assert not gradient[2].any()


def test_the_gradient_by_two_methods() -> None:
    def f(table: Array) -> Any:
        return (DE * embedding(table, TOKENS)).sum()

    gradient = embedding_vjp(TABLE, TOKENS, DE)
    assert relative_error(gradient, complex_step(f, TABLE)) <= 1e-13
    assert relative_error(gradient, central(f, TABLE)) <= 1e-8


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept_and_the_table_not_lent_out(dtype: type[np.floating]) -> None:
    table = TABLE.astype(dtype)
    E = embedding(table, TOKENS)
    E += 1
    np.testing.assert_array_equal(table, TABLE.astype(dtype))
    assert E.dtype == embedding_vjp(table, TOKENS, DE.astype(dtype)).dtype == dtype
