"""Parting labelled files for an honest figure: what belongs together is never on both sides (pure)."""

from __future__ import annotations

import numpy as np

from search.contracts import Int64
from search.errors import UsageError


def group_folds(truth: Int64, groups: Int64, folds: int, seed: int) -> Int64:
    """The fold, 0..folds-1, of each of N files, int64 `[N]`, from its class and its group.

    A group is never parted; each class is spread as evenly as groups allow, the largest groups first. Raises
    UsageError where there are fewer groups than folds, or a class that one fold holds all of.
    """
    names, of_file = np.unique(groups, return_inverse=True)
    if not 2 <= folds <= len(names):
        raise UsageError(
            f"{len(names)} groups cannot make {folds} folds.", "Take at least two folds, and no more than groups."
        )
    classes, of_class = np.unique(truth, return_inverse=True)
    counts = np.zeros((len(names), len(classes)))
    np.add.at(counts, (of_file, of_class), 1)
    held = np.zeros((folds, counts.shape[1]))
    fold_of_group = np.zeros(len(names), np.int64)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    for group in shuffled[np.argsort(-counts[shuffled].max(axis=1), kind="stable")]:
        # The sum of squares grows least where its classes are still rare.
        fold = int(np.argmin((((held + counts[group]) ** 2 - held**2) / counts.sum(axis=0)).sum(axis=1)))
        fold_of_group[group] = fold
        held[fold] += counts[group]
    if (held == counts.sum(axis=0)).any():
        raise UsageError("All files of a class are in one group.", "Give files of each class from several groups.")
    parted: Int64 = fold_of_group[of_file]
    return parted
