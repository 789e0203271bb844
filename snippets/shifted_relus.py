"""Eight functions built from shifted ReLUs: their graphs, values, kinks, and four exercises."""

# %% functions
import matplotlib.pyplot as plt
import numpy as np

from nnref.activations import Elementwise, relu

EIGHT: dict[str, Elementwise] = {
    "relu(x + 1)": lambda x: relu(x + 1),
    "relu(x − 1)": lambda x: relu(x - 1),
    "relu(x − 1) + 1": lambda x: relu(x - 1) + 1,
    "relu(−x)": lambda x: relu(-x),
    "relu(−x − 1)": lambda x: relu(-x - 1),
    "ramp": lambda x: relu(x) - relu(x - 1),
    "staircase": lambda x: relu(x) - relu(x - 1) + relu(x - 2) - relu(x - 3),
    "plateau": lambda x: (
        relu(x)
        - relu(x - 1)
        + relu(x - 2)
        - relu(x - 3)
        - relu(x - 4)
        + relu(x - 6)
    ),
}

# %% graphs
#| code-fold: true
#| label: fig-eight
#| fig-cap: The eight functions. A dot marks each kink.
#| fig-alt: >-
#|   Eight small plots of piecewise linear functions: a ReLU shifted left, shifted right, shifted
#|   and lifted, mirrored, mirrored and shifted; then a ramp from 0 to 1, a staircase with two
#|   steps, and a plateau that returns to zero.
x = np.linspace(-3, 8, 1101)
integers = np.arange(-3.0, 9.0)

fig, axes = plt.subplots(
    4, 2, figsize=(5.2, 7.2), sharex=True, layout="constrained"
)
for ax, (name, f) in zip(axes.flat, EIGHT.items(), strict=True):
    ax.plot(x, f(x))
    kinks = integers[1:-1][np.diff(f(integers), n=2) != 0]
    ax.plot(kinks, f(kinks), "C0o", ms=5)
    ax.set(
        title=name, ylim=(-0.3, 3.3), xticks=range(-2, 9, 2), yticks=range(4)
    )
    ax.grid()
plt.show()

# %% kinks
# Every kink lies on an integer, so a second difference is a change of slope.
for name, f in EIGHT.items():
    start = f(-2.0) - f(-3.0)
    changes = zip(integers[1:-1], np.diff(f(integers), n=2), strict=True)
    bends = "  ".join(f"{t:.0f}: {c:+.0f}" for t, c in changes if c)
    print(f"{name:<16} {start:2.0f}   {bends}")

# %% values
x = np.arange(-1.0, 8.0)
assert np.array_equal(EIGHT["ramp"](x), np.clip(x, 0, 1))
assert np.array_equal(EIGHT["staircase"](x), [0, 0, 1, 1, 2, 2, 2, 2, 2])
assert np.array_equal(EIGHT["plateau"](x), [0, 0, 1, 1, 2, 2, 1, 0, 0])

# %% exercises
#| code-fold: true
#| label: fig-exercises
#| fig-cap: The four exercises, solved.
#| fig-alt: >-
#|   Four plots: zero and then falling from x = 1; zero and then rising from x = 2; zero and then
#|   falling from x = 3; and zero, a ramp from 2 to 3, then one.
EXERCISES: dict[str, Elementwise] = {
    "1:  −relu(x − 1)": lambda x: -relu(x - 1),
    "2:  relu(x − 2)": lambda x: relu(x - 2),
    "3:  −relu(x − 3)": lambda x: -relu(x - 3),
    "4:  relu(x − 2) − relu(x − 3)": lambda x: relu(x - 2) - relu(x - 3),
}
x = np.linspace(-1, 6, 701)

fig, axes = plt.subplots(
    2, 2, figsize=(5.2, 4.2), sharex=True, sharey=True, layout="constrained"
)
for ax, (name, f) in zip(axes.flat, EXERCISES.items(), strict=True):
    ax.plot(x, f(x))
    ax.set_title(name, fontsize="medium")
    ax.set(ylim=(-3.2, 3.2), xticks=range(7), yticks=range(-3, 4))
    ax.grid()
plt.show()

_, two, three, four = EXERCISES.values()
assert np.array_equal(four(x), two(x) + three(x))
assert np.allclose(four(x), np.clip(x - 2, 0, 1), atol=1e-15)
