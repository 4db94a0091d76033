from __future__ import annotations

import numpy as np
import pytest

from classifiers.characters.evaluation import evaluate

THERE = np.array([[True, False], [True, True], [False, False], [False, True]])


def test_figures_by_hand() -> None:
    scores = np.array([[0.9, 0.1], [0.4, 0.8], [0.2, 0.3], [0.7, 0.6]], np.float32)

    figures = evaluate(scores, THERE, ["jerry", "tom"])

    assert figures["n"] == 4
    assert figures["exact"] == 0.5
    assert figures["top_accuracy"] == 0.75
    assert figures["per_character"]["jerry"] == {
        "precision": 0.5, "recall": 0.5, "seconds_true": 2.0, "seconds_predicted": 2.0,
    }  # fmt: skip
    assert figures["per_character"]["tom"]["recall"] == 1.0


def test_a_model_that_sees_nobody_is_right_where_nobody_is() -> None:
    figures = evaluate(np.zeros((4, 2), np.float32), THERE, ["jerry", "tom"])

    assert figures["top_accuracy"] == 0.25
    assert figures["per_character"]["tom"]["precision"] == 0.0


def test_seconds_follow_from_the_frames_a_second() -> None:
    figures = evaluate(THERE.astype(np.float32), THERE, ["jerry", "tom"], fps=2.0)

    assert figures["per_character"]["tom"]["seconds_true"] == pytest.approx(1.0)
    assert figures["exact"] == 1.0
