"""The shipped model of the drawn cast, on shots that it never saw."""

from __future__ import annotations

import numpy as np
import pytest

from classifiers.characters.classifier import DRAWN, open_model
from classifiers.characters.evaluation import evaluate
from classifiers.characters.looks import HEIGHT, WIDTH
from classifiers.model_folder import WEIGHTS
from indexer.samples.film import draw_shot
from indexer.samples.script import CHARACTERS, random_shot


def test_the_shipped_cast_is_small_and_whole() -> None:
    model = open_model(DRAWN)

    assert model.spec.labels == tuple(sorted(CHARACTERS))
    assert sum(path.stat().st_size for path in (WEIGHTS / DRAWN).iterdir()) < 1 << 20


@pytest.mark.slow
def test_the_shipped_cast_is_recognised() -> None:
    rng = np.random.default_rng(99)
    shots = [random_shot(rng) for _ in range(40)]
    frames = np.concatenate([draw_shot(shot, [shot.duration / 2], WIDTH, HEIGHT) for shot in shots])
    model = open_model(DRAWN)
    there = np.array([[name in shot.characters for name in model.spec.labels] for shot in shots])

    figures = evaluate(model.scores(frames), there, model.spec.labels)

    assert figures["top_accuracy"] >= 0.85
