"""How well expressions are read: the figures of DESIGN §6, on labelled faces."""

from __future__ import annotations

from typing import Any

import numpy as np

from classifiers.emotion.fer import Faces
from classifiers.emotion.labels import LABELS
from classifiers.emotion.reader import ExpressionReader
from classifiers.metrics import calibration_error, classification_figures


def evaluate(reader: ExpressionReader, faces: Faces) -> dict[str, Any]:
    """`n`, `accuracy`, `macro_f1`, `ece`, `per_class`, `labels`, `confusion`; six classes, fractions 0..1."""
    probabilities = reader.probabilities(faces.pictures)
    predicted = probabilities.argmax(axis=1).astype(np.int64)
    figures = classification_figures(faces.labels, predicted, LABELS)
    return {**figures, "ece": calibration_error(probabilities, faces.labels)}
