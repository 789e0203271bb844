"""What PyTorch computes where nnref does: `python tests/nnref/torch_results.py` writes it down.

It needs PyTorch, which the tests do not: test_oracles.py compares nnref with the file that this
script has written, torch_results.json, and, where PyTorch is installed, with results from another
seed. Inputs are written too, so that both compute from the same numbers; all are float64.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found] # nor is it among the packages for developing
from torch import Tensor
from torch.nn import functional  # type: ignore[import-not-found]

FILE = Path(__file__).with_name("torch_results.json")
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    "softplus": lambda z: functional.softplus(z, threshold=1e9),  # never replaced by z
    "swish": functional.silu,
    "gelu": functional.gelu,
    "gelu_tanh": lambda z: functional.gelu(z, approximate="tanh"),
    "hard_tanh": functional.hardtanh,
}
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
    "hinge": lambda z, y: (1 - y * z).clamp(min=0).mean(),
    "bce_logits": functional.binary_cross_entropy_with_logits,
    "softmax_ce": functional.cross_entropy,
}
OPTIMISERS: dict[str, Callable[[list[Tensor]], torch.optim.Optimizer]] = {
    "sgd": lambda w: torch.optim.SGD(w, lr=0.05),
    "momentum": lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9),
    "nesterov": lambda w: torch.optim.SGD(w, lr=0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda w: torch.optim.Adagrad(w, lr=0.05),
    "rmsprop": lambda w: torch.optim.RMSprop(w, lr=0.05),
    "adam": lambda w: torch.optim.Adam(w, lr=0.05),
    "adamw": lambda w: torch.optim.AdamW(w, lr=0.05),
}
SCHEDULES: dict[str, Callable[[torch.optim.Optimizer], Any]] = {
    "step_decay": lambda o: torch.optim.lr_scheduler.StepLR(o, 7, 0.3),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 20, 0.01),
    "warm_up": lambda o: torch.optim.lr_scheduler.LinearLR(o, 1 / 20, 1, 19),
}
SOFTMAX: dict[str, Callable[[Tensor], Tensor]] = {
    "softmax": lambda z: functional.softmax(z, dim=-1),
    "log_softmax": lambda z: functional.log_softmax(z, dim=-1),
    "logsumexp": lambda z: torch.logsumexp(z, dim=-1),
}


def main() -> None:
    """Compute everything and write it."""
    FILE.write_text(json.dumps(results(seed=0)) + "\n", encoding="utf-8")


def results(seed: int) -> dict[str, Any]:
    """Everything, from one seed, as lists of numbers."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(seed)
    computed = {
        "by": f"PyTorch {torch.__version__}",
        "activations": _activations(),
        "erf": _erf(),
        "softmax": _softmax(),
        "losses": {name: _loss(name) for name in LOSSES},
        "l2": _l2(),
        "layers": {
            "dense": _dense(),
            "batch_norm": _norm(0),
            "layer_norm": _norm(1),
            "conv 1-D": _conv((2, 7, 3), (3, 3, 2)),
            "conv 2-D": _conv((2, 5, 4, 2), (3, 2, 2, 3)),
            "conv 2-D, stride and padding": _conv((2, 6, 5, 2), (3, 3, 2, 2), stride=2, padding=1),
            "max_pool 1-D": _max_pool((2, 7, 3), size=3),
            "max_pool 2-D": _max_pool((2, 5, 4, 3), size=2),
            "max_pool 2-D, overlapping": _max_pool((2, 5, 4, 3), size=3, stride=1),
            "rnn_cell": _rnn_cell(),
            "rnn": _rnn(),
            "embedding": _embedding(),
        },
        "batch_norm_fixed": _batch_norm_fixed(),
        "residual": _residual(),
        "optimisers": _optimisers(),
        "clip_by_norm": _clip_by_norm(),
        "schedules": {name: _rates(name) for name in SCHEDULES},
        "network": _network(),
    }
    torch.set_default_dtype(usual)
    plain: dict[str, Any] = json.loads(json.dumps(computed, default=Tensor.tolist))
    return plain


def _activations() -> dict[str, Any]:
    """Values and slopes, at the kinks of all of them and far out too."""
    z = torch.cat([3 * torch.randn(12), torch.tensor([0.0, -1.0, 1.0, -20.0, 20.0, -700.0, 700.0])])
    return {"z": z, **{name: _with_gradient(f, z) for name, f in ACTIVATIONS.items()}}


def _with_gradient(f: Callable[[Tensor], Tensor], z: Tensor) -> dict[str, Tensor]:
    z = z.clone().requires_grad_()
    value = f(z)
    (gradient,) = torch.autograd.grad(value.sum(), z)
    return {"value": value.detach(), "gradient": gradient}


def _erf() -> dict[str, Any]:
    x = torch.linspace(-6, 6, 49)
    return {"x": x, "erf": torch.erf(x), "erfc": torch.erfc(x)}


def _softmax() -> dict[str, Any]:
    z = 5 * torch.randn(3, 4)
    z[2] += 1000
    jacobian = torch.autograd.functional.jacobian(SOFTMAX["softmax"], z[0])
    return {"z": z, "jacobian": jacobian, **{name: f(z) for name, f in SOFTMAX.items()}}


def _loss(name: str) -> dict[str, Any]:
    z = 2 * torch.randn(5, 3)
    y: Tensor = {
        "hinge": torch.randn(5, 3).sign(),
        "bce_logits": torch.rand(5, 3),
        "softmax_ce": torch.tensor([2, 0, 1, 2, 2]),
    }.get(name, torch.randn(5, 3))
    return {"z": z, "y": y, **_with_gradient(lambda z: LOSSES[name](z, y), z)}


def _l2() -> dict[str, Any]:
    Ws = [torch.randn(3, 4).requires_grad_(), torch.randn(4, 2).requires_grad_()]
    value = 0.15 * sum((W**2).sum() for W in Ws)
    return {"Ws": Ws, "strength": 0.3, "value": value, "gradients": torch.autograd.grad(value, Ws)}


def _dense() -> dict[str, Any]:
    shapes = ((5, 3), (3, 2), (2,))
    return _layer(lambda X, W, b: functional.linear(X, W.T, b), *map(torch.randn, shapes))


def _norm(axis: int) -> dict[str, Any]:
    def norm(X: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        if axis:
            return functional.layer_norm(X, (3,), gamma, beta)
        return functional.batch_norm(X, None, None, gamma, beta, training=True)

    return _layer(norm, torch.randn(5, 3), torch.randn(3), torch.randn(3))


def _layer(f: Callable[..., Tensor], *arguments: Tensor) -> dict[str, Any]:
    """The value, and the gradients of sum(d * value) by the arguments, d random."""
    leaves = [argument.clone().requires_grad_() for argument in arguments]
    value = f(*leaves)
    d = torch.randn(value.shape)
    gradients = torch.autograd.grad(value, leaves, d)
    return {"arguments": arguments, "d": d, "value": value.detach(), "gradients": gradients}


def _conv(
    x: tuple[int, ...], w: tuple[int, ...], *, stride: int = 1, padding: int = 0
) -> dict[str, Any]:
    """Channels are last in nnref, first in PyTorch."""
    options = {"stride": stride, "padding": padding}
    convolve = functional.conv1d if len(x) == 3 else functional.conv2d

    def f(X: Tensor, W: Tensor, b: Tensor) -> Tensor:
        kernel = W.movedim((-1, -2), (0, 1))
        return convolve(X.movedim(-1, 1), kernel, b, **options).movedim(1, -1)

    X, W, b = torch.randn(x), torch.randn(w), torch.randn(w[-1])
    return {"options": options, **_layer(f, X, W, b)}


def _max_pool(x: tuple[int, ...], *, size: int, stride: int | None = None) -> dict[str, Any]:
    pool = functional.max_pool1d if len(x) == 3 else functional.max_pool2d

    def f(X: Tensor) -> Tensor:
        return pool(X.movedim(-1, 1), size, stride).movedim(1, -1)

    X = torch.randn(x)
    options = {"size": size, "stride": stride}
    return {"options": options, **_layer(f, X)}


def _rnn_cell() -> dict[str, Any]:
    """PyTorch has a bias for each of the two products."""
    shapes = ((4, 3), (4, 2), (3, 2), (2, 2), (2,))

    def f(x: Tensor, h: Tensor, W: Tensor, U: Tensor, b: Tensor) -> Tensor:
        return torch.rnn_tanh_cell(x, h, W.T, U.T, b, torch.zeros_like(b))

    return _layer(f, *map(torch.randn, shapes))


def _rnn() -> dict[str, Any]:
    shapes = ((3, 5, 2), (3, 4), (2, 4), (4, 4), (4,))

    def f(X: Tensor, h: Tensor, W: Tensor, U: Tensor, b: Tensor) -> Tensor:
        weights = [W.T.contiguous(), U.T.contiguous(), b, torch.zeros_like(b)]
        return torch.rnn_tanh(X, h[None], weights, True, 1, 0.0, False, False, True)[0]

    return _layer(f, *map(torch.randn, shapes))


def _embedding() -> dict[str, Any]:
    tokens = torch.tensor([[0, 1, 1, 4], [1, 0, 3, 3]])
    found = _layer(lambda table: functional.embedding(tokens, table), torch.randn(5, 3))
    return {"options": {"tokens": tokens}, **found}


def _residual() -> dict[str, Any]:
    """Y = X + F(X), F of one hidden layer with tanh; arguments W1, b1, W2, b2, X."""
    shapes = ((3, 4), (4,), (4, 3), (3,), (5, 3))

    def f(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, X: Tensor) -> Tensor:
        return X + torch.tanh(X @ W1 + b1) @ W2 + b2

    return _layer(f, *map(torch.randn, shapes))


def _batch_norm_fixed() -> dict[str, Any]:
    X, gamma, beta, mean, var = (
        *(torch.randn(5, 3), torch.randn(3), torch.randn(3)),
        *(torch.randn(3), torch.rand(3)),
    )
    value = functional.batch_norm(X, mean, var, gamma, beta)
    return {"arguments": (X, gamma, beta, mean, var), "value": value}


def _optimisers() -> dict[str, Any]:
    """The weights after each of twenty gradients."""
    start, gradients = torch.randn(4), torch.randn(20, 4)
    return {
        "w": start,
        "gradients": gradients,
        **{name: _steps(name, start, gradients) for name in OPTIMISERS},
    }


def _steps(name: str, start: Tensor, gradients: Tensor) -> list[Tensor]:
    w = start.clone().requires_grad_()
    optimiser, path = OPTIMISERS[name]([w]), []
    for g in gradients:
        w.grad = g.clone()
        optimiser.step()
        path.append(w.detach().clone())
    return path


def _clip_by_norm() -> dict[str, Any]:
    w = torch.zeros(6).requires_grad_()
    w.grad = torch.randn(6)
    before = w.grad.clone()
    norm = torch.nn.utils.clip_grad_norm_([w], 0.5)
    return {"g": before, "largest": 0.5, "norm": norm, "clipped": w.grad}


def _rates(name: str) -> list[float]:
    optimiser = torch.optim.SGD([torch.zeros(1).requires_grad_()], lr=0.1)
    schedule, rates = SCHEDULES[name](optimiser), []
    for _ in range(20):
        rates.append(float(schedule.get_last_lr()[0]))
        optimiser.step()
        schedule.step()
    return rates


def _network() -> dict[str, Any]:
    """A network trained for fifty steps of Adam: its loss at each, its gradients at the first,
    its weights after the last.
    """
    X, labels = torch.randn(8, 3), torch.tensor([0, 1, 1, 0, 1, 0, 0, 1])
    start = [(torch.randn(i, o), 0.1 * torch.randn(o)) for i, o in ((3, 5), (5, 4), (4, 2))]
    params = [[array.clone().requires_grad_() for array in pair] for pair in start]
    optimiser, losses = torch.optim.Adam([a for pair in params for a in pair], lr=0.01), []
    first: list[list[Tensor]] = []
    for _ in range(50):
        A = X
        for W, b in params[:-1]:
            A = functional.relu(A @ W + b)
        loss = functional.cross_entropy(A @ params[-1][0] + params[-1][1], labels)
        optimiser.zero_grad()
        loss.backward()
        first = first or [[array.grad.clone() for array in pair] for pair in params]
        optimiser.step()
        losses.append(loss.item())
    after = [[array.detach() for array in pair] for pair in params]
    found = {"losses": losses, "gradients": first, "after": after}
    return {"X": X, "labels": labels, "params": start, **found}


if __name__ == "__main__":
    main()
