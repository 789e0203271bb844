"""Small data sets: made by code, and one from life. Enough to see a network learn, or fail to."""

import csv
from importlib.resources import files

import numpy as np

from nnref.arrays import Array, require_count, require_generator, require_number


def xor() -> tuple[Array, Array]:
    """The four points that no line parts: class 1 where exactly one coordinate is 1.

    Shapes:  ->  X (4, 2), labels (4,)
    Raises:  nothing.
    Source:  Minsky and Papert, Perceptrons 1969.

    >>> xor()[1]
    array([0, 1, 1, 0])
    """
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([0, 1, 1, 0])


def moons(m: int, rng: np.random.Generator, *, noise: float = 0.1) -> tuple[Array, Array]:
    """Two half circles of radius 1 that interlock, each point moved by N(0, noise^2).

    Shapes:  m, rng  ->  X (m, 2), labels (m,)
    Raises:  TypeError unless m is an integer; ValueError unless m >= 2 and noise >= 0.
    Source:  the shape of scikit-learn's `make_moons`, written anew.
    """
    _require("moons", m, 2, noise, rng)
    labels = np.arange(m) % 2
    angle = rng.uniform(0, np.pi, m)
    x = np.where(labels == 0, np.cos(angle), 1 - np.cos(angle))  # (m,)
    y = np.where(labels == 0, np.sin(angle), 0.5 - np.sin(angle))
    return np.column_stack([x, y]) + noise * rng.standard_normal((m, 2)), labels


def spirals(
    m: int,
    rng: np.random.Generator,
    *,
    classes: int = 2,
    turns: float = 1.0,
    noise: float = 0.05,
) -> tuple[Array, Array]:
    """Arms of a spiral within the unit disc, one per class, each turned against the next.

    Shapes:  m, rng  ->  X (m, 2), labels (m,)
    Raises:  TypeError unless integers; ValueError unless m >= classes >= 1, noise >= 0
             and turns is finite.
    Source:  Lang and Witbrock, Connectionist Models Summer School 1988.
    """
    _require("spirals", m, classes, noise, rng)
    require_number("spirals", "turns", turns)
    labels = np.arange(m) % classes
    radius = np.sqrt(rng.uniform(0, 1, m))  # uniform over the disc's area
    angle = 2 * np.pi * (turns * radius + labels / classes)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])  # (m, 1) * (m, 2)
    return X + noise * rng.standard_normal((m, 2)), labels


def sine(m: int, rng: np.random.Generator, *, noise: float = 0.1) -> tuple[Array, Array]:
    """A regression in one variable: y = sin(x) + N(0, noise^2) for x uniform in [-pi, pi].

    Shapes:  m, rng  ->  X (m, 1), y (m, 1)
    Raises:  TypeError unless m is an integer; ValueError unless m >= 1 and noise >= 0.
    Source:  Bishop, PRML 2006, section 1.1, on [-pi, pi].
    """
    _require("sine", m, 1, noise, rng)
    X = rng.uniform(-np.pi, np.pi, (m, 1))
    return X, np.sin(X) + noise * rng.standard_normal((m, 1))


def linear(
    m: int, rng: np.random.Generator, *, inputs: int = 3, noise: float = 0.1
) -> tuple[Array, Array, Array]:
    """A regression whose truth is known: y = X w + N(0, noise^2), X and w standard normal.

    Shapes:  m, rng  ->  X (m, 3), y (m, 1), w (3, 1)
    Raises:  TypeError unless integers; ValueError unless m, inputs >= 1 and noise >= 0.
    Source:  Bishop, PRML 2006, section 3.1.1.
    """
    _require("linear", m, 1, noise, rng)
    require_count("linear", "inputs", inputs, 1)
    w = rng.standard_normal((inputs, 1))
    X = rng.standard_normal((m, inputs))
    return X, X @ w + noise * rng.standard_normal((m, 1)), w


def titanic() -> tuple[Array, Array]:
    """Who aboard the Titanic survived: class 1, against class, sex and age.

    Columns of X, each 0 or 1: first, second, third class, crew, female, child. Rows come in groups
    of equal people: shuffle before cutting into batches, as `nnref.train.fit` does. No function of
    X can predict better than the shares of the 14 groups.

    Shapes:  ->  X (2201, 6), labels (2201,)
    Raises:  nothing.
    Source:  British Board of Trade 1912, public domain; source and licence stand in
             nnref/tables/titanic.csv.

    >>> X, labels = titanic()
    >>> int(labels.sum()), int(labels[X[:, 4] == 1].sum())  # survivors, women among them
    (711, 344)
    """
    rows: list[list[float]] = []
    labels: list[int] = []
    with (files("nnref") / "tables" / "titanic.csv").open(encoding="utf-8") as file:
        for group in csv.DictReader(line for line in file if not line.startswith("#")):
            row = [float(group["class"] == name) for name in ("first", "second", "third", "crew")]
            row += [float(group["sex"] == "female"), float(group["age"] == "child")]
            for label, count in enumerate((int(group["died"]), int(group["survived"]))):
                rows += [row] * count
                labels += [label] * count
    return np.array(rows), np.array(labels)


def _require(where: str, m: int, classes: int, noise: float, rng: np.random.Generator) -> None:
    require_generator(where, rng)
    require_count(where, "classes", classes, 1)
    require_count(where, "m", m, classes)  # one per class
    if not noise >= 0:
        raise ValueError(f"{where}: noise must not be negative, got {noise}")
