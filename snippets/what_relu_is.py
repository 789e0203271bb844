"""What ReLU is, what it is not, where it bends, and what its slope may be there."""

# %% setup
import matplotlib.pyplot as plt
import numpy as np

from nnref.activations import relu

# %% threshold
#| code-fold: true
#| label: fig-threshold
#| fig-cap: A threshold on x jumps at its bias; a ReLU starts from zero there.
#| fig-alt: >-
#|   Two plots. With bias 1 the threshold function jumps from 0 to 1 at x = 1, while max(0, x - 1)
#|   leaves zero at x = 1 without a jump. With bias -1 the threshold function falls to -1 and is
#|   negative between -1 and 0, while max(0, x + 1) stays above zero.
fig, axes = plt.subplots(
    1, 2, figsize=(5.2, 2.9), sharey=True, layout="constrained"
)
for ax, bias, title in zip(axes, [1, -1], ["bias 1", "bias −1"], strict=True):
    left, right = np.linspace(-2.5, bias, 50), np.linspace(bias, 2.5, 50)
    for x, y in [(left, 0 * left), (right, right)]:
        ax.plot(x, y, "C0")
    ax.plot(bias, 0, "C0o", ms=5)
    ax.plot(bias, bias, "C0o", ms=5, mfc="none")
    x = np.linspace(-2.5, 2.5, 201)
    ax.plot(x, relu(x - bias), "C1--")
    ax.set(title=title, xlabel="x", ylim=(-1.5, 3.8), xticks=range(-2, 3))
    ax.grid()
axes[0].text(-2.4, 2.9, "x if x > bias else 0", color="C0")
axes[0].text(-2.4, 2.2, "max(0, x − bias)", color="C1")
plt.show()

# %% kinks
#| code-fold: true
#| label: fig-kinks
#| fig-cap: Four units relu(w x + b). Each bends at −b/w; the sign of w says which side is active.
#| fig-alt: >-
#|   Four units and two kinks. At x = 1 the unit with w = 1 rises to the right and the one with
#|   w = -1 to the left. At x = -2 the unit with w = 2 rises steeply to the right and the one with
#|   w = -0.5 slowly to the left.
x = np.linspace(-4, 4, 801)

fig, ax = plt.subplots(figsize=(5.2, 3.2), layout="constrained")
for w, b, label, at in [
    (1.0, -1.0, "w = 1, b = −1", (2.1, 0.4)),
    (-1.0, 1.0, "w = −1, b = 1", (-3.9, 2.4)),
    (2.0, 4.0, "w = 2, b = 4", (0.05, 3.4)),
    (-0.5, -1.0, "w = −0.5,\nb = −1", (-3.9, 1.1)),
]:
    (line,) = ax.plot(x, relu(w * x + b))
    ax.plot(-b / w, 0, "o", color=line.get_color(), clip_on=False, zorder=3)
    ax.text(*at, label, color=line.get_color())
ax.set(xlabel="x", ylabel="relu(w x + b)", ylim=(0, 4), yticks=range(5))
ax.grid()
plt.show()

# %% fan
#| code-fold: true
#| label: fig-fan
#| fig-cap: Lines through the corner with a slope between 0 and 1 never rise above ReLU.
#| fig-alt: >-
#|   ReLU as a thick line, and five thin straight lines through the origin with slopes 0, 1/4, 1/2,
#|   3/4 and 1, all on or below it.
x = np.linspace(-2, 2, 201)

fig, ax = plt.subplots(figsize=(5.2, 3), layout="constrained")
for slope in [0, 0.25, 0.5, 0.75, 1]:
    ax.plot(x, slope * x, "C1", lw=1)
    ax.text(
        -2.05,
        -2 * slope,
        f"slope {slope:g}",
        color="C1",
        ha="right",
        va="center",
    )
ax.plot(x, relu(x), "C0", lw=3)
ax.text(0.6, 1.2, "ReLU", color="C0", ha="right")
ax.set(xlim=(-3.1, 2.1), xlabel="z", xticks=range(-2, 3))
ax.grid()
plt.show()

# %% plane
#| code-fold: true
#| label: fig-plane
#| fig-cap: One unit with two inputs is zero on one side of a line and a tilted plane on the other.
#| fig-alt: >-
#|   Heights of relu(2 x1 + x2 - 1) over the plane. Left of the line 2 x1 + x2 = 1 the output is 0.
#|   Right of it straight contours, parallel to that line and evenly spaced, rise in the direction
#|   of the weight vector, drawn as an arrow.
w1, w2, b = 2.0, 1.0, -1.0
x1, x2 = np.meshgrid(np.linspace(-2, 2, 201), np.linspace(-2, 2, 201))

fig, ax = plt.subplots(figsize=(4.2, 4), layout="constrained")
heights = ax.contour(
    x1, x2, relu(w1 * x1 + w2 * x2 + b), levels=[1, 2, 3, 4], colors="C0"
)
ax.clabel(heights, fmt="%g")
ax.axline((0.5, 0), (0, 1), color="C1")
foot = (0.4, 0.2)  # the point of the line that is nearest to the origin
ax.annotate(
    "",
    xy=(0.4 + w1 / 3, 0.2 + w2 / 3),
    xytext=foot,
    arrowprops={"arrowstyle": "->", "color": "C1"},
)
ax.text(0.4, 0.5, "w", color="C1", ha="center")
ax.text(-1.1, -0.9, "output 0", ha="center")
ax.set(
    xlabel="x₁",
    ylabel="x₂",
    xticks=range(-2, 3),
    yticks=range(-2, 3),
    aspect="equal",
)
plt.show()
