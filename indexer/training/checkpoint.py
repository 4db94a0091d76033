"""Where the training of an encoder stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from classifiers.training import checkpoint
from classifiers.training.checkpoint import Arrays
from search.errors import CannotGoOn

ARRAYS = ("weights", "average", "optimizer")


@dataclass
class Checkpoint:
    """The state between two steps."""

    words: list[str]
    """The vocabulary."""
    step: int = 0
    seconds: float = 0.0
    """Spent training so far."""
    drawn: int = 0
    """Clips taken from the source so far."""
    weights: Arrays = field(default_factory=list)
    average: Arrays = field(default_factory=list)
    """The exponential moving average of `weights`, batch statistics included."""
    optimizer: Arrays = field(default_factory=list)


def save(state: Checkpoint, folder: Path) -> None:
    """Into one file, which is whole whenever the program is ended."""
    facts = {"words": state.words, "step": state.step, "seconds": state.seconds, "drawn": state.drawn}
    checkpoint.save(folder, facts, {name: getattr(state, name) for name in ARRAYS})


def load(folder: Path) -> Checkpoint:
    """Raises PathNotFound where there is none, CannotGoOn where it is damaged or of another kind of training."""
    facts, arrays = checkpoint.load(folder)
    if set(arrays) != set(ARRAYS) or "words" not in facts:
        raise CannotGoOn(f"{folder} holds another kind of training.", "Name another folder with --out.")
    return Checkpoint(**facts, weights=arrays["weights"], average=arrays["average"], optimizer=arrays["optimizer"])
