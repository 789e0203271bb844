"""What every public function makes of any argument: one law for all, so that none is left out.

Each is called with right arguments (see `arguments`), one of which is then spoiled: another memory
layout, dtype or shape, or a NaN in it. The function must give the right result or an error that
names the argument. What contract.txt holds word for word for some calls, this holds for all.
"""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

from nnref.arrays import Array
from nnref.inplace import OPTIMISERS
from tests.nnref.arguments import FUNCTIONS, Function, Item, Sizes, arguments, name_of, shapes

GUARDS = r"arrays\.|\w+\.require_"
CALLED = [function for function in FUNCTIONS if not re.match(GUARDS, name_of(function))]
"""All but the guards, by which the others keep the law."""
NETWORKS = {"params", "grads", "like"}
OVERWRITTEN = {
    *(f"inplace.{name} {argument}" for name in OPTIMISERS for argument in ("w", "memory")),
    *("inplace.clip_by_norm g", "overwrite.activation_on A", "overwrite.loss_on out"),
    "fast.gradient net",
}
"""Arguments that are to be changed: arrays must be writeable, and may have to be contiguous."""
GIVEN_BACK = {"mlp.unflatten vector", "fast.rebatched net"}
"""Arguments into which the result is a view."""
ANY_SPACE = {"convolution.max_pool X", "convolution.max_pool_vjp X"}
"""Images with any number of axes: more or fewer are right too."""
OTHER_NAMES = {"fast.gradient y": "labels"}
"""What an error calls an argument that has another name further in."""
UNREAD = {
    "convolution.max_pool_vjp X": "it only says where dZ goes",
    "drawing.error_against_step steps": "matplotlib leaves a gap",
    "drawing.network params": "matplotlib leaves a gap",
    "embedding.embedding_vjp table": "its shape alone",
    "inplace.remember w": "its shape and dtype alone",
    "mlp.n_params params": "shapes alone",
    "mlp.unflatten like": "shapes alone",
}
"""Arguments a NaN in which is not seen in the result, and why."""


class Argument(NamedTuple):
    """One argument of one function: an array, or a network's."""

    function: Function
    item: Item

    def __str__(self) -> str:
        return f"{name_of(self.function)} {self.item.name}"

    def array(self) -> Array:
        """The right one; of a network, its first weights."""
        return next(_arrays(_made(self.function)[self.item.name]))

    def spoiled(self, change: Callable[[Array], Any]) -> dict[str, Any]:
        """Right arguments, but for this one."""
        given = _made(self.function)
        return given | {self.item.name: _first(given[self.item.name], change)}


def _arguments() -> Iterator[Argument]:
    for function in CALLED:
        given = _made(function)
        for item in shapes(function)[0]:
            if isinstance(given[item.name], np.ndarray) or item.name in NETWORKS:
                yield Argument(function, item)


def _made(function: Function) -> dict[str, Any]:
    return arguments(function, Sizes(np.random.default_rng(1)))


def _first(value: Any, change: Callable[[Array], Any]) -> Any:
    return (_first(value[0], change), *value[1:]) if isinstance(value, tuple) else change(value)


def _arrays(value: Any) -> Iterator[Array]:
    """All arrays in a value, and all numbers as arrays."""
    if isinstance(value, np.ndarray | np.generic | float):
        yield np.asarray(value)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _arrays(part)
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))
    elif hasattr(value, "__dataclass_fields__"):
        yield from _arrays([getattr(value, field) for field in value.__dataclass_fields__])


def _called(function: Function, given: Mapping[str, Any]) -> Any:
    result = function(**given)
    return list(result) if isinstance(result, Iterator) else result


def _named(argument: Argument, error: Exception) -> None:
    """The message begins with a function and names an argument."""
    own = OTHER_NAMES.get(str(argument), argument.item.name)
    names = [name.removesuffix("s") for name in (own, *_made(argument.function))]
    names += [r"d?[Wb]\d"] if own in NETWORKS else []
    assert re.match(rf"\w+: .*\b({'|'.join(names)})", str(error)), str(error)


every_argument = pytest.mark.parametrize("argument", list(_arguments()), ids=str)
every_function = pytest.mark.parametrize("function", CALLED, ids=name_of)


@every_function
def test_no_argument_is_changed_or_given_back(function: Function) -> None:
    given = _made(function)
    kept = [name for name in given if f"{name_of(function)} {name}" not in OVERWRITTEN]
    before = [array.copy() for name in kept for array in _arrays(given[name])]
    result = _called(function, given)
    after = [array for name in kept for array in _arrays(given[name])]
    for copy, array in zip(before, after, strict=True):
        np.testing.assert_array_equal(copy, array)
    parts = result if isinstance(result, tuple) else (result,)
    for name in kept:
        shared = _share(given[name], [part for part in parts if isinstance(part, np.ndarray)])
        assert not shared or f"{name_of(function)} {name}" in GIVEN_BACK, name


@every_function
def test_nothing_is_drawn_behind_the_callers_back(function: Function) -> None:
    """NumPy's global state is left alone, and so twice the same gives twice the same."""
    before = np.random.get_state(legacy=False)["state"]["key"].tobytes()
    one, other = (list(_arrays(_called(function, _made(function)))) for _ in range(2))
    assert np.random.get_state(legacy=False)["state"]["key"].tobytes() == before
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def _share(one: Any, other: Any) -> bool:
    return any(np.shares_memory(a, b) for a in _arrays(one) for b in _arrays(other))


@every_argument
def test_any_memory_layout_gives_the_result(argument: Argument) -> None:
    expected = list(_arrays(_called(argument.function, _made(argument.function))))
    for change in (_read_only, np.asfortranarray, _strided, _backwards):
        try:
            found = list(_arrays(_called(argument.function, argument.spoiled(change))))
        except ValueError as error:
            if str(argument) not in OVERWRITTEN:
                raise
            _named(argument, error)
            continue
        assert str(argument) not in OVERWRITTEN or change is not _read_only
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def _read_only(a: Array) -> Array:
    a = a.copy()
    a.flags.writeable = False
    return a


def _strided(a: Array) -> Array:
    return np.repeat(a, 2, axis=-1)[..., ::2]


def _backwards(a: Array) -> Array:
    return a[..., ::-1].copy()[..., ::-1]


@every_argument
def test_another_kind_than_the_docstring_means_is_refused(argument: Argument) -> None:
    kind = argument.array().dtype.kind
    others = {"b": bool, "f": float, "i": int, "O": object}
    wrong: list[Callable[[Array], Any]] = [
        *(lambda a: a.tolist(), lambda _: None, lambda _: "x"),
        *(lambda a, dtype=dtype: a.astype(dtype) for k, dtype in others.items() if k != kind),
    ]
    for change in wrong:
        with pytest.raises((TypeError, ValueError)) as caught:
            _called(argument.function, argument.spoiled(change))
        _named(argument, caught.value)


COUNTED = {"P", "bits"}
"""Sizes that follow from others."""
SHAPES: tuple[Callable[[Array], Array], ...] = (
    lambda a: a[..., None],
    lambda a: a[None],
    lambda a: a[0],
    lambda a: a[:1],
    lambda a: a[:0],
    lambda a: a[..., :0],
    lambda a: np.concatenate([a, a]),
    lambda a: np.concatenate([a, a], axis=-1),
)


@every_argument
def test_only_shapes_that_fit_the_docstring_give_a_result(argument: Argument) -> None:
    """Which then has the shape that the docstring gives it."""
    for change in SHAPES:
        given = argument.spoiled(change)
        sizes = _explained(argument.function, given)
        try:
            result = _called(argument.function, given)
        except (TypeError, ValueError) as error:
            _named(argument, error)
            continue
        if str(argument) in ANY_SPACE and change(argument.array()).ndim != argument.array().ndim:
            continue
        assert sizes is not None, change(argument.array()).shape
        _, items = shapes(argument.function)
        for item, value in zip(items, result if len(items) > 1 else (result,), strict=True):
            if item.dims is not None and not COUNTED & set(item.dims):
                assert np.shape(value) == sizes.shape(item.dims), item.name


def _explained(function: Function, given: Mapping[str, Any]) -> Sizes | None:
    """The size of each symbol, if one for each explains the shapes of all that is given."""
    sizes = Sizes(np.random.default_rng(1))
    arguments(function, sizes)  # for those that no array has
    known: dict[str, Any] = {}
    claims: list[tuple[str, Any]] = []
    for item in shapes(function)[0]:
        value = given[item.name]
        if item.name in NETWORKS:
            (W, b), *_ = value
            if W.ndim != 2 or b.shape != W.shape[1:]:
                return None
            claims += [("n_0", W.shape[0]), ("n_L", value[-1][1].size)]
        elif item.dims is not None:
            shape, named = value.shape, [dim for dim in item.dims if dim != "..."]
            cut = len(shape) - len(named)
            if cut < 0 or (cut > 0 and len(named) == len(item.dims)):
                return None
            claims += [("...", shape[:cut])] if "..." in item.dims else []
            claims += zip(named, shape[cut:], strict=True)
    for symbol, size in claims:
        if (symbol == "..." or symbol.isidentifier()) and known.setdefault(symbol, size) != size:
            return None
    sizes.rest = known.pop("...", sizes.rest)
    sizes.known |= known
    right = all(sizes.shape((dim,)) == (size,) for dim, size in claims if dim != "...")
    return sizes if right else None


@every_argument
def test_nan_is_passed_on_or_refused(argument: Argument) -> None:
    if argument.array().dtype.kind != "f" or str(argument) in UNREAD:
        return
    given = argument.spoiled(lambda a: np.where(np.arange(a.size).reshape(a.shape), a, np.nan))
    try:
        with np.errstate(invalid="ignore"):
            result = _called(argument.function, given)
    except ValueError as error:
        if not re.match(r"\w+: .*(nan|not finite)", str(error)):
            raise
        return
    seen = [result, *(value for name, value in given.items() if name != argument.item.name)]
    if str(argument) not in OVERWRITTEN:
        assert any(np.isnan(array).any() for array in _arrays(seen) if array.dtype.kind in "fc")


def _plain(kind: type) -> list[tuple[Function, str]]:
    """Every argument that is a number of Python of this kind."""
    made = [(function, _made(function)) for function in CALLED]
    return [(f, name) for f, given in made for name in given if type(given[name]) is kind]


@pytest.mark.parametrize(("function", "name"), _plain(int))
@pytest.mark.parametrize("value", [2.5, "2", None, True, -1])
def test_a_count_that_is_none_is_refused(function: Function, name: str, value: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^\w+: .*\b{name}\b"):
        _called(function, _made(function) | {name: value})


@pytest.mark.parametrize(("function", "name"), _plain(float))
def test_a_number_that_is_nan_is_refused(function: Function, name: str) -> None:
    with pytest.raises(ValueError, match=rf"^\w+: .*\b{name}\b"):
        _called(function, _made(function) | {name: np.nan})


def _options(kind: type) -> list[tuple[Function, str]]:
    """Every argument whose default is a number of this kind."""
    signatures = [(function, inspect.signature(function).parameters) for function in CALLED]
    return [
        (f, name) for f, all_ in signatures for name in all_ if type(all_[name].default) is kind
    ]


@pytest.mark.parametrize(("function", "name"), [*_options(float), *_options(int)])
def test_an_option_that_is_none_is_refused(function: Function, name: str) -> None:
    whole = isinstance(inspect.signature(function).parameters[name].default, int)
    for value in (2.5, -1) if whole else (np.nan,):
        with pytest.raises((TypeError, ValueError), match=rf"^\w+: .*\b{name}\b"):
            _called(function, _made(function) | {name: value})


@every_function
def test_a_generator_is_one_of_numpys(function: Function) -> None:
    for wrong in (0, None, np.random, np.random.RandomState(0)):
        if "rng" in _made(function):
            with pytest.raises(TypeError, match=r"^\w+: rng must be a numpy.random.Generator, not"):
                _called(function, _made(function) | {"rng": wrong})
