"""I3D trained on Kinetics-400 (arXiv 1705.07750), as TF Hub serves it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from classifiers.activity.labels import KINETICS, shipped_list
from classifiers.contracts import ClassifierSpec, FramesNeeded
from classifiers.softmax import softmax
from search.contracts import Float32, UInt8
from search.encoders.default_signature import DefaultSignature, folder_of, load_default
from search.encoders.model_folder import ModelNotes
from search.settings import Settings

HANDLE = "https://tfhub.dev/deepmind/i3d-kinetics-400/1"
NEEDS = FramesNeeded(fps=25.0, width=224, height=224, fit="crop", window=64)
"""What it was trained on: 64 frames at 25 a second, the middle of each."""


class I3D:
    """Windows of frames to the probabilities of 400 activities."""

    def __init__(self, folder: Path, models: Path) -> None:
        """`folder` is its SavedModel, `models` where notes about models are kept."""
        self._folder = folder
        self._models = models

    @cached_property
    def spec(self) -> ClassifierSpec:
        """Hashes the files the first time."""
        labels = tuple(activity.label for activity in shipped_list(KINETICS))
        fingerprint = ModelNotes(self._folder, self._models).fingerprint()[:32]
        return ClassifierSpec("activity", labels, fingerprint, NEEDS)

    def scores(self, batch: UInt8 | Float32) -> Float32:
        """RGB uint8 `[N, 64, 224, 224, 3]` to float32 `[N, 400]`, one window at a time: a batch gains no time.

        Raises ModelUnavailable when the model cannot be run or does not answer 400 numbers.
        """
        rows = [softmax(self._logits(window)) for window in batch]
        return np.concatenate(rows) if rows else np.zeros((0, len(self.spec.labels)), np.float32)

    def _logits(self, window: UInt8 | Float32) -> Float32:
        frames = np.divide(window[None], 255, dtype=np.float32)
        return self._network(frames, (len(self.spec.labels),))

    @cached_property
    def _network(self) -> DefaultSignature:
        return load_default(self._folder)


def open_i3d(settings: Settings) -> I3D:
    """The model in the cache, else it is fetched. Raises ModelUnavailable, DiskFull."""
    cure = "Connect this machine, set VSEARCH_HUB to a mirror, or use `--activity zero-shot`."
    return I3D(folder_of(HANDLE, settings, "i3d", cure), settings.models)


def top_five(scores: Float32, labels: tuple[str, ...]) -> list[tuple[str, float]]:
    """The five likeliest of one row of scores `[L]`, likeliest first, in percent. Pure."""
    return [(labels[i], 100 * float(scores[i])) for i in np.argsort(-scores)[:5]]
