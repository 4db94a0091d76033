from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classifiers.characters.held_out import best_threshold, check_labels, split_in_time
from search.errors import UsageError

THERE = st.integers(10, 120).flatmap(lambda n: arrays(bool, (n, 2)))


@given(THERE)
def test_no_frame_is_both_learnt_from_and_judged_by(there: np.ndarray) -> None:
    learn, judge = split_in_time(there)

    assert not set(learn) & set(judge)
    assert len(learn) > len(judge) > 0


def test_frames_beside_what_is_held_out_are_left_out() -> None:
    learn, judge = split_in_time(np.arange(400)[:, None] % 7 < 3)

    assert np.abs(learn[:, None] - judge[None]).min() == 3
    assert 70 <= len(judge) <= 90


def test_a_character_of_one_scene_is_in_both_parts() -> None:
    there = np.zeros((200, 1), bool)
    there[60:90] = True

    learn, judge = split_in_time(there)

    assert there[learn].any()
    assert there[judge].any()


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (np.eye(3, 2, dtype=bool), "3 labelled frames are too few"),
        (np.tile([True, False], (20, 1)), "jerry is on every frame"),
        (np.stack([np.arange(20) < 9, np.zeros(20, bool)], axis=1), "tom is on no frame"),
    ],
)
def test_labels_that_teach_nothing_are_refused(there: np.ndarray, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_labels(there, ("jerry", "tom"))


def test_the_threshold_parts_what_can_be_parted() -> None:
    scores = np.array([0.9, 0.7, 0.3, 0.1], np.float32)

    assert best_threshold(scores, np.array([True, True, False, False])) == pytest.approx(0.5)
    assert best_threshold(scores, np.array([True, True, True, False])) == pytest.approx(0.2)
    assert best_threshold(scores, np.zeros(4, bool)) == 0.5


@given(arrays(np.float32, 30, elements=st.sampled_from([0.1, 0.2, 0.4, 0.6, 0.9])), arrays(bool, 30))
def test_no_other_threshold_has_a_better_f1(scores: np.ndarray, true: np.ndarray) -> None:
    def f1(threshold: float) -> float:
        predicted = scores >= threshold
        return 2 * (predicted & true).sum() / max(1, predicted.sum() + true.sum())

    if true.any():
        best = f1(best_threshold(scores, true))
        assert all(best >= f1(other) - 1e-9 for other in (0.02, 0.15, 0.3, 0.5, 0.75))
