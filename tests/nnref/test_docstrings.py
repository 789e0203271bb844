"""Docstrings are held to their word: sections, shapes, examples.

Each function is called with arrays of the shapes that its `Shapes:` line has for its arguments, and
its results must have those that it has for them.
"""

import ast
import dataclasses
import doctest
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nnref.arrays import Array
from tests.nnref.arguments import (
    FUNCTIONS,
    MODULES,
    Item,
    Sizes,
    arguments,
    name_of,
    sections,
    shapes,
)

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)


@every_function
def test_the_docstring_has_its_sections(function: Callable[..., Any]) -> None:
    said = sections(function)
    assert {"Shapes", "Raises", "Source"} <= said.keys()
    order = ("Shapes", "Units", "Numerics", "Raises", "Cost", "Source")
    assert list(said) == [name for name in order if name in said]
    assert all(text.strip() for text in said.values())


@every_function
def test_the_shapes_are_those_of_the_docstring(function: Callable[..., Any]) -> None:
    items, results = shapes(function)
    parameters = inspect.signature(function).parameters
    required = [name for name, p in parameters.items() if p.default is inspect.Parameter.empty]
    assert [item.name for item in items] == required
    measurable = any(item.dims is not None for item in results)
    for seed in range(3 if measurable else 0):
        sizes = Sizes(np.random.default_rng(seed))
        _check(function(**arguments(function, sizes)), results, sizes)


def _check(result: Any, items: list[Item], sizes: Sizes) -> None:
    values = result if len(items) > 1 else (result,)
    for item, value in zip(items, values, strict=True):
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
