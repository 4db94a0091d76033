"""How well a model says who is on a frame (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from search.contracts import Float32

THERE = 0.5
"""The score from which on a character counts as there."""
Bools = NDArray[np.bool_]


class CharacterFigures(TypedDict):
    """Of one character; fractions 0..1, 0 where it is nowhere predicted or nowhere true."""

    precision: float
    recall: float
    seconds_true: float
    seconds_predicted: float


def evaluate(scores: Float32, there: Bools, characters: Sequence[str], fps: float = 1.0) -> dict[str, Any]:
    """The figures of scores `[N, C]` against the truth `[N, C]`, of frames of which `fps` are a second of film.

    `exact`: the share of frames on which everyone is right. `top_accuracy`: the share on which the strongest
    character is truly there, or nobody is and none reaches the threshold.
    """
    predicted = scores >= THERE
    return {
        "n": len(scores),
        "exact": _mean((predicted == there).all(axis=1)),
        "top_accuracy": top_accuracy(scores, there),
        "per_character": {
            name: _figures(predicted[:, column], there[:, column], fps) for column, name in enumerate(characters)
        },
    }


def top_accuracy(scores: Float32, there: Bools) -> float:
    strongest = scores.argmax(axis=1)
    somebody = scores.max(axis=1) >= THERE
    return _mean(np.where(somebody, there[np.arange(len(there)), strongest], ~there.any(axis=1)))


def _figures(predicted: Bools, true: Bools, fps: float) -> CharacterFigures:
    return {
        "precision": _mean(true[predicted]),
        "recall": _mean(predicted[true]),
        "seconds_true": round(float(true.sum() / fps), 3),
        "seconds_predicted": round(float(predicted.sum() / fps), 3),
    }


def _mean(values: Bools) -> float:
    """0 of nothing."""
    return float(values.mean()) if len(values) else 0.0
