"""The proofs of ReLU geometry: polygons against the network itself, counts against the theory."""

from collections.abc import Iterator

import numpy as np

from nnref import init, mlp, region_counts, regions
from nnref.arrays import Params
from nnref.proof import Proof


def region_proofs() -> Iterator[Proof]:
    """The proofs for `nnref.regions` and `nnref.region_counts`, still to be measured.

    Shapes:  ->  proofs
    Raises:  nothing; measuring raises what the code under proof raises.
    Source:  Zaslavsky 1975 and Cover 1965, see `nnref.region_counts`.
    """
    yield Proof("polygons: areas add up to the box", _area_error, 1e-12)
    yield Proof("polygons: their affine maps are the network, up to the corners", _map_error, 1e-12)
    yield Proof("polygons: patterns are the network's at their centres", _pattern_error, 0)
    yield Proof("polygons of one layer: as many as Zaslavsky and Cover say", _count_error, 0)
    yield Proof("region counts: one more plane adds the parts of its section", _recursion_error, 0)


def _network(sizes: tuple[int, ...], bias: float = 0.5) -> Params:
    rng = np.random.default_rng(20)
    he = init.init_params(sizes, "he", rng)
    return tuple((W, bias * rng.standard_normal(b.shape)) for W, b in he)


def _area_error() -> float:
    return abs(sum(polygon.area for polygon in regions.polygons(_network((2, 6, 5, 2)))) - 4)


def _map_error() -> float:
    """The network is continuous, so its affine map holds on a cell's border too."""
    params = _network((2, 6, 5, 2))
    return max(
        float(np.abs(mlp.predict(params, p.vertices) - (p.vertices @ p.cell.A + p.cell.c)).max())
        for p in regions.polygons(params)
    )


def _pattern_error() -> float:
    params = _network((2, 6, 5, 2))
    found = regions.polygons(params)
    here = regions.patterns(params, np.array([polygon.centre for polygon in found]))
    return float((here != np.array([polygon.cell.pattern for polygon in found])).sum())


def _count_error() -> float:
    far = ((-1e4, -1e4), (1e4, 1e4))
    generic = len(regions.polygons(_network((2, 7, 1)), *far)) - region_counts.generic_regions(7, 2)
    central = len(regions.polygons(_network((2, 7, 1), 0.0))) - region_counts.central_regions(7, 2)
    return abs(generic) + abs(central)


def _recursion_error() -> float:
    """R(n + 1, d) = R(n, d) + R(n, d - 1), for planes in general position and through a point."""
    counts = (region_counts.generic_regions, region_counts.central_regions)
    return max(
        abs(count(n + 1, d) - count(n, d) - count(n, d - 1))
        for count in counts
        for n in range(1, 8)
        for d in range(2, 6)
    )
