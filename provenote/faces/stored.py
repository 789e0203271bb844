"""What `provenote store` prints."""

import time
from collections.abc import Iterable, Iterator

from provenote.run.inventory import Item

_AGES = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_SIZES = (("GB", 10**9), ("MB", 10**6), ("kB", 10**3), ("B", 1))


def table(items: Iterable[Item]) -> Iterator[str]:
    """A line for each result: key, age, size, session; the name comes last, it may be long."""
    now = time.time()
    for item in items:
        age = _rounded(max(now - item.started, 0), _AGES)
        yield f"{item.key[:12]}  {age:>8}  {size(item.size):>8}  {item.session}"


def size(number: int) -> str:
    """`0 B`, `12 kB`, `3 MB`."""
    return _rounded(number, _SIZES)


def _rounded(number: float, units: Iterable[tuple[str, int]]) -> str:
    *larger, (smallest, _) = units
    unit, worth = next((one for one in larger if number >= one[1]), (smallest, 1))
    return f"{number / worth:.0f} {unit}"
