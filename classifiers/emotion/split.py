"""Which faces teach, which validate: identical pictures stay together, and those of a test are left out. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.emotion.fer import TRAINING, Faces
from classifiers.emotion.labels import LABELS
from search.contracts import Int64
from search.errors import UsageError

VALIDATION_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Split:
    """Rows of one set of faces, ascending int64."""

    training: Int64
    validation: Int64
    dropped: int
    """Faces for training that recur pixel for pixel among those for a test."""


def split(faces: Faces, seed: int) -> Split:
    """Training rows (all rows where the file does not say), a tenth of them for validation.

    Raises UsageError when there are too few, or all of one class.
    """
    same = identical(faces)
    teaches = (faces.usage == TRAINING) | (faces.usage == "")
    recurs = teaches & np.isin(same, same[~teaches])
    rows = np.flatnonzero(teaches & ~recurs)
    groups = np.random.default_rng(seed).permutation(np.unique(same[rows]))
    held = groups[: max(1, round(len(groups) * VALIDATION_SHARE))]
    validates = np.isin(same[rows], held)
    _check(faces.labels[rows], validates)
    return Split(rows[~validates], rows[validates], int(recurs.sum()))


def identical(faces: Faces) -> Int64:
    """A number for each face, `[N]`; equal where the pictures are, pixel for pixel."""
    flat = np.ascontiguousarray(faces.pictures.reshape(len(faces), -1))
    return np.unique(flat.view(f"V{flat.shape[1]}").ravel(), return_inverse=True)[1].astype(np.int64)


def _check(labels: Int64, validates: NDArray[np.bool_]) -> None:
    if validates.all():
        raise UsageError(
            f"There are {len(labels)} different faces for training: too few.", "Name a file with more Training rows."
        )
    kinds = np.unique(labels[~validates])
    if len(kinds) == 1:
        raise UsageError(
            f"All faces for training are {LABELS[int(kinds[0])]}.", "Name a file with at least two expressions."
        )
