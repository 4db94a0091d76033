"""I3D, on a SavedModel with its signature and a tiny inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers.activity.classifier import open_activity
from classifiers.activity.i3d import HANDLE, NEEDS, top_five
from classifiers.contracts import Choices
from classifiers.softmax import softmax
from search import runtime
from search.encoders.hub import cache_key
from search.errors import ModelUnavailable
from tests.fakes import FakeEncoder

COLOURS = np.zeros((3, 400), np.float32)
COLOURS[(0, 1, 2), (10, 200, 399)] = 9.0
"""Red, green and blue each speak for one activity."""


def save_twin(folder: Path, kernel: Any = COLOURS, signature: str = "default") -> Path:
    tf = runtime.tensorflow()
    module = tf.Module()
    module.kernel = tf.Variable(kernel)

    @tf.function(input_signature=[tf.TensorSpec((None, None, 224, 224, 3), tf.float32, "rgb_input")])
    def run(rgb_input: Any) -> dict[str, Any]:
        return {"default": tf.reduce_mean(rgb_input, axis=(1, 2, 3)) @ module.kernel}

    tf.saved_model.save(module, str(folder), {signature: run})
    return folder


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where I3D lies once it was fetched."""
    monkeypatch.setenv("VSEARCH_MODELS", str(tmp_path))
    return tmp_path / cache_key(HANDLE)


@pytest.mark.slow
def test_a_window_gets_a_probability_for_each_of_400_activities(cached: Path) -> None:
    save_twin(cached)
    classifier = open_activity(Choices(FakeEncoder(), activity="i3d"))
    windows = np.zeros((2, 4, 224, 224, 3), np.uint8)
    windows[0, ..., 0] = windows[1, ..., 2] = 255

    scores = classifier.scores(windows)

    assert classifier.spec.needs == NEEDS
    assert (scores.shape, scores.dtype) == ((2, 400), np.float32)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert [classifier.spec.labels[i] for i in scores.argmax(axis=1)] == ["baby waking up", "zumba"]
    assert classifier.scores(windows[:0]).shape == (0, 400)


@pytest.mark.slow
def test_a_model_with_another_signature_or_other_answers_is_refused(cached: Path) -> None:
    windows = np.zeros((1, 4, 224, 224, 3), np.uint8)
    save_twin(cached, signature="video")
    with pytest.raises(ModelUnavailable, match="default"):
        open_activity(Choices(FakeEncoder(), activity="i3d")).scores(windows)

    save_twin(cached, kernel=COLOURS[:, :7])
    with pytest.raises(ModelUnavailable, match="400"):
        open_activity(Choices(FakeEncoder(), activity="i3d")).scores(windows)


def test_without_a_network_the_cure_names_what_needs_none() -> None:
    with pytest.raises(ModelUnavailable) as raised:
        open_activity(Choices(FakeEncoder(), activity="i3d"))

    assert "zero-shot" in raised.value.cure


def test_the_five_likeliest_come_with_their_percentages() -> None:
    labels = tuple("abcdefg")

    best = top_five(softmax(np.log(np.array([1, 2, 3, 4, 5, 6, 79], np.float32))), labels)

    assert [label for label, _ in best] == list("gfedc")
    assert best[0][1] == pytest.approx(79.0, abs=1e-3)
