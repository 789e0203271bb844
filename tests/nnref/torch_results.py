"""What PyTorch computes where nnref does: `python tests/nnref/torch_results.py` writes it down.

It needs PyTorch, which the tests do not: test_torch.py compares nnref with the file that this
script has written, torch_results.json. Inputs are written too, so that both compute from the same
numbers; all are float64 on the CPU.
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
SOFTMAX: dict[str, Callable[[Tensor], Tensor]] = {
    "softmax": lambda z: functional.softmax(z, dim=-1),
    "log_softmax": lambda z: functional.log_softmax(z, dim=-1),
    "logsumexp": lambda z: torch.logsumexp(z, dim=-1),
}


def main() -> None:
    """Compute everything from one seed and write it."""
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    results = {
        "torch": torch.__version__,
        "activations": _activations(),
        "softmax": _softmax(),
        "losses": {name: _loss(name) for name in LOSSES},
        "layers": {"dense": _dense(), "batch_norm": _norm(0), "layer_norm": _norm(1)},
        "batch_norm_fixed": _batch_norm_fixed(),
        "optimisers": _optimisers(),
        "network": _network(),
    }
    FILE.write_text(json.dumps(results, default=Tensor.tolist) + "\n", encoding="utf-8")


def _activations() -> dict[str, Any]:
    """Values and slopes, at the kinks of all of them and far out too."""
    z = torch.cat([3 * torch.randn(12), torch.tensor([0.0, -1.0, 1.0, -20.0, 20.0, -700.0, 700.0])])
    return {"z": z, **{name: _with_gradient(f, z) for name, f in ACTIVATIONS.items()}}


def _with_gradient(f: Callable[[Tensor], Tensor], z: Tensor) -> dict[str, Tensor]:
    z = z.clone().requires_grad_()
    value = f(z)
    (gradient,) = torch.autograd.grad(value.sum(), z)
    return {"value": value.detach(), "gradient": gradient}


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


def _dense() -> dict[str, Any]:
    X, W, b, d = torch.randn(5, 3), torch.randn(3, 2), torch.randn(2), torch.randn(5, 2)
    return _layer(lambda X, W, b: functional.linear(X, W.T, b), (X, W, b), d)


def _norm(axis: int) -> dict[str, Any]:
    X, gamma, beta, d = torch.randn(5, 3), torch.randn(3), torch.randn(3), torch.randn(5, 3)

    def norm(X: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        if axis:
            return functional.layer_norm(X, (3,), gamma, beta)
        return functional.batch_norm(X, None, None, gamma, beta, training=True)

    return _layer(norm, (X, gamma, beta), d)


def _layer(f: Callable[..., Tensor], arguments: tuple[Tensor, ...], d: Tensor) -> dict[str, Any]:
    """The value, and the gradients of sum(d * value) by the arguments."""
    leaves = [argument.clone().requires_grad_() for argument in arguments]
    value = f(*leaves)
    gradients = torch.autograd.grad(value, leaves, d)
    return {"arguments": arguments, "d": d, "value": value.detach(), "gradients": gradients}


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


def _network() -> dict[str, Any]:
    """A network trained for fifty steps of Adam: its loss at each, its weights after the last."""
    X, labels = torch.randn(8, 3), torch.tensor([0, 1, 1, 0, 1, 0, 0, 1])
    start = [(torch.randn(i, o), 0.1 * torch.randn(o)) for i, o in ((3, 5), (5, 4), (4, 2))]
    params = [[array.clone().requires_grad_() for array in pair] for pair in start]
    optimiser, losses = torch.optim.Adam([a for pair in params for a in pair], lr=0.01), []
    for _ in range(50):
        A = X
        for W, b in params[:-1]:
            A = functional.relu(A @ W + b)
        loss = functional.cross_entropy(A @ params[-1][0] + params[-1][1], labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    after = [[array.detach() for array in pair] for pair in params]
    return {"X": X, "labels": labels, "params": start, "losses": losses, "after": after}


if __name__ == "__main__":
    main()
