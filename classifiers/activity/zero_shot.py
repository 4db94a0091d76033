"""Activities without training: sentences against the clip vectors that the library already has.

As CLIP classifies pictures (arXiv 2103.00020, section 3.1.4): the vector of a label is the mean of its sentences',
and scores are a softmax over labels. Two things are added. Some sentences are near to everything; so a similarity is
held against those of the same sentence to everyday background sentences (`search/background.py`), and the outcome
against that of the background itself with the same clip, both in deviations above the mean. And "none of these" is an
answer, without which a film of a sleeping cat would surely show one of a list of sports: the best of L sentences that
mean nothing lies about sqrt(2 ln L) deviations up, and that is where it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np

from classifiers.activity.labels import Activity
from classifiers.contracts import ClassifierSpec, ClipVectorsNeeded
from search.background import background_vectors
from search.contracts import Encoder, Float32, UInt8
from search.directions import unit

SHARPNESS = 2.0
"""Natural logarithms of odds for each deviation that a label lies above another; docs/activity.md has the choice."""
VERSION = 1
"""Of the arithmetic below; part of the fingerprint."""


class ZeroShot:
    """Clip vectors to the probabilities of activities; reads the sentences with the library's own encoder."""

    def __init__(self, encoder: Encoder, activities: Sequence[Activity]) -> None:
        """`activities` as `understood` gives them: at least two, or none, and then nothing is ever said."""
        self._encoder = encoder
        self._activities = activities
        self._vectors: tuple[Float32, Float32] | None = None
        identity = [VERSION, SHARPNESS, encoder.spec.fingerprint]
        identity += [[activity.label, *activity.sentences] for activity in activities]
        self.spec = ClassifierSpec(
            kind="activity",
            labels=tuple(activity.label for activity in activities),
            fingerprint=hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32],
            needs=ClipVectorsNeeded(),
        )

    def scores(self, batch: UInt8 | Float32) -> Float32:
        """Clip vectors float32 `[N, D]` to probabilities `[N, L]`; what a row lacks to 1 is that of "none"."""
        if not self._activities:
            return np.zeros((len(batch), 0), np.float32)
        if self._vectors is None:
            self._vectors = self._label_vectors(), background_vectors(self._encoder)
        return probabilities(batch.astype(np.float32), *self._vectors)

    def _label_vectors(self) -> Float32:
        return np.stack([unit(unit(self._encoder.encode_texts(a.sentences)).mean(axis=0)) for a in self._activities])


def probabilities(clips: Float32, labels: Float32, background: Float32) -> Float32:
    """Of vectors `[N, D]`, `[L, D]` and `[B, D]`: float32 `[N, L]`; without a background the labels are it. Pure."""
    directions, sentences, usual = unit(clips), unit(labels), unit(background if len(background) else labels)
    of_labels = _heights(directions @ sentences.T, sentences @ usual.T)
    others = usual @ usual.T
    np.fill_diagonal(others, np.nan)
    of_usual = _heights(directions @ usual.T, others)
    heights = (of_labels - of_usual.mean(axis=1, keepdims=True)) / (of_usual.std(axis=1, keepdims=True) + 1e-6)
    none = np.sqrt(2 * np.log(len(labels)))
    # The exponent of "none" is 0; bounded, because that of a label may be hundreds.
    odds = np.exp(np.minimum(SHARPNESS * (heights - none), 60.0))
    found: Float32 = (odds / (1 + odds.sum(axis=1, keepdims=True))).astype(np.float32)
    return found


def _heights(similarities: Float32, to_others: Float32) -> Float32:
    """Similarities of clips to sentences `[N, S]` in deviations above those of the sentences to others, `[S, B]`."""
    heights: Float32 = (similarities - np.nanmean(to_others, axis=1)) / (np.nanstd(to_others, axis=1) + 1e-6)
    return heights


def understood(activities: Sequence[Activity], encoder: Encoder) -> list[Activity]:
    """Those that have sentences of which the encoder knows every word, with these alone."""
    kept = (
        Activity(activity.label, tuple(s for s in activity.sentences if not encoder.unknown_words(s)))
        for activity in activities
    )
    return [activity for activity in kept if activity.sentences]
