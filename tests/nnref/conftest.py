"""How a bug is planted: for the mutation suites, `test_mutants_*.py`.

A mutant replaces a function wherever nnref has bound it; then the proofs of `nnref.selfcheck` that
the suite names run as they are. Each named proof must fall, so no bug is caught by luck.
"""

import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from nnref import activations, init, inplace, optim, overwrite
from nnref.selfcheck import proofs

Kill: TypeAlias = Callable[[Any, Any, tuple[str, ...]], None]


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Kill:
    """Replace an original by its mutant and assert that each named proof falls.

    That all of them hold without a mutant is what test_selfcheck.py shows.
    """

    def planted(original: Any, mutant: Any, claims: tuple[str, ...]) -> None:
        assert claims
        assert _plant(monkeypatch, original, mutant) > 0
        assert _fallen(claims) == set(claims)

    return planted


def _plant(monkeypatch: pytest.MonkeyPatch, original: Any, mutant: Any) -> int:
    """Put the mutant wherever a module or table of nnref holds the original; say how often."""
    modules = [m for name, m in sys.modules.items() if name.split(".")[0] == "nnref"]
    tables: list[Any] = [*map(vars, modules), activations.ACTIVATIONS, init.SCHEMES]
    tables += [optim.OPTIMISERS, inplace.OPTIMISERS, overwrite._ACTIVATIONS]
    places = [(table, name) for table in tables for name, v in table.items() if v is original]
    for table, name in places:
        monkeypatch.setitem(table, name, mutant)
    return len(places)


def _fallen(claims: tuple[str, ...]) -> set[str]:
    """Which of the claims do not hold; a warning is not allowed to decide."""
    named = {proof.claim: proof for proof in proofs()}
    with np.errstate(all="ignore"):
        return {claim for claim in claims if not named[claim].holds(named[claim].measure())}
