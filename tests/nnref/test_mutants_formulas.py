"""Bugs planted in activations, losses and initialisers, each killed by the proofs named."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnref import init, losses, norms, softmax
from nnref.activations import ACTIVATIONS
from nnref.arrays import Array, Scalar

KINKS = ("activations: slopes at kinks are PyTorch's",)
FAR = ("activations: finite at +-10,000",)
VARIANCE = ("he, glorot, lecun: variance as designed, in standard errors",)

_act = dict(ACTIVATIONS)  # as they were, whatever is planted
_softmax_ce = losses.softmax_ce


def _gradient(name: str) -> tuple[str, ...]:
    """The proofs that see a wrong slope: of the activation itself, and of its network."""
    network = f"{name} network, every loss: backward ="
    return f"{name}: slope = complex step", f"{network} complex", f"{network} central"


# activation, formula, its mutant, the proofs
ACTIVATION: dict[str, tuple[str, str, Callable[[Array], Any], tuple[str, ...]]] = {
    "relu'(0) = 1: >= for >": ("relu", "df", lambda z: (z.real >= 0).astype(z.dtype), KINKS),
    "leaky'(0) = 1": ("leaky_relu", "df", lambda z: np.where(z.real >= 0, 1.0, 0.01), KINKS),
    "selu'(0) from the right": (
        "selu",
        "df",
        lambda z: np.where(z.real >= 0, 1.0507009873554805, _act["selu"].df(z)),
        KINKS,
    ),
    "hard_tanh'(1) = 1": ("hard_tanh", "df", lambda z: (np.abs(z) <= 1).astype(z.dtype), KINKS),
    "tanh' = 1 - z^2": ("tanh", "df", lambda z: 1 - z**2, _gradient("tanh")),
    "tanh' = 1 - tanh": ("tanh", "df", lambda z: 1 - np.tanh(z), _gradient("tanh")),
    "sigmoid' = s": ("sigmoid", "df", _act["sigmoid"].f, _gradient("sigmoid")),
    "swish' = s": ("swish", "df", _act["sigmoid"].f, _gradient("swish")),
    "elu' = elu": ("elu", "df", lambda z: np.where(z > 0, 1, _act["elu"](z)), _gradient("elu")),
    "gelu' without its density": (
        "gelu",
        "df",
        lambda z: _act["gelu"](z) / np.where(z == 0, 1, z),
        _gradient("gelu"),
    ),
    "gelu' of the other gelu": ("gelu", "df", _act["gelu_tanh"].df, _gradient("gelu")),
    "sigmoid of exp(-z)": ("sigmoid", "f", lambda z: 1 / (1 + np.exp(-z)), FAR),
    "softplus of exp(z)": ("softplus", "f", lambda z: np.log(1 + np.exp(z)), FAR),
    "swish of exp(-z)": ("swish", "f", lambda z: z / (1 + np.exp(-z)), FAR),
}


@pytest.mark.parametrize("bug", ACTIVATION)
def test_a_wrong_activation_is_killed(bug: str, kill: Callable[..., None]) -> None:
    name, formula, mutant, claims = ACTIVATION[bug]
    original = _act[name]
    changed = {"f": original.f, "df": original.df} | {formula: mutant}
    kill(original, dataclasses.replace(original, f=changed["f"], df=changed["df"]), claims)


# loss, change(z, value, gradient)
LOSS: dict[str, tuple[str, Callable[..., tuple[Scalar, Array]]]] = {
    "mse without the 2": ("mse", lambda z, loss, dz: (loss, dz / 2)),
    "mse with the gradient of a sum": ("mse", lambda z, loss, dz: (loss, dz * dz.size)),
    "mse averaged over examples only": ("mse", lambda z, loss, dz: (loss, dz * dz.shape[1])),
    "mse with y - pred": ("mse", lambda z, loss, dz: (loss, -dz)),
    "cross-entropy without 1/m": ("softmax_ce", lambda z, loss, dz: (loss, dz * len(dz))),
    "cross-entropy with y - p": ("softmax_ce", lambda z, loss, dz: (loss, -dz)),
    "cross-entropy summed, gradient averaged": (
        "softmax_ce",
        lambda z, loss, dz: (loss * len(z), dz),
    ),
    "cross-entropy in bits, gradient in nats": (
        "softmax_ce",
        lambda z, loss, dz: (loss / np.log(2), dz),
    ),
    "bce with the slope of the sigmoid too": (
        "bce_logits",
        lambda z, loss, dz: (loss, dz * _act["sigmoid"].df(z)),
    ),
}


@pytest.mark.parametrize("bug", LOSS)
def test_a_wrong_loss_is_killed(bug: str, kill: Callable[..., None]) -> None:
    name, change = LOSS[bug]
    original = getattr(losses, name)
    claims = (
        f"{name}: gradient = complex step",
        "tanh network, every loss: backward = complex",
        "tanh network, every loss: backward = central",
    )
    kill(original, lambda z, y: change(z, *original(z, y)), claims)


def test_cross_entropy_of_the_next_label_is_killed(kill: Callable[..., None]) -> None:
    def mutant(z: Array, labels: Array) -> tuple[Scalar, Array]:
        return _softmax_ce(z, labels)[0], _softmax_ce(z, (labels + 1) % z.shape[1])[1]

    kill(_softmax_ce, mutant, ("softmax_ce: gradient = complex step",))


def test_the_log_of_an_unshifted_softmax_is_killed(kill: Callable[..., None]) -> None:
    def mutant(z: Array, labels: Array) -> tuple[Scalar, Array]:
        e = np.exp(z)
        p = e / e.sum(axis=1, keepdims=True)
        loss: Scalar = -np.log(p[np.arange(len(z)), labels]).mean()
        return loss, (p - np.eye(z.shape[1])[labels]) / len(z)

    kill(_softmax_ce, mutant, ("softmax_ce: finite for logits of +-10,000",))


def test_a_jacobian_without_its_outer_product_is_killed(kill: Callable[..., None]) -> None:
    kill(
        softmax.softmax_jacobian,
        lambda z: np.diag(softmax.softmax(z)),
        ("softmax: Jacobian = complex step",),
    )


def _norm_vjp(keep_one: float, keep_hat: float) -> Callable[..., Array]:
    """The norms' backward with a share of each of its two projections."""

    def mutant(hat: Array, deviation: Array, dhat: Array, axis: int) -> Array:
        one = dhat.mean(axis=axis, keepdims=True)
        along = (dhat * hat).mean(axis=axis, keepdims=True) * hat
        dX: Array = (dhat - keep_one * one - keep_hat * along) / deviation
        return dX

    return mutant


@pytest.mark.parametrize(("one", "hat"), [(0.0, 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, 0.999)])
def test_a_norm_without_a_projection_is_killed(
    one: float, hat: float, kill: Callable[..., None]
) -> None:
    """Mean or deviation taken for a constant in the backward pass."""
    claims = [f"{n}: vector-Jacobian product = complex step" for n in ("batch_norm", "layer_norm")]
    kill(norms._standardised_vjp, _norm_vjp(one, hat), tuple(claims))


def test_he_without_the_two_is_killed(kill: Callable[..., None]) -> None:
    kill(init.he, init.lecun, VARIANCE)


def test_he_by_the_wrong_fan_is_killed(kill: Callable[..., None]) -> None:
    he = init.he
    kill(he, lambda fan_in, fan_out, rng, dtype: he(fan_out, fan_in, rng, dtype).T, VARIANCE)


def test_an_orthogonal_matrix_that_is_not_is_killed(kill: Callable[..., None]) -> None:
    kill(init.orthogonal, init.lecun, ("orthogonal: W'W = 1",))
