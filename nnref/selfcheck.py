"""The proofs that nnref carries along: each compares it with an independent way to know.

`python -m nnref` measures and prints them.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

import numpy as np

from nnref import (
    activations,
    differences,
    dying,
    erf,
    gradcheck,
    init,
    losses,
    mlp,
    optim,
)
from nnref.arrays import Array, Params, Scalar, require_generator
from nnref.proof import Proof
from nnref.selfcheck_layers import layer_proofs
from nnref.selfcheck_regions import region_proofs
from nnref.selfcheck_training import training_proofs

COMPLEX = gradcheck.THRESHOLDS["complex"]
ROUNDING = 4 * float(np.finfo(np.float64).eps)


Loss: TypeAlias = Callable[[Array], tuple[Scalar, Array]]
"""A loss and its gradient, as a function of the network's output alone."""


def proofs() -> Iterator[Proof]:
    """Every proof, still to be measured.

    Shapes:  ->  proofs
    Raises:  nothing; measuring raises what the code under proof raises: a crash is no proof.
    Source:  the complex step and the central difference, see `nnref.differences`.
    """
    yield Proof("erf = math.erf, in units in the last place", _erf_ulps, 2)
    for name in activations.ACTIVATIONS:
        yield Proof(f"{name}: slope = complex step", partial(_slope_error, name), COMPLEX)
    yield Proof("activations: slopes at kinks are PyTorch's", _kink_error, 0)
    yield Proof("activations: finite at +-10,000", _extremes, 0)
    yield Proof("softmax: Jacobian = complex step", _jacobian_error, COMPLEX)
    yield from layer_proofs()
    for name in losses_of(np.random.default_rng(0)):
        yield Proof(f"{name}: gradient = complex step", partial(_loss_error, name), COMPLEX)
        yield Proof(f"{name}: finite for logits of +-10,000", partial(_loss_extremes, name), 0)
    for name in activations.ACTIVATIONS:
        for method, bound in gradcheck.THRESHOLDS.items():
            claim = f"{name} network, every loss: backward = {method}"
            yield Proof(claim, partial(_network_error, name, method), bound)
    yield Proof("l2: gradient = complex step", _l2_error, COMPLEX)
    yield Proof("network: gradient by the input = complex step", _input_error, COMPLEX)
    yield Proof("sgd: w - lr g, arguments untouched", _sgd_error, 0)
    yield from training_proofs()
    yield Proof("he, glorot, lecun: variance as designed, in standard errors", _init_error, 5)
    yield Proof("orthogonal: W'W = 1", _orthogonal_error, ROUNDING)
    yield Proof("dead units: off everywhere, no gradient", _dying_error, 0)
    yield from region_proofs()


def _erf_ulps() -> float:
    x = np.linspace(-6, 6, 2001)
    exact = np.array([math.erf(v) for v in x])
    return float((np.abs(erf.erf(x) - exact) / np.spacing(np.abs(exact))).max())


def _slope_error(name: str) -> float:
    act = activations.ACTIVATIONS[name]
    z = np.append(np.linspace(-30, 30, 601), act.kinks)
    step = 1e-30
    return differences.relative_error(act.df(z), act(z + 1j * step).imag / step)


def _kink_error() -> float:
    """At 0: relu 0, leaky_relu its small slope, selu its left slope; hard_tanh 0 at both ends."""
    expected = {"relu": [0.0], "leaky_relu": [0.01], "hard_tanh": [0.0, 0.0]}
    expected["selu"] = [1.6732632423543772 * 1.0507009873554805]
    jumps = {act.name: act for act in activations.ACTIVATIONS.values() if act.kinks}
    if jumps.keys() != expected.keys():
        return math.inf
    return max(
        abs(float(act.df(kink)) - slope)
        for name, act in jumps.items()
        for kink, slope in zip(act.kinks, expected[name], strict=True)
    )


def _extremes() -> float:
    """How many values or slopes at +-10,000 raise, are not finite or leave the range."""
    z, bad = np.array([-1e4, -1e3, 1e3, 1e4]), 0
    for act in activations.ACTIVATIONS.values():
        try:
            with np.errstate(all="raise"):
                value, slope = act(z), act.df(z)
        except FloatingPointError:
            bad += 1
        else:
            low, high = act.range
            bad += int(not np.isfinite(slope).all() or value.min() < low or value.max() > high)
    return bad


def _jacobian_error() -> float:
    """J against the gradient of r . p for random r, which is r J."""
    z, r = np.random.default_rng(1).standard_normal((2, 5))
    numeric = differences.complex_step(lambda v: r @ activations.softmax(v), z)
    return differences.relative_error(r @ activations.softmax_jacobian(z), numeric)


def losses_of(rng: np.random.Generator) -> dict[str, Loss]:
    """Every loss with a target of its own, as a function of an output of 8 examples, 2 units.

    Shapes:  rng  ->  losses
    Raises:  TypeError unless rng is a generator.
    Source:  targets as each loss takes them: real numbers, classes +-1, probabilities, labels.
    """
    require_generator("losses_of", rng)
    y, p, labels = rng.standard_normal((8, 2)), rng.random((8, 2)), rng.integers(0, 2, 8)
    side = rng.choice([-1.0, 1.0], (8, 2))
    return {
        "mse": lambda out: losses.mse(out, y),
        "mae": lambda out: losses.mae(out, y),
        "huber": lambda out: losses.huber(out, y),
        "hinge": lambda z: losses.hinge(z, side),
        "bce_logits": lambda z: losses.bce_logits(z, p),
        "softmax_ce": lambda z: losses.softmax_ce(z, labels),
    }


def _loss_error(name: str) -> float:
    rng = np.random.default_rng(3)
    z, loss = 3 * rng.standard_normal((8, 2)), losses_of(rng)[name]
    return differences.relative_error(loss(z)[1], differences.complex_step(lambda v: loss(v)[0], z))


def _l2_error() -> float:
    params, _ = _network()
    report = gradcheck.check_gradients(
        lambda p: losses.l2(p, 0.3)[0], params, losses.l2(params, 0.3)[1]
    )
    return report.max_error


def _loss_extremes(name: str) -> float:
    rng = np.random.default_rng(4)
    z, loss = rng.choice([-1e4, 1e4], (8, 2)), losses_of(rng)[name]
    try:
        with np.errstate(all="raise"):
            value, gradient = loss(z)
    except FloatingPointError:
        return 1
    return float(not (np.isfinite(value) and np.isfinite(gradient).all()))


def _network(sizes: tuple[int, ...] = (3, 5, 4, 2)) -> tuple[Params, Array]:
    """A random point in parameter space, biases not zero, and a batch of 8."""
    rng = np.random.default_rng(5)
    params = tuple(
        (W, 0.5 * rng.standard_normal(b.shape)) for W, b in init.init_params(sizes, "he", rng)
    )
    return params, rng.standard_normal((8, sizes[0]))


def _network_error(act: str, method: gradcheck.Method) -> float:
    params, X = _network()
    smooth = not activations.ACTIVATIONS[act].kinks

    def report(loss: Loss) -> gradcheck.GradReport:
        out, cache = mlp.forward(params, X, act)
        return gradcheck.check_gradients(
            lambda p: loss(mlp.predict(p, X, act))[0],
            params,
            mlp.backward(params, cache, loss(out)[1])[0],
            method=method,
            pattern=None if smooth else lambda p: gradcheck.kink_pattern(p, X, act),
        )

    reports = [report(loss) for loss in losses_of(np.random.default_rng(6)).values()]
    return max(report.max_error for report in reports)


def _input_error() -> float:
    params, X = _network()
    loss = losses_of(np.random.default_rng(7))["softmax_ce"]
    out, cache = mlp.forward(params, X, "tanh")
    _, dX = mlp.backward(params, cache, loss(out)[1])
    numeric = differences.complex_step(lambda v: loss(mlp.predict(params, v, "tanh"))[0], X)
    return differences.relative_error(dX, numeric)


def _sgd_error() -> float:
    params, _ = _network()
    before, grads = mlp.flatten(params), mlp.unflatten(np.ones(mlp.n_params(params)), params)
    after = mlp.flatten(optim.sgd(params, grads, 0.25))
    untouched = np.abs(mlp.flatten(params) - before).max()
    return float(np.abs(after - (before - 0.25)).max() + untouched)


def _init_error() -> float:
    """The sample variance of N normal weights has relative standard error sqrt(2 / N)."""
    designed = {"he": 2 / 300, "glorot": 2 / 500, "lecun": 1 / 300}
    rng = np.random.default_rng(8)
    ratios = [init.SCHEMES[k](300, 200, rng, np.float64).var() / v for k, v in designed.items()]
    return float(max(abs(ratio - 1) for ratio in ratios) / math.sqrt(2 / (300 * 200)))


def _orthogonal_error() -> float:
    W = init.orthogonal(30, 20, np.random.default_rng(9))
    return float(np.abs(W.T @ W - np.eye(20)).max())


def _dying_error() -> float:
    """A unit with bias -100 is off on every example: found, and given no gradient at all."""
    params, X = _network()
    (W1, b1), *rest = params
    params = ((W1, np.where(np.arange(5) == 2, -100.0, b1)), *rest)
    out, cache = mlp.forward(params, X)
    grads, _ = mlp.backward(params, cache, np.ones_like(out))
    found = dying.dead_units(params, X)[0]
    shares = dying.activity(params, X)[0]
    wrong = not found[2] or not np.array_equal(found, shares == 0)
    return float(wrong + np.abs(grads[0][0][:, found]).sum() + np.abs(grads[0][1][found]).sum())
