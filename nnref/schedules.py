"""Learning rates that change: each schedule is a function of the step, counted from 0.

They compose by multiplication, as each has the base rate as a factor:

    rate = lambda step: warm_up(step, 100) * cosine(step, 1000, lr=0.1)
"""

import math

from nnref.arrays import require_count


def step_decay(step: int, every: int, lr: float = 1.0, *, factor: float = 0.1) -> float:
    """The rate times the factor once more after every so many steps.

    Shapes:  step, every  ->  rate
    Raises:  ValueError unless step >= 0, every >= 1, lr > 0 and 0 < factor <= 1.
    Source:  He, Zhang, Ren and Sun, CVPR 2016, arXiv:1512.03385, section 3.4.

    >>> [step_decay(step, 10, factor=0.5) for step in (0, 9, 10, 25)]
    [1.0, 1.0, 0.5, 0.25]
    """
    _require("step_decay", step, "every", every, lr)
    if not 0 < factor <= 1:
        raise ValueError(f"step_decay: factor must be in (0, 1], got {factor}")
    return lr * factor ** (step // every)


def cosine(step: int, steps: int, lr: float = 1.0, *, floor: float = 0.0) -> float:
    """Half a cosine from lr, at step 0, to the floor, at the last of the steps and after it.

    Shapes:  step, steps  ->  rate
    Raises:  ValueError unless step >= 0, steps >= 1 and 0 <= floor <= lr, lr > 0.
    Source:  Loshchilov and Hutter, ICLR 2017, arXiv:1608.03983, eq. 5, one period.

    >>> [round(cosine(step, 100), 3) for step in (0, 25, 50, 100, 200)]
    [1.0, 0.854, 0.5, 0.0, 0.0]
    """
    _require("cosine", step, "steps", steps, lr)
    if not 0 <= floor <= lr:
        raise ValueError(f"cosine: floor must be in [0, {lr}], got {floor}")
    share = min(step / steps, 1.0)
    return floor + (lr - floor) * (1 + math.cos(math.pi * share)) / 2


def warm_up(step: int, steps: int, lr: float = 1.0) -> float:
    """A straight rise to lr: 1 / steps of it at step 0, all of it at step steps - 1 and after.

    Shapes:  step, steps  ->  rate
    Raises:  ValueError unless step >= 0, steps >= 1 and lr > 0.
    Source:  Goyal et al., arXiv:1706.02677, section 2.2.

    >>> [warm_up(step, 4) for step in (0, 1, 3, 9)]
    [0.25, 0.5, 1.0, 1.0]
    """
    _require("warm_up", step, "steps", steps, lr)
    return lr * min((step + 1) / steps, 1.0)


def _require(where: str, step: int, name: str, length: int, lr: float) -> None:
    require_count(where, "step", step, 0)
    require_count(where, name, length, 1)
    if not 0 < lr < math.inf:
        raise ValueError(f"{where}: lr must be positive and finite, got {lr}")
