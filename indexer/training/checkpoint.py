"""All that a training needs to go on after it was ended, in one file."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import CannotGoOn, PathNotFound

NAME = "checkpoint.npz"
Arrays = list[NDArray[Any]]


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


def save(checkpoint: Checkpoint, folder: Path) -> None:
    """Writes beside and renames, so that a kill at any moment leaves the last whole one."""
    numbers = {
        "words": checkpoint.words,
        "step": checkpoint.step,
        "seconds": checkpoint.seconds,
        "drawn": checkpoint.drawn,
    }
    arrays: dict[str, NDArray[Any]] = {"numbers": np.array(json.dumps(numbers))}
    for name in ("weights", "average", "optimizer"):
        arrays |= {f"{name}_{i}": array for i, array in enumerate(getattr(checkpoint, name))}
    part = folder / f"part.{NAME}"
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(folder / NAME)


def load(folder: Path) -> Checkpoint:
    """Raises PathNotFound where there is none, CannotGoOn where it cannot be read."""
    path = folder / NAME
    if not path.exists():
        raise PathNotFound(f"There is no training to go on with in {folder}.", "Leave out --resume to begin one.")
    try:
        with np.load(path) as arrays:
            checkpoint = Checkpoint(**json.loads(str(arrays["numbers"])))
            for name in ("weights", "average", "optimizer"):
                count = sum(key.startswith(f"{name}_") for key in arrays.files)
                setattr(checkpoint, name, [arrays[f"{name}_{i}"] for i in range(count)])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise CannotGoOn(f"The checkpoint {path} is damaged ({error}).", "Delete it and train anew.") from error
    return checkpoint
