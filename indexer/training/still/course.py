"""What every stage of the training does alike: the learning rate over time, averaged weights, files to go on from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn

from classifiers.training import schedule
from indexer.whole_file import whole_file
from search.errors import CannotGoOn

LOWEST = 0.02
"""The last learning rate, in highest ones."""


def learning_rate(highest: float, step: int, progress: float, warm_up: int) -> float:
    """Rises over `warm_up` steps, then falls along a cosine with the progress 0..1."""
    return schedule.learning_rate(highest, step, progress, warm_up=warm_up, lowest=LOWEST)


def set_rate(optimizers: Iterable[torch.optim.Optimizer], rate: float) -> None:
    """Each group of weights learns at its own share of the rate."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = rate * group.get("share", 1.0)


def average_into(averaged: nn.Module, current: nn.Module, most: float, step: int) -> None:
    """Moves the exponential moving average, batch statistics included; the first steps are forgotten sooner."""
    keep = schedule.kept_share(most, step)
    with torch.no_grad():
        for kept, now in zip(averaged.state_dict().values(), current.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(now, 1 - keep)
            else:
                kept.copy_(now)


def device() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def save(path: Path, state: dict[str, Any]) -> None:
    """Writes beside and renames, so that a kill at any moment leaves the last whole one."""
    with whole_file(path) as part:
        torch.save(state, part)


def load(path: Path) -> dict[str, Any]:
    """What `save` wrote, on the processor. Raises CannotGoOn for a damaged file."""
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises a dozen kinds
        raise CannotGoOn(f"{path} is damaged.", "Delete it and run this step anew.") from error
    return state


def restore(path: Path, *parts: tuple[Any, Any]) -> None:
    """Loads states into modules and optimizers. Raises CannotGoOn where they do not fit."""
    try:
        for part, state in parts:
            part.load_state_dict(state)
    except (RuntimeError, ValueError, KeyError) as error:
        raise CannotGoOn(
            f"{path} was made from other teachers or words.", "Delete it and run this step anew."
        ) from error
