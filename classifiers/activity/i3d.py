"""I3D trained on Kinetics-400 (arXiv 1705.07750), as TF Hub serves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.activity.labels import KINETICS, shipped_list
from classifiers.contracts import ClassifierSpec, FramesNeeded
from classifiers.softmax import softmax
from search import runtime
from search.contracts import Float32, UInt8
from search.encoders.fetch import fetch
from search.encoders.fetch_bar import fetch_bar
from search.encoders.hub import find_cached
from search.encoders.model_folder import ModelNotes
from search.encoders.signatures import FETCH_AGAIN, first_line, load_saved_model
from search.errors import ModelUnavailable
from search.settings import Settings

HANDLE = "https://tfhub.dev/deepmind/i3d-kinetics-400/1"
SIGNATURE = "default"
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
        rows = [softmax(self._network(window[None])) for window in batch]
        return np.concatenate(rows) if rows else np.zeros((0, len(self.spec.labels)), np.float32)

    @cached_property
    def _network(self) -> _Signature:
        return load_signature(self._folder, len(self.spec.labels))


@dataclass(frozen=True, slots=True)
class _Signature:
    """A loaded signature, with the model that it needs alive."""

    model: Any
    function: Any
    argument: str
    output: str
    folder: Path
    answers: int

    def __call__(self, windows: UInt8 | Float32) -> Float32:
        """uint8 `[N, T, S, S, 3]` to float32 logits `[N, answers]`."""
        tf = runtime.tensorflow()
        frames = np.divide(windows, 255, dtype=np.float32)
        try:
            logits: Float32 = self.function(**{self.argument: tf.constant(frames)})[self.output].numpy()
        except (tf.errors.OpError, ValueError, TypeError) as error:
            raise ModelUnavailable(f"{self.folder} failed: {first_line(error)}.", FETCH_AGAIN) from error
        if logits.shape != (len(windows), self.answers) or not np.isfinite(logits).all():
            raise ModelUnavailable(
                f"{self.folder} answers {list(logits.shape)}, not {self.answers} finite numbers a window.",
                FETCH_AGAIN,
            )
        return logits


def open_i3d(settings: Settings) -> I3D:
    """The model in the cache, else it is fetched. Raises ModelUnavailable, DiskFull."""
    return I3D(find_cached(HANDLE, settings) or _fetch(settings), settings.models)


def load_signature(folder: Path, answers: int) -> _Signature:
    """Reads the names of the signature's argument and output. Takes seconds. Raises ModelUnavailable."""
    try:
        model = load_saved_model(folder)
        function = model.signatures[SIGNATURE]
        (argument,) = function.structured_input_signature[1]
        outputs = list(function.structured_outputs)
    except Exception as error:  # TensorFlow raises nearly anything for a file it cannot read
        raise ModelUnavailable(
            f"{folder} is no I3D with a signature `{SIGNATURE}`: {first_line(error)}.", FETCH_AGAIN
        ) from error
    output = SIGNATURE if SIGNATURE in outputs else outputs[0]
    return _Signature(model, function, argument, output, folder, answers)


def top_five(scores: Float32, labels: tuple[str, ...]) -> list[tuple[str, float]]:
    """The five likeliest of one row of scores `[L]`, likeliest first, in percent. Pure."""
    return [(labels[i], 100 * float(scores[i])) for i in np.argsort(-scores)[:5]]


def _fetch(settings: Settings) -> Path:
    try:
        with fetch_bar("fetching i3d") as progress:
            return fetch(HANDLE, settings, progress=progress)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            error.message, "Connect this machine, set VSEARCH_HUB to a mirror, or use `--activity zero-shot`."
        ) from error
