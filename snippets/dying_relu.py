"""How ReLU units die, and which of them come back."""

# %% setup
#| code-fold: true
from collections.abc import Callable
from functools import partial
from statistics import NormalDist
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from nnref.arrays import Params
from nnref.dying import activity, dead_units
from nnref.init import he, init_params
from nnref.losses import bce_logits
from nnref.mlp import backward, forward, predict
from nnref.optim import adam, momentum, sgd

rng = np.random.default_rng(0)
X = rng.normal(size=(256, 2))
y = (X[:, :1] * X[:, 1:] > 0).astype(float)  # have they the same sign?

Optimiser = Callable[[Params, Params, Any], tuple[Params, Any]]
"""From parameters, gradients and a state to the next parameters and state."""


def train(optimiser: Optimiser, seed: int, steps: int = 300) -> list[Params]:
    """A network's parameters before each full-batch step, and at the end."""
    params = init_params((2, 32, 32, 1), "he", np.random.default_rng(seed))
    history, state = [params], None
    for _ in range(steps):
        logits, cache = forward(params, X)
        _, dlogits = bce_logits(logits, y)
        grads, _ = backward(params, cache, dlogits)
        params, state = optimiser(params, grads, state)
        history.append(params)
    return history


def descent(lr: float) -> Optimiser:
    """Plain gradient descent: an optimiser that remembers nothing."""
    return lambda params, grads, state: (sgd(params, grads, lr), state)


def loss(params: Params) -> float:
    return float(bce_logits(predict(params, X), y)[0])


# %% learning rate
#| code-fold: true
#| label: fig-dead-share-learning-rate
#| fig-cap: >-
#|   Dead units after 300 steps of gradient descent against the learning rate, by layer. A dot is
#|   one of six runs, a line their mean.
#| fig-alt: >-
#|   Dead share against learning rates from 0.1 to 8, on a logarithmic axis. Layer 1 stays at zero
#|   up to a rate of 1 and then climbs to about a third. Layer 2 starts at a tenth, climbs from a
#|   rate of 1 on, and reaches nearly all units.
rates = [0.1, 0.3, 1, 2, 4, 8]
runs = {lr: [train(descent(lr), seed) for seed in range(6)] for lr in rates}
masks = np.array([[dead_units(run[-1], X) for run in runs[lr]] for lr in rates])
dead = masks.mean(axis=-1)  # (rates, runs, layers)

fig, ax = plt.subplots(figsize=(5, 3.4))
for layer, color in enumerate(["C0", "C1"]):
    ax.semilogx(rates, dead[:, :, layer], ".", color=color, alpha=0.5)
    ax.semilogx(rates, dead[:, :, layer].mean(axis=1), color=color)
ax.text(1.7, 0.5, "layer 2", color="C1", ha="right")
ax.text(5.5, 0.06, "layer 1", color="C0", ha="center")
ax.set(xlabel="learning rate", ylabel="share of dead units", ylim=(-0.03, 1.03))
ax.set_xticks(rates, [f"{lr:g}" for lr in rates])
ax.minorticks_off()
plt.show()

print("          dead units")
print("rate   layer 1   layer 2    loss")
for lr, shares in zip(rates, dead.mean(axis=1), strict=True):
    final = np.mean([loss(run[-1]) for run in runs[lr]])
    print(f"{lr:4}   {shares[0]:7.0%}   {shares[1]:7.0%}   {final:5.3f}")

small, large = dead[:3].mean(axis=1), dead[-2:].mean(axis=1)
assert (small[:, 0] == 0).all()  # up to a rate of 1 no unit of layer 1 dies
assert (large > 0.2).all()
assert (large[:, 1] > large[:, 0]).all()  # layer 2 suffers more
typical = np.median([loss(run[-1]) for run in runs[8]])
assert abs(typical - np.log(2)) < 0.01  # a coin toss

# %% activity
#| code-fold: true
#| label: fig-activity
#| fig-cap: >-
#|   On how many of the 256 examples is a hidden unit active? All 64 hidden units of one network;
#|   dead ones, active on none, stand apart on the left.
#| fig-alt: >-
#|   Three histograms of the share of examples on which a unit is active. In the fresh network most
#|   units are active on about half of the examples and a few are dead. Training with rate 0.3
#|   hardly changes that. After training with rate 4 half of the units are dead and most others are
#|   active on few examples.
networks = {
    "fresh, He initialisation": runs[4][0][0],
    "trained, learning rate 0.3": runs[0.3][0][-1],
    "trained, learning rate 4": runs[4][0][-1],
}
shares = {
    name: np.concatenate(activity(net, X)) for name, net in networks.items()
}

fig, axes = plt.subplots(
    3, sharex=True, sharey=True, figsize=(5, 5), layout="constrained"
)
for ax, (name, active) in zip(axes, shares.items(), strict=True):
    n_dead = (active == 0).sum()
    ax.hist(active[active > 0], bins=np.linspace(0, 1, 21), color="C0")
    ax.bar(-0.05, n_dead, width=0.05, color="C1")
    ax.text(-0.01, n_dead, f"{n_dead} dead", color="C1")
    ax.set_title(name, fontsize="medium")
    ax.margins(y=0.15)
axes[1].set_ylabel("units")
axes[2].set_xlabel("share of examples on which the unit is active")
plt.show()

fresh = shares["fresh, He initialisation"]
assert 0.4 < fresh.mean() < 0.6  # half of all pairs are off: sparse, not dead
assert (shares["trained, learning rate 4"] == 0).sum() > 2 * (fresh == 0).sum()

# %% bias
#| code-fold: true
#| label: fig-dead-share-bias
#| fig-cap: >-
#|   4000 He-initialised units with 20 standard normal inputs and 1000 examples, all with the same
#|   bias. Dots are counted, lines computed. The share of active pairs falls long before a unit
#|   dies.
#| fig-alt: >-
#|   Two curves against the bias from -8 to 0. The share of active inputs falls from one half at
#|   bias 0 to nearly zero at -4. The share of dead units is zero down to a bias of -2, then rises
#|   steeply to nearly one at -7. Dots of the measurement lie on both curves.
n_in, n_units, m = 20, 4000, 1000
W = he(n_in, n_units, rng)
Z = rng.normal(size=(m, n_in)) @ W  # without the bias: (m, n_units)
biases = np.linspace(-8, 0, 17)
measured_dead = np.array([(Z.max(axis=0) + b <= 0).mean() for b in biases])
measured_active = np.array([(Z + b > 0).mean() for b in biases])

Phi = np.vectorize(NormalDist().cdf)
norms = np.linalg.norm(W, axis=0)  # a unit's z has this standard deviation
p_off = Phi(-biases[:, None] / norms)  # on one example: (biases, n_units)
p_dead = (p_off**m).mean(axis=1)  # on m independent ones
p_active = Phi(biases / np.sqrt(2))  # over all units z is about N(b, 2)

fig, ax = plt.subplots(figsize=(5, 3.4))
for measured, computed, color in [
    (measured_active, p_active, "C0"),
    (measured_dead, p_dead, "C1"),
]:
    ax.plot(biases, computed, color=color)
    ax.plot(biases, measured, ".", color=color)
ax.text(-1.6, 0.25, "active pairs", color="C0", ha="right")
ax.text(-5.2, 0.85, "dead units", color="C1", ha="left")
ax.set(xlabel="bias b", ylabel="share", ylim=(-0.03, 1.03))
plt.show()

print("bias   active     dead   computed")
for b in (0, -2, -3, -4, -5, -6):
    i = np.flatnonzero(biases == b).item()
    counted = f"{measured_active[i]:6.2%}   {measured_dead[i]:6.2%}"
    print(f"{b:4}   {counted}   {p_dead[i]:8.2%}")

assert np.abs(measured_dead - p_dead).max() < 0.03  # all see the same examples
assert np.abs(measured_active - p_active).max() < 0.01
assert measured_dead[-1] == 0  # bias 0


# %% revival
#| code-fold: true
def died_and_revived(runs: list[list[Params]], layer: int) -> tuple[int, int]:
    """How many units were dead at some step, and how many came back."""
    died = revived = 0
    for history in runs:
        dead = np.array([dead_units(params, X)[layer] for params in history])
        dead_before = np.maximum.accumulate(dead, axis=0)
        died += int(dead.any(axis=0).sum())
        revived += int((dead_before & ~dead).any(axis=0).sum())
    return died, revived


optimisers = {
    "plain": runs[4],
    "momentum": [train(partial(momentum, lr=1.0), seed) for seed in range(6)],
    "Adam": [train(partial(adam, lr=0.2), seed) for seed in range(6)],
}
counts = {
    (name, layer): died_and_revived(histories, layer)
    for name, histories in optimisers.items()
    for layer in (0, 1)
}
print("descent    layer   died   came back")
for (name, layer), (died, revived) in counts.items():
    print(f"{name:8}   {layer + 1:5}   {died:4}   {revived:9}")

died, revived = counts["plain", 0]
assert died > 20
assert revived == 0  # in layer 1, under plain gradient descent
assert counts["plain", 1][1] > 20
assert counts["momentum", 0][1] > 0
assert counts["Adam", 0][1] > 0
