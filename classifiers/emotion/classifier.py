"""The classifier of expressions: frames in, the expression of the leading face out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from classifiers import model_folder
from classifiers.contracts import Choices, ClassifierSpec, FramesNeeded
from classifiers.emotion.faces import SETTINGS, Box, find_faces
from classifiers.emotion.reader import KIND, SHIPPED, ExpressionReader, open_reader
from search.contracts import Float32, UInt8

NEEDS = FramesNeeded(fps=1.0, width=380, height=380, fit="inside")


@dataclass(frozen=True, slots=True)
class Expression:
    """What one face expresses."""

    box: Box
    probabilities: Float32
    """`[L]`, sum 1."""


class EmotionClassifier:
    """A Classifier; its network is loaded when the first face is met."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelUnavailable for a folder that is none of a model for emotion."""
        self._folder = folder
        facts = model_folder.read_facts(folder, KIND)
        decides = f"{model_folder.fingerprint(folder)} {SETTINGS}"
        self._spec = ClassifierSpec(KIND, facts.labels, hashlib.sha256(decides.encode()).hexdigest()[:32], NEEDS)

    @property
    def spec(self) -> ClassifierSpec:
        return self._spec

    def scores(self, batch: UInt8) -> Float32:
        """RGB frames `[N, H, W, 3]` to probabilities `[N, L]` of the largest face; a row of NaN without any."""
        rows = np.full((len(batch), len(self._spec.labels)), np.nan, np.float32)
        for row, expressions in zip(rows, self.expressions(batch), strict=True):
            if expressions:
                row[:] = expressions[0].probabilities
        return rows

    def expressions(self, frames: UInt8) -> list[list[Expression]]:
        """Of every face in each of RGB frames `[N, H, W, 3]`, the largest first."""
        found = [find_faces(frame) for frame in frames]
        pictures = [picture for faces in found for _, picture in faces]
        if not pictures:
            return [[] for _ in found]
        read = iter(self._reader.probabilities(np.stack(pictures)))
        return [[Expression(box, next(read)) for box, _ in faces] for faces in found]

    @cached_property
    def _reader(self) -> ExpressionReader:
        return open_reader(self._folder)


def open_emotion(_choices: Choices) -> EmotionClassifier:
    """The shipped classifier; there is nothing to choose."""
    return EmotionClassifier(SHIPPED)
