"""Muon (Jordan et al., 2024): momentum made orthogonal by Newton-Schulz, scaled to AdamW's size (arXiv 2502.16982).

PyTorch's own takes matrices only; convolutions are taken here as the matrices they are.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ADAMW_SIZE = 0.2
"""Root mean square of an AdamW update, in learning rates."""


def orthogonal(update: Tensor, steps: int = 5) -> Tensor:
    """Roughly the nearest (semi-)orthogonal matrix to `[A, B]`, in bfloat16."""
    a, b, c = COEFFICIENTS
    x = update.bfloat16()
    if tall := x.shape[0] > x.shape[1]:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """For weights of two dimensions and more, the first of them the outputs."""

    def __init__(
        self, parameters: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    def step(self) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for weight in group["params"]:
                    if weight.grad is not None:
                        self._move(weight, group["lr"], group["momentum"], group["weight_decay"])

    def _move(self, weight: Tensor, lr: float, momentum: float, decay: float) -> None:
        state = self.state[weight]
        if not state:
            state["momentum"] = torch.zeros_like(weight.grad)
        kept = state["momentum"].lerp_(weight.grad, 1 - momentum)
        update = weight.grad.lerp(kept, momentum).flatten(1)
        size = ADAMW_SIZE * max(update.shape) ** 0.5
        weight.mul_(1 - lr * decay)
        weight.add_(orthogonal(update).to(weight.dtype).view_as(weight), alpha=-lr * size)
