"""All that a training needs to go on after it was ended, in one file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import CannotGoOn, PathNotFound, UsageError

NAME = "checkpoint.npz"
Arrays = list[NDArray[Any]]


def save(folder: Path, facts: Mapping[str, Any], groups: Mapping[str, Arrays]) -> None:
    """`facts` are JSON values, `groups` lists of arrays by name.

    Writes beside and renames, so that a kill at any moment leaves the last whole one.
    """
    arrays: dict[str, NDArray[Any]] = {"facts": np.array(json.dumps(facts))}
    for name, group in groups.items():
        arrays |= {f"{name}_{i}": array for i, array in enumerate(group)}
    part = folder / f"part.{NAME}"
    np.savez(part, **arrays)  # type: ignore[arg-type]
    part.replace(folder / NAME)


def load(folder: Path) -> tuple[dict[str, Any], dict[str, Arrays]]:
    """The facts and groups that were saved. Raises PathNotFound where there are none, CannotGoOn for damaged ones."""
    path = folder / NAME
    if not path.exists():
        raise PathNotFound(f"There is no training to go on with in {folder}.", "Leave out --resume to begin one.")
    try:
        with np.load(path) as arrays:
            facts = dict(json.loads(str(arrays["facts"])))
            names = [key.rpartition("_")[0] for key in arrays.files if key != "facts"]
            groups = {name: [arrays[f"{name}_{i}"] for i in range(names.count(name))] for name in set(names)}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise CannotGoOn(f"The checkpoint {path} is damaged.", "Delete it and train anew.") from error
    return facts, groups


def open_folder(folder: Path, *, resume: bool) -> None:
    """Makes the folder of a training. Raises UsageError when it holds one already, or cannot be written."""
    if not resume and (folder / NAME).exists():
        raise UsageError(f"{folder} holds a training already.", "Go on with it by --resume, or name another --out.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written: {error.strerror}.", "Name another folder with --out."
        ) from error
