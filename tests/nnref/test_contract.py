"""The error contract: every call in contract.txt fails with the words that stand below it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from matplotlib.figure import Figure

from nnref import (
    activations,
    born_dead,
    convolution,
    data,
    drawing,
    dying,
    embedding,
    erf,
    fast,
    gradcheck,
    init,
    inplace,
    layers,
    losses,
    mlp,
    norms,
    optim,
    pwl,
    recurrent,
    region_counts,
    region_search,
    regions,
    residual,
    schedules,
    train,
)

MODULES = (
    activations,
    born_dead,
    convolution,
    data,
    dying,
    embedding,
    erf,
    gradcheck,
    init,
    layers,
    losses,
    mlp,
    norms,
    optim,
    pwl,
    recurrent,
    region_counts,
    region_search,
    regions,
    residual,
    schedules,
    train,
)
NAMES: dict[str, Any] = {
    **{name: value for module in MODULES for name, value in vars(module).items()},
    "AX": Figure().subplots(),
    "drawing": drawing,
    "fast": fast,
    "inplace": inplace,
    "np": np,
    "RNG": np.random.default_rng(0),
    "PARAMS": init.init_params((3, 4, 2), "he", np.random.default_rng(0)),
    "X": np.ones((5, 3)),
    "INT": np.arange(6).reshape(2, 3),
}
CASE = re.compile(r"^>>> (?P<call>.+)\n(?P<error>\w+): (?P<message>.+)$", re.MULTILINE)
CONTRACT = Path(__file__).with_name("contract.txt").read_text(encoding="utf-8")


class Case(NamedTuple):
    """A wrong call and what it says."""

    call: str
    error: str
    message: str


CASES = [Case(*match.groups()) for match in CASE.finditer(CONTRACT)]


def test_every_call_of_the_file_is_a_case() -> None:
    assert len(CASES) == CONTRACT.count(">>>") > 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.call)
def test_a_wrong_argument_is_named(case: Case) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        eval(case.call, dict(NAMES))
    assert caught.type.__name__ == case.error
    assert str(caught.value) == case.message
