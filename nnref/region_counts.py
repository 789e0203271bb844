"""How many linear regions a ReLU network can have: exact counts for one layer, bounds for more.

One hidden layer of n units cuts the space by n hyperplanes; a deeper unit cuts along a bent one.
`nnref.regions` and `nnref.region_search` count what a given network really has.
"""

import math
from collections.abc import Sequence

from nnref.arrays import require_count


def generic_regions(n: int, d: int) -> int:
    """Into how many parts n hyperplanes in general position cut a space of d dimensions.

    Shapes:  n, d  ->  count
    Raises:  ValueError unless n >= 0 and d >= 1.
    Source:  Zaslavsky, Memoirs of the AMS 154 (1975): the sum of C(n, j) for j <= d.

    >>> [generic_regions(n, 2) for n in (1, 2, 3, 4)]  # a cake and straight cuts
    [2, 4, 7, 11]
    """
    _require("generic_regions", n, d)
    return sum(math.comb(n, j) for j in range(d + 1))


def central_regions(n: int, d: int) -> int:
    """The same if all hyperplanes pass through one point: a layer without biases.

    Shapes:  n, d  ->  count
    Raises:  ValueError unless n >= 0 and d >= 1.
    Source:  Cover, IEEE Trans. Electron. Comput. EC-14 (1965) 326-334, twice the sum of
             C(n - 1, j) for j < d.

    >>> central_regions(5, 1)  # a line through one point: two halves, however often cut
    2
    """
    _require("central_regions", n, d)
    return 2 * sum(math.comb(n - 1, j) for j in range(d)) if n else 1


def most_regions_at_least(n_0: int, widths: Sequence[int]) -> int:
    """What the best weights reach: each layer but the last folds space, n_l // n_0 times per axis.

    Shapes:  n_0, widths  ->  count
    Raises:  ValueError unless n_0 >= 1 and each width is at least n_0, one of them at least.
    Source:  Montufar, Pascanu, Cho and Bengio, NIPS 2014, arXiv:1402.1869, theorem 4.
    """
    _require_widths("most_regions_at_least", n_0, widths, n_0)
    folds: int = math.prod((n // n_0) ** n_0 for n in widths[:-1])
    return folds * generic_regions(widths[-1], n_0)


def most_regions_at_most(n_0: int, widths: Sequence[int]) -> int:
    """What no weights exceed.

    On a region where j of a layer's units are off, the n - j others bound the dimension of what
    the next layer sees; off units can be chosen in C(n, j) ways.

    Shapes:  n_0, widths  ->  count
    Raises:  ValueError unless n_0 >= 1 and each width is at least 1, one of them at least.
    Source:  Serra, Tjandraatmadja and Ramalingam, ICML 2018, arXiv:1711.02114, theorem 1.
    """
    _require_widths("most_regions_at_most", n_0, widths, 1)

    def regions(l: int, dimension: int) -> int:
        if l == len(widths):
            return 1
        n = widths[l]
        return sum(
            math.comb(n, off) * regions(l + 1, min(dimension, n - off))
            for off in range(min(dimension, n) + 1)
        )

    return regions(0, n_0)


def _require(where: str, n: int, d: int) -> None:
    require_count(where, "n", n, 0)
    require_count(where, "d", d, 1)


def _require_widths(where: str, n_0: int, widths: Sequence[int], least: int) -> None:
    require_count(where, "n_0", n_0, 1)
    if not widths:
        raise ValueError(f"{where}: widths is empty, expected one per hidden layer")
    for width in widths:
        require_count(where, "a width", width, least)
