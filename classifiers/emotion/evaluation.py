"""How well expressions are read: the figures of DESIGN §6, on labelled faces."""

from __future__ import annotations

from typing import Any

from classifiers.emotion.fer import Faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.reader import ExpressionReader
from classifiers.metrics import classification_figures


def evaluate(reader: ExpressionReader, faces: Faces) -> dict[str, Any]:
    """The document of `classification_figures`, of six classes."""
    return classification_figures(reader.probabilities(faces.pictures), faces.labels, LABELS)
