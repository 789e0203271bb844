"""One training step of one network, as each library does it at its best.

Run as `python -m benchmarks.steps BACKEND CASE`, it makes the network ready, then takes as many
steps as each line of its input says and answers with the microseconds that each took. All start
from the same weights and see one batch.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from nnref import fast, inplace, losses, mlp, optim
from nnref.arrays import Array, Params
from nnref.init import init_params

Step = Callable[[], Any]
"""Takes a step and gives its loss, as a number or what `float` takes."""
LR = 1e-3


@dataclass(frozen=True)
class Case:
    """A network and a batch of random examples."""

    sizes: tuple[int, ...]
    """Layer sizes, input first: classes in the end, or one number."""
    batch: int
    """How many examples."""

    @property
    def classes(self) -> bool:
        """Whether the targets are labels and the loss is the cross-entropy."""
        return self.sizes[-1] > 1

    def params(self) -> Params:
        """The weights that all start from."""
        return init_params(self.sizes, "he", np.random.default_rng(0), np.float32)

    def examples(self) -> tuple[Array, Array]:
        """X and targets; the same labels or numbers to every library."""
        rng = np.random.default_rng(1)
        X = rng.random((self.batch, self.sizes[0]), dtype=np.float32)
        if self.classes:
            return X, rng.integers(0, self.sizes[-1], self.batch)
        return X, rng.random((self.batch, 1), dtype=np.float32)


CASES = {
    "batch 64": Case((784, 256, 128, 10), 64),
    "batch 512": Case((784, 256, 128, 10), 512),
    "tiny": Case((2, 16, 16, 1), 32),
}


def floor(case: Case) -> Step:
    """The matrix products of a step and nothing else."""
    X, _ = case.examples()
    rng = np.random.default_rng(2)
    Ws = [W for W, _ in case.params()]
    A = [X, *(rng.random((case.batch, n), dtype=np.float32) for n in case.sizes[1:])]
    out, dW = [np.empty_like(a) for a in A], [np.empty_like(W) for W in Ws]

    def step() -> float:
        for l, W in enumerate(Ws):
            np.dot(A[l], W, out[l + 1])
        for l in range(len(Ws) - 1, -1, -1):
            np.dot(A[l].T, A[l + 1], dW[l])
            if l:
                np.dot(A[l + 1], Ws[l].T, out[l])
        return float("nan")

    return step


def adam_alone(case: Case) -> Step:
    """The step of the optimiser and nothing else."""
    w = mlp.flatten(case.params())
    memory = inplace.remember(w, "adam")
    g = np.random.default_rng(2).standard_normal(w.size).astype(w.dtype)

    def step() -> float:
        inplace.adam(w, g, memory, LR)
        return float("nan")

    return step


def nnref_fast(case: Case) -> Step:
    """`nnref.fast` and `nnref.inplace`."""
    X, y = case.examples()
    net = fast.network(case.params(), case.batch, loss=_loss(case))
    memory = inplace.remember(net.vector, "adam")

    def step() -> float:
        loss = fast.gradient(net, X, y)
        inplace.adam(net.vector, net.gradient, memory, LR)
        return loss

    return step


def nnref_readable(case: Case) -> Step:
    """`nnref.mlp` and `nnref.optim`: the form to read."""
    (X, y), loss = case.examples(), _loss(case)
    params, state = case.params(), None

    def step() -> Array:
        nonlocal params, state
        out, cache = mlp.forward(params, X)
        value, dout = loss(out, y)
        params, state = optim.adam(params, mlp.backward(params, cache, dout)[0], state, LR)
        return value

    return step


def _loss(case: Case) -> fast.Loss:
    return losses.softmax_ce if case.classes else losses.mse


def torch_eager(case: Case, *, fused: bool = False, compiled: bool = False) -> Step:
    """PyTorch as its tutorials write it."""
    import torch  # noqa: PLC0415 -- only this backend's process has it
    from torch.nn import functional  # noqa: PLC0415

    torch.set_num_threads(1)
    layers: list[Any] = []
    for W, b in case.params():
        layer = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(W.T))
            layer.bias.copy_(torch.from_numpy(b))
        layers += [layer, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimiser = torch.optim.Adam(model.parameters(), lr=LR, fused=fused)
    X, y = map(torch.from_numpy, case.examples())
    measure = functional.cross_entropy if case.classes else functional.mse_loss

    def value() -> Any:
        return measure(model(X), y)

    loss_of = torch.compile(value) if compiled else value

    def step() -> Any:
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimiser.step()
        return loss.detach()

    return step


def torch_fused(case: Case) -> Step:
    """PyTorch with its optimiser in one kernel."""
    return torch_eager(case, fused=True)


def torch_compiled(case: Case) -> Step:
    """PyTorch with the network compiled too."""
    return torch_eager(case, fused=True, compiled=True)


def jax_jit(case: Case) -> Step:
    """JAX: the whole step compiled, its buffers donated."""
    import jax  # noqa: PLC0415 -- only this backend's process has it
    from jax import numpy as jnp  # noqa: PLC0415

    X, y = map(jnp.asarray, case.examples())
    params = [(jnp.asarray(W), jnp.asarray(b)) for W, b in case.params()]

    def loss_of(params: Any, X: Any, y: Any) -> Any:
        for W, b in params[:-1]:
            X = jax.nn.relu(X @ W + b)
        out = X @ params[-1][0] + params[-1][1]
        if not case.classes:
            return ((out - y) ** 2).mean()
        return -jnp.take_along_axis(jax.nn.log_softmax(out), y[:, None], 1).mean()

    def adam(params: Any, moments: Any, X: Any, y: Any) -> Any:
        m, v, t = moments
        value, g = jax.value_and_grad(loss_of)(params, X, y)
        t += 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        c1, c2 = LR / (1 - 0.9**t), 1 / (1 - 0.999**t)
        params = jax.tree.map(lambda w, m, v: w - c1 * m / (jnp.sqrt(c2 * v) + 1e-8), params, m, v)
        return value, params, (m, v, t)

    compiled = jax.jit(adam, donate_argnums=(0, 1))
    zeros = jax.tree.map(jnp.zeros_like, params)
    state = [params, (zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros(()))]

    def step() -> Any:
        nonlocal state
        value, *state = compiled(*state, X, y)
        jax.block_until_ready(state)
        return value

    return step


BACKENDS: dict[str, Callable[[Case], Step]] = {
    "products alone": floor,
    "nnref's Adam alone": adam_alone,
    "nnref.fast": nnref_fast,
    "nnref, readable": nnref_readable,
    "torch eager": torch_eager,
    "torch fused Adam": torch_fused,
    "torch.compile": torch_compiled,
    "JAX jit": jax_jit,
}


def main(backend: str, case: str) -> None:
    """Answer each line of input."""
    imported = _peak()
    step = BACKENDS[backend](CASES[case])
    values = [float(step()) for _ in range(50)]
    _say({} if backend.endswith("alone") else {"first": values[0], "last": values[-1]})
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = perf_counter()
            step()
            times.append(1e6 * (perf_counter() - start))
        _say({"times": times, "memory": _peak(), "before": imported})


def _peak() -> float:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    main(*sys.argv[1:])
