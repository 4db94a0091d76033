"""Classifiers of colours: NumPy instead of networks. They are registered by the fixture `_fake_classifiers`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from classifiers import registry
from classifiers.contracts import Choices, Classifier, ClassifierSpec, ClipVectorsNeeded, FramesNeeded, Needs
from classifiers.segments import Rule
from search.contracts import Float32, UInt8
from tests.fakes import COLOURS, FakeEncoder

PLAIN = Rule(smooth=0.0, enter=0.5, leave=0.5)


class FakeClassifier:
    """Says how red, green and blue a picture is; nothing of a black one. `seen` counts the frames of each call."""

    seen: ClassVar[list[int]] = []

    def __init__(self, kind: str, needs: Needs, fingerprint: str = "c0105") -> None:
        self.spec = ClassifierSpec(kind, ("red", "green", "blue"), fingerprint, needs)

    def scores(self, batch: UInt8 | Float32) -> Float32:
        FakeClassifier.seen.append(len(batch))
        means = batch.reshape(len(batch), -1, 3).mean(axis=1, dtype=np.float64) / 255
        return np.where(means.max(axis=1, keepdims=True) < 0.05, np.nan, means).astype(np.float32)


class VectorClassifier(FakeClassifier):
    """The same of the fake encoder's vectors."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind, ClipVectorsNeeded())

    def scores(self, batch: UInt8 | Float32) -> Float32:
        FakeClassifier.seen.append(len(batch))
        places = [list(COLOURS).index(label) for label in self.spec.labels]
        return np.asarray(batch[:, places], np.float32)


def open_mood(choices: Choices) -> Classifier:
    """A look twice a second at a small, whole picture."""
    return FakeClassifier("mood", FramesNeeded(fps=2.0, width=40, height=40, fit="inside"))


def open_deed(choices: Choices) -> Classifier:
    """`choices.activity` is its fingerprint, as if it were a model."""
    return FakeClassifier("deed", FramesNeeded(fps=5.0, width=16, height=16, fit="crop", window=4), choices.activity)


def open_emotion(choices: Choices) -> Classifier:
    """In place of the real one, which can be switched off."""
    return FakeClassifier("emotion", FramesNeeded(fps=1.0, width=40, height=40, fit="inside"))


def open_hue(choices: Choices) -> Classifier:
    assert isinstance(choices.encoder, FakeEncoder)
    return VectorClassifier("hue")


@pytest.fixture
def _fake_classifiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`mood`, `deed` and `emotion` look at frames, `hue` at clip vectors."""
    for opener in (open_mood, open_deed, open_emotion, open_hue):
        name = opener.__name__.removeprefix("open_")
        entry = registry.Entry(name, name, f"{__name__}:{opener.__name__}", PLAIN)
        monkeypatch.setitem(registry.ENTRIES, name, entry)
    monkeypatch.setattr(FakeClassifier, "seen", [])
