"""Docstrings are held to their word: sections, shapes, examples.

A `Shapes:` line reads `argument (dims), argument  ->  result (dims), result`. Its symbols are given
random sizes, the function is called with arrays of those shapes, and the results must fit. An
argument without dims is made by the table below; a result without dims is not looked at, and a
function that has no other is not called.
"""

import ast
import dataclasses
import doctest
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

import nnref
from nnref import losses, residual
from nnref.arrays import Array
from nnref.init import init_params
from nnref.mlp import flatten, forward

MODULES = [
    importlib.import_module(f"nnref.{module.name}")
    for module in pkgutil.iter_modules(nnref.__path__)
]
SECTION = re.compile(r"^ *([A-Z][a-z]+):", re.MULTILINE)
ITEM = re.compile(r"(?P<name>[\w -]+?)\s*(?:\((?P<dims>[^()]*)\))?\s*(?:,|$)")


def _public_functions() -> Iterator[Callable[..., Any]]:
    for module in MODULES:
        for name, value in vars(module).items():
            local = inspect.isfunction(value) and value.__module__ == module.__name__
            if local and not name.startswith("_"):
                yield value


FUNCTIONS = list(_public_functions())
every_function = pytest.mark.parametrize(
    "function", FUNCTIONS, ids=[f"{f.__module__}.{f.__name__}" for f in FUNCTIONS]
)


class Item(NamedTuple):
    """One argument or result of a `Shapes:` line."""

    name: str
    dims: str | None


def _sections(function: Callable[..., Any]) -> dict[str, str]:
    parts = SECTION.split(inspect.getdoc(function) or "")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _shapes(function: Callable[..., Any]) -> tuple[list[Item], list[Item]]:
    before, arrow, after = " ".join(_sections(function)["Shapes"].split()).partition("->")
    assert arrow, "a Shapes line needs an arrow"
    return _items(before), _items(after)


def _items(text: str) -> list[Item]:
    return [Item(m["name"].strip(), m["dims"]) for m in ITEM.finditer(text) if m["name"].strip()]


class Sizes:
    """A random size for each symbol that shapes are written in."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.known: dict[str, int] = {"k": 2}  # a kernel: it must fit
        self.rest = tuple(int(n) for n in rng.integers(1, 4, rng.integers(1, 4)))

    def of(self, symbol: str) -> int:
        return self.known.setdefault(symbol, int(self.rng.integers(2, 7)))

    def shape(self, dims: str) -> tuple[int, ...]:
        shape: tuple[int, ...] = ()
        for dim in filter(None, (part.strip() for part in dims.split(","))):
            if dim == "...":
                shape += self.rest
            else:
                shape += (self.evaluated(dim),)
        return shape

    def evaluated(self, dim: str) -> int:
        """A number, a symbol, or arithmetic of both: `h - k + 1`."""
        return int(eval(re.sub(r"[A-Za-z]\w*", lambda symbol: str(self.of(symbol[0])), dim)))


def _params(sizes: Sizes) -> Any:
    params = init_params((sizes.of("n_0"), 4, sizes.of("n_L")), "he", np.random.default_rng(0))
    sizes.known |= {"P": flatten(params).size, "bits": 4 * sizes.of("m"), "units": 4}
    return params


MAKERS: dict[str, Callable[[Sizes], Any]] = {
    "cache": lambda s: forward(_params(s), s.rng.random((s.of("m"), s.of("n_0"))))[1],
    "m": lambda s: s.of("m"),
    "f": lambda _: lambda x: (x**2).sum(),
    "depth": lambda _: 4,
    "fan_in": lambda s: s.of("fan_in"),
    "fan_out": lambda s: s.of("fan_out"),
    "grads": _params,
    "kernel": lambda s: (s.of("k"), s.of("k")),
    "like": _params,
    "loss": lambda _: lambda params: (params[0][0] ** 2).sum(),
    "name": lambda _: "x",
    "params": _params,
    "rate": lambda _: 0.3,
    "rng": lambda s: s.rng,
    "shape": lambda s: s.shape("m, h, w, c"),
    "size": lambda s: s.of("k"),
    "strength": lambda _: 0.1,
    "where": lambda _: "here",
    "width": lambda _: 3,
}


def _argument(function: Callable[..., Any], item: Item, sizes: Sizes) -> Any:
    if item.dims is None:
        return MAKERS[item.name](sizes)
    if item.name == "labels":
        return sizes.rng.integers(0, sizes.of("K"), sizes.shape(item.dims))
    if item.name == "tokens":
        return sizes.rng.integers(0, sizes.of("V"), sizes.shape(item.dims))
    if function is losses.hinge and item.name == "y":
        return sizes.rng.choice([-1.0, 1.0], sizes.shape(item.dims))
    return sizes.rng.random(sizes.shape(item.dims))


@every_function
def test_the_docstring_has_its_sections(function: Callable[..., Any]) -> None:
    sections = _sections(function)
    assert {"Shapes", "Raises", "Source"} <= sections.keys()
    assert list(sections) == [
        name
        for name in ("Shapes", "Units", "Numerics", "Raises", "Cost", "Source")
        if name in sections
    ]
    assert all(text.strip() for text in sections.values())


@every_function
def test_the_shapes_are_those_of_the_docstring(function: Callable[..., Any]) -> None:
    arguments, results = _shapes(function)
    parameters = inspect.signature(function).parameters
    required = [name for name, p in parameters.items() if p.default is inspect.Parameter.empty]
    assert [item.name for item in arguments] == required
    measurable = any(item.dims is not None for item in results)
    for seed in range(3 if measurable else 0):
        _check_call(function, arguments, results, Sizes(np.random.default_rng(seed)))


def _check_call(
    function: Callable[..., Any], arguments: list[Item], results: list[Item], sizes: Sizes
) -> None:
    if function in {residual.residual, residual.residual_vjp}:
        sizes.known |= {"n_0": 3, "n_L": 3}  # what is added to X has its shape
    for item in arguments:  # before any shape is drawn: params fix the size of the flat vector
        if item.dims is None:
            MAKERS[item.name](sizes)
    result = function(**{item.name: _argument(function, item, sizes) for item in arguments})
    values = result if len(results) > 1 else (result,)
    for item, value in zip(results, values, strict=True):
        if item.dims is not None:
            assert np.shape(value) == sizes.shape(item.dims), item.name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_run(module: ModuleType) -> None:
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner()
    for test in finder.find(module, globs={**vars(module), "np": np}):
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_module_and_every_field_say_what_they_are(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    assert ast.get_docstring(tree)
    for node in (n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)):
        assert ast.get_docstring(node)
        for field, after in zip(node.body, node.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign):
                assert isinstance(after, ast.Expr), f"{node.name}.{ast.unparse(field)}"


def test_the_arithmetic_of_shapes_notices_a_wrong_line() -> None:
    """The checker itself: a claim that is false must not pass."""

    def transpose(X: Array) -> Array:
        """X with its axes exchanged.

        Shapes:  X (m, n)  ->  Y (m, n)
        """
        return X.T

    with pytest.raises(AssertionError, match="Y"):
        test_the_shapes_are_those_of_the_docstring(transpose)


def test_results_are_frozen() -> None:
    classes = {
        value
        for module in MODULES
        for value in vars(module).values()
        if dataclasses.is_dataclass(value) and isinstance(value, type)
    }
    assert {c.__name__ for c in classes} >= {"Activation", "Cache", "GradReport", "TensorCheck"}
    assert all(c.__dataclass_params__.frozen for c in classes)  # type: ignore[attr-defined]
