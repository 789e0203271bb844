"""Guess which of very many names was meant, without comparing with all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest

from provenote.problems import nearest

_FEW = 16
"""How many names are compared letter by letter."""
_COMMON = 400
"""A piece of so many names says nothing about which is meant."""


class Names:
    """Names, by the pieces of three letters that they are made of."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_piece: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(names):
            for piece in _pieces(name):
                if len(self._by_piece[piece]) <= _COMMON:
                    self._by_piece[piece].append(name)
        self.nearest = lru_cache(maxsize=None)(self._nearest)

    def _nearest(self, wanted: str) -> str:
        """The name that is nearest; '' if none is near."""
        shared: Counter[str] = Counter()
        for piece in _pieces(wanted):
            names = self._by_piece.get(piece, [])
            shared.update(names if len(names) <= _COMMON else ())

        def rank(name: str) -> tuple[float, str]:
            """How much of both is shared; `shared` itself is in no order that lasts."""
            return -shared[name] / (len(name) + len(wanted)), name

        return nearest(wanted, nsmallest(_FEW, shared, key=rank))


def _pieces(name: str) -> set[str]:
    text = f"  {name.casefold()} "
    return {text[at : at + 3] for at in range(len(text) - 2)}
