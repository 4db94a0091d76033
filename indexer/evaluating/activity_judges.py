"""Whatever names activities, as `vsearch evaluate activity` measures it: windows of frames in, scores out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from classifiers.activity.classifier import I3D, ZERO_SHOT
from classifiers.activity.examples import Look
from classifiers.activity.labels import Activity
from classifiers.activity.network import ActivityNetwork
from classifiers.activity.zero_shot import ZeroShot, understood
from classifiers.contracts import Classifier, ClassifierSpec, FramesNeeded
from search.contracts import Encoder, Float32, Int64, UInt8
from search.encoders.registry import open_encoder
from search.errors import UsageError, first_of
from search.settings import read_settings

MOST = 8
"""Windows of one clip that are measured on."""


class Judge(Protocol):
    """`ActivityNetwork` is one as it is."""

    @property
    def look(self) -> Look: ...

    @property
    def spec(self) -> ClassifierSpec: ...

    def window_scores(self, windows: UInt8, counts: Int64) -> Float32:
        """RGB uint8 `[N, T, S, S, 3]`, whose first `counts` `[N]` frames are shown, to float32 `[N, L]`."""
        ...


def open_judge(model: Path, labels: Sequence[str], encoder: str = "auto") -> Judge:
    """`zero-shot`, which reads `labels` with `encoder`; `i3d`; or the folder of a model.

    Raises UsageError for labels that the encoder does not understand, ModelUnavailable for what is no model.
    """
    if str(model) == ZERO_SHOT:
        return SentenceJudge(open_encoder(encoder), labels)
    if str(model) == I3D:
        from classifiers.activity.i3d import NEEDS, open_i3d

        return WindowJudge(open_i3d(read_settings()), NEEDS)
    return ActivityNetwork(model)


class WindowJudge:
    """A classifier of whole windows."""

    def __init__(self, classifier: Classifier, needs: FramesNeeded) -> None:
        self._classifier = classifier
        self.look = Look(needs.width, needs.fps, needs.window, MOST)
        self.spec = classifier.spec

    def window_scores(self, windows: UInt8, counts: Int64) -> Float32:
        return self._classifier.scores(windows)


class SentenceJudge:
    """Sentences against clip vectors: the labels themselves, words parted by `_` or blanks."""

    def __init__(self, encoder: Encoder, labels: Sequence[str]) -> None:
        activities = [Activity(label, (label.replace("_", " "),)) for label in labels]
        known = {activity.label for activity in understood(activities, encoder)}
        if strange := [label for label in labels if label not in known]:
            raise UsageError(
                f"The encoder {encoder.spec.name} does not know all words of {first_of(strange)}.",
                "Call these labels otherwise, or choose another with --encoder.",
            )
        self._encoder, self._sentences = encoder, ZeroShot(encoder, activities)
        self.look = Look(encoder.spec.size, encoder.spec.fps, encoder.spec.frames, MOST)
        self.spec = self._sentences.spec

    def window_scores(self, windows: UInt8, counts: Int64) -> Float32:
        return self._sentences.scores(self._encoder.encode_clips(windows))
