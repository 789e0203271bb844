"""Right arguments for every public function of nnref, made from its docstring's `Shapes:` line.

A line reads `argument (dims), argument  ->  result (dims), result`. Its symbols are given random
sizes; an argument with dims is an array of random numbers of that shape, one without is made by a
table here. A new function is called by the tests as soon as it is there, or they say what its
docstring or the table lacks.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import matplotlib.figure
import numpy as np

import nnref
from nnref import __main__, fast, inplace, losses, pwl, regions, residual
from nnref.activations import ACTIVATIONS
from nnref.arrays import Array
from nnref.init import init_params
from nnref.mlp import flatten, forward

Function: TypeAlias = Callable[..., Any]
MODULES = [
    importlib.import_module(f"nnref.{module.name}")
    for module in pkgutil.iter_modules(nnref.__path__)
]
_SECTION = re.compile(r"^ *([A-Z][a-z]+):", re.MULTILINE)
_ITEM = re.compile(r"(?P<name>[\w -]+?)\s*(?:\((?P<dims>[^()]*)\))?\s*(?:,|$)")


def _public_functions() -> Iterator[Function]:
    for module in MODULES:
        for name, value in vars(module).items():
            local = inspect.isfunction(value) and value.__module__ == module.__name__
            if local and not name.startswith("_"):
                yield value


def name_of(function: Function) -> str:
    """`losses.mse`."""
    return f"{function.__module__.removeprefix('nnref.')}.{function.__name__}"


FUNCTIONS = [function for function in _public_functions() if function is not __main__.main]
"""Every public function, but for the command."""


@dataclass(frozen=True)
class Item:
    """One argument or result of a `Shapes:` line."""

    name: str
    dims: tuple[str, ...] | None


def sections(function: Function) -> dict[str, str]:
    """What the docstring says under each of its headings."""
    parts = _SECTION.split(inspect.getdoc(function) or "")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def shapes(function: Function) -> tuple[list[Item], list[Item]]:
    """Its arguments and its results."""
    before, arrow, after = " ".join(sections(function)["Shapes"].split()).partition("->")
    assert arrow, "a Shapes line needs an arrow"
    return _items(before), _items(after)


def _items(text: str) -> list[Item]:
    return [
        Item(m["name"].strip(), None if m["dims"] is None else _dims(m["dims"]))
        for m in _ITEM.finditer(text)
        if m["name"].strip()
    ]


def _dims(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


class Sizes:
    """A random size for each symbol that shapes are written in."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.known: dict[str, int] = {"k": 2, "l": 2}  # a kernel: it must fit
        self.rest = tuple(int(n) for n in rng.integers(1, 4, rng.integers(1, 4)))

    def of(self, symbol: str) -> int:
        return self.known.setdefault(symbol, int(self.rng.integers(2, 7)))

    def shape(self, dims: tuple[str, ...]) -> tuple[int, ...]:
        shape: tuple[int, ...] = ()
        for dim in dims:
            shape += self.rest if dim == "..." else (self._evaluated(dim),)
        return shape

    def _evaluated(self, dim: str) -> int:
        """A number, a symbol, or arithmetic of both: `h - k + 1`."""
        return int(eval(re.sub(r"[A-Za-z]\w*", lambda symbol: str(self.of(symbol[0])), dim)))


def arguments(function: Function, sizes: Sizes) -> dict[str, Any]:
    """One of each kind that the docstring names, by name."""
    if function in {residual.residual, residual.residual_vjp}:
        sizes.known |= {"n_0": 3, "n_L": 3}  # what is added to X has its shape
    items, _ = shapes(function)
    # twice: params fix the size of the flat vector, which may come first
    made = [{item.name: _argument(function, item, sizes) for item in items} for _ in range(2)]
    return made[1]


def _argument(function: Function, item: Item, sizes: Sizes) -> Any:
    table = _MAKERS if item.dims is None else _NOT_FLOATS
    maker = _SPECIAL.get(f"{name_of(function)} {item.name}", table.get(item.name))
    if maker is not None:
        return maker(sizes)
    assert item.dims is not None, f"nothing makes {item.name} for {name_of(function)}"
    return sizes.rng.random(sizes.shape(item.dims))


def _params(sizes: Sizes) -> Any:
    params = init_params((sizes.of("n_0"), 4, sizes.of("n_L")), "he", np.random.default_rng(0))
    sizes.known |= {"P": flatten(params).size, "bits": 4 * sizes.of("m"), "units": 4}
    return params


def _scalar_params(sizes: Sizes) -> Any:
    return init_params((1, 4, 1), "he", np.random.default_rng(0), bias=0.1)


def _planar_params(sizes: Sizes) -> Any:
    return init_params((2, 4, 1), "he", np.random.default_rng(0), bias=0.1)


def _memory(name: str) -> Callable[[Sizes], Any]:
    return lambda sizes: inplace.remember(np.zeros(sizes.of("P")), name)


def _axes(_: Sizes) -> Any:
    return matplotlib.figure.Figure().subplots()


def _labels(symbol: str, dims: str) -> Callable[[Sizes], Array]:
    return lambda sizes: sizes.rng.integers(0, sizes.of(symbol), sizes.shape(_dims(dims)))


_MAKERS: dict[str, Callable[[Sizes], Any]] = {
    "act": lambda _: "tanh",
    "ax": _axes,
    "batch": lambda s: s.of("m"),
    "cache": lambda s: forward(_params(s), s.rng.random((s.of("m"), s.of("n_0"))))[1],
    "d": lambda _: 2,
    "depth": lambda _: 4,
    "dtype": lambda _: np.float64,
    "every": lambda _: 10,
    "f": lambda _: lambda x: (x**2).sum(),
    "fan_in": lambda s: s.of("fan_in"),
    "fan_out": lambda s: s.of("fan_out"),
    "grads": _params,
    "high": lambda _: 1.0,
    "kernel": lambda s: (s.of("k"), s.of("l")),
    "largest": lambda _: 0.1,
    "least": lambda _: 0,
    "like": _params,
    "loss": lambda _: lambda params: (params[0][0] ** 2).sum(),
    "low": lambda _: -1.0,
    "lr": lambda _: 0.1,
    "m": lambda s: s.of("m"),
    "n": lambda _: 3,
    "n_0": lambda _: 2,
    "name": lambda _: "x",
    "net": lambda s: fast.network(_params(s), s.of("m")),
    "optimiser": lambda _: "adam",
    "order": lambda _: 2,
    "other": lambda _: "y",
    "params": _params,
    "rate": lambda _: 0.3,
    "rng": lambda _: np.random.default_rng(0),
    "scheme": lambda _: "he",
    "shape": lambda s: s.shape(("m", "h", "w", "c")),
    "size": lambda s: s.of("k"),
    "sizes": lambda _: (3, 4, 2),
    "state": lambda _: None,
    "step": lambda _: 3,
    "steps": lambda _: 10,
    "strength": lambda _: 0.1,
    "value": lambda _: 0.5,
    "where": lambda _: "here",
    "width": lambda _: 3,
    "widths": lambda _: (4, 3),
}
_NOT_FLOATS: dict[str, Callable[[Sizes], Any]] = {
    "labels": _labels("K", "m"),
    "pattern": lambda s: s.rng.random(s.of("units")) < 0.5,
    "tokens": _labels("V", "..."),
}
# where a name means something else than it does elsewhere: by function, then argument
_SPECIAL: dict[str, Callable[[Sizes], Any]] = {
    "arrays.require_count value": lambda _: 3,
    "aligned.zeros shape": lambda s: s.shape(("m", "n")),
    "differences.complex_step f": lambda _: lambda x: (x**3).sum(),
    "differences.neighbours h": lambda _: 1e-3,
    "drawing.cells polygons": lambda s: regions.polygons(_planar_params(s)),
    "drawing.decision_regions high": lambda _: (1.0, 1.0),
    "drawing.decision_regions low": lambda _: (-1.0, -1.0),
    "drawing.decision_regions predict": lambda _: lambda X: X,
    "drawing.error_against_step errors": lambda s: {"central": s.rng.random(s.of("n"))},
    "fast.gradient y": lambda s: s.rng.integers(0, s.of("n_L"), s.of("m")),
    "losses.hinge y": lambda s: s.rng.choice([-1.0, 1.0], s.rest),
    "overwrite.activation_on act": lambda _: ACTIVATIONS["tanh"],
    "overwrite.loss_on loss": lambda _: losses.mse,
    "proof.vjp_error arguments": lambda s: (s.rng.random(s.rest),),
    "proof.vjp_error gradients": lambda s: (np.ones(s.rest),),
    "proof.vjp_error layer": lambda _: lambda x: x,
    "pwl.net_to_pwl params": _scalar_params,
    "pwl.pwl_to_net f": lambda _: pwl.PWL(np.arange(3.0), np.ones(3), 0.0, 1.0),
    "region_search.maximum params": _planar_params,
    "regions.polygons params": _planar_params,
    "train.fit loss": lambda _: losses.mse,
    **{f"inplace.{name} memory": _memory(name) for name in inplace.OPTIMISERS},
}
