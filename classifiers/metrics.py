"""How good a classifier is: figures from the truth and what was predicted. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from search.contracts import Int64

Float = NDArray[np.floating[Any]]


class ClassFigures(TypedDict):
    """Of one class; fractions 0..1, 0 where nothing was predicted or nothing is true."""

    precision: float
    recall: float
    f1: float
    n: int
    """How many are truly of it."""


def confusion(true: Int64, predicted: Int64, classes: int) -> Int64:
    """Counts `[C, C]`; row = the truth, column = the prediction. Both are int64 `[N]` in 0..C-1."""
    return np.bincount(true * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: Int64) -> float:
    """The share that is right; 0 of nothing."""
    return float(_ratio(np.trace(matrix), matrix.sum()))


def macro_f1(matrix: Int64) -> float:
    """The mean F1 of the classes that occur, in truth or in predictions; 0 of nothing."""
    _, _, f1 = _precision_recall_f1(matrix)
    occurs = matrix.sum(axis=0) + matrix.sum(axis=1) > 0
    return float(f1[occurs].mean()) if occurs.any() else 0.0


def per_class(matrix: Int64, labels: Sequence[str]) -> dict[str, ClassFigures]:
    """The figures of each label, in the order of the matrix's rows."""
    figures = zip(labels, *_precision_recall_f1(matrix), matrix.sum(axis=1), strict=True)
    return {
        label: {"precision": float(precision), "recall": float(recall), "f1": float(f1), "n": int(n)}
        for label, precision, recall, f1, n in figures
    }


def classification_figures(probabilities: Float, true: Int64, labels: Sequence[str]) -> dict[str, Any]:
    """Of probabilities `[N, C]` and classes `[N]`: a document whose fractions are 0..1.

    `n`, `accuracy`, `macro_f1`, `per_class`, `labels`, `confusion` (rows = truth), `ece` (the calibration error).
    """
    matrix = confusion(true, probabilities.argmax(axis=1).astype(np.int64), len(labels))
    return {
        "n": len(true),
        "accuracy": accuracy(matrix),
        "macro_f1": macro_f1(matrix),
        "per_class": per_class(matrix, labels),
        "labels": list(labels),
        "confusion": matrix.tolist(),
        "ece": calibration_error(probabilities, true),
    }


def calibration_error(probabilities: Float, true: Int64, bins: int = 15) -> float:
    """The expected calibration error (Guo et al., arXiv 1706.04599), 0..1; 0 of nothing.

    `probabilities` is `[N, C]`, `true` `[N]`. Predictions are binned by confidence (equal widths); the error is the
    mean distance between a bin's confidence and its share of right predictions, weighted by its size.
    """
    if not len(true):
        return 0.0
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == true
    place = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    surplus = np.bincount(place, confidence - right, minlength=bins)
    return float(np.abs(surplus).sum() / len(true))


def _precision_recall_f1(matrix: Int64) -> tuple[Float, Float, Float]:
    right, predicted, true = np.diagonal(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    return _ratio(right, predicted), _ratio(right, true), _ratio(2 * right, predicted + true)


def _ratio(part: Any, whole: Any) -> Float:
    """0 where `whole` is 0."""
    whole = np.asarray(whole, np.float64)
    ratio: Float = np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
    return ratio
