"""Ten activation functions with their slopes, on one scale, and how fast the slopes die out."""

# %% setup
import matplotlib.pyplot as plt
import numpy as np

from nnref.activations import ACTIVATIONS, relu, sigmoid, tanh

# %% curves
#| code-fold: true
#| label: fig-activations
#| fig-cap: Ten activation functions (solid) and their slopes (dashed), all on one scale.
#| fig-alt: >-
#|   Ten small plots. Sigmoid and tanh flatten on both sides and their slopes are bells. ReLU, leaky
#|   ReLU, ELU and SELU are straight on the right and differ on the left. Softplus, swish and GELU
#|   are smooth versions of ReLU; swish and GELU dip below zero. Hard tanh is a ramp between two
#|   flats.
TITLES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "softplus": "softplus",
    "swish": "swish",
    "gelu": "GELU",
    "hard_tanh": "hard tanh",
}
z = np.linspace(-4, 4, 801)

fig, axes = plt.subplots(
    5, 2, figsize=(5.2, 9), sharex=True, sharey=True, layout="constrained"
)
for ax, (name, title) in zip(axes.flat, TITLES.items(), strict=True):
    act = ACTIVATIONS[name]
    at_kink = np.isin(z.round(2), act.kinks)  # a jump is no line: leave a gap
    ax.plot(z, act(z))
    ax.plot(z, np.where(at_kink, np.nan, act.df(z)), "--")
    ax.set(title=title, ylim=(-1.4, 3), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2])
    ax.grid()
axes[0, 0].text(3.9, 1.15, "value", color="C0", ha="right")
axes[0, 0].text(3.9, 0.25, "slope", color="C1", ha="right")
plt.show()

# %% saturation
#| code-fold: true
#| label: fig-saturation
#| fig-cap: The slope on the way out, on a logarithmic scale. A straight line down is exponential.
#| fig-alt: >-
#|   Slope against z from 0 to 10, logarithmic. ReLU stays at one. The sigmoid falls from a quarter
#|   to 5e-5, tanh from one to 8e-9.
z = np.linspace(0.01, 10, 500)

fig, ax = plt.subplots(figsize=(5.2, 3), layout="constrained")
for act, label in [(relu, "ReLU"), (sigmoid, "sigmoid"), (tanh, "tanh")]:
    (line,) = ax.semilogy(z, act.df(z))
    ax.text(10.15, act.df(z)[-1], label, color=line.get_color(), va="center")
ax.set(
    xlabel="pre-activation z",
    ylabel="slope",
    xlim=(0, 12),
    ylim=(1e-9, 10),
    xticks=range(0, 11, 2),
)
ax.grid()
plt.show()
