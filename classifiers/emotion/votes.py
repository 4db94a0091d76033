"""What ten people voted about each face of FER2013: FER+ (Barsoum et al., arXiv 1608.01041), `fer2013new.csv`."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32
from search.errors import PathNotFound, UsageError

EXPRESSIONS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")


def read_votes(path: Path, usage: NDArray[np.str_]) -> Float32:
    """The share of each expression among a face's votes, float32 `[N, 8]`; a row of zeros where nobody named one.

    The file has a line for each row of the faces' own CSV, in its order; `usage` `[N]` is of the latter. Raises
    PathNotFound or UsageError.
    """
    if not path.is_file():
        raise PathNotFound(f"There is no file {path}.", "Name FER+'s fer2013new.csv, or leave out --votes.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        counts = np.array([[float(row[name]) for name in EXPRESSIONS] for row in rows], np.float32)
        same = [row["Usage"] for row in rows] == usage.tolist()
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise UsageError(
            f"{path} is no table of FER+ votes.", f"Its columns are Usage, {', '.join(EXPRESSIONS)}."
        ) from error
    if not same:
        raise UsageError(
            f"{path} does not speak of the same faces: the Usage of its lines differs.",
            "It has a line for each row of FER2013's CSV, in the same order.",
        )
    shares: Float32 = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares
