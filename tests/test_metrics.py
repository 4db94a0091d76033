from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.metrics import RetrievalMetrics, ranks, summarise, text_to_video, video_to_text

SCORES = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.integers(-3, 3))


def test_a_perfect_encoder_has_every_recall_at_one() -> None:
    perfect = RetrievalMetrics(n=4, r1=1.0, r5=1.0, r10=1.0, medr=1.0, mrr=1.0)

    assert text_to_video(np.eye(4), np.arange(4)) == perfect
    assert video_to_text(np.eye(4), np.arange(4)) == perfect


def test_figures_by_hand() -> None:
    metrics = summarise(np.array([1, 3, 6, 20]))

    assert (metrics.r1, metrics.r5, metrics.r10, metrics.medr) == (0.25, 0.5, 0.75, 4.5)
    assert metrics.mrr == pytest.approx((1 + 1 / 3 + 1 / 6 + 1 / 20) / 4)


def test_an_encoder_that_says_the_same_of_everything_earns_nothing() -> None:
    assert text_to_video(np.zeros((10, 50)), np.arange(10)).r10 == 0.0


def test_nan_ranks_last() -> None:
    assert ranks(np.array([[np.nan, 0.0, -1.0]]), np.array([[True, False, False]])).tolist() == [3]


def test_a_clip_with_several_sentences_is_judged_by_its_best_one() -> None:
    scores = np.array([[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]])

    assert video_to_text(scores, np.array([0, 0, 1])).r1 == 0.5


def test_a_clip_without_a_sentence_is_not_asked() -> None:
    assert video_to_text(np.zeros((2, 3)), np.array([0, 0])).n == 1


def test_nothing_asked_gives_zeros() -> None:
    assert summarise(np.array([], np.int64)) == RetrievalMetrics(0, 0.0, 0.0, 0.0, 0.0, 0.0)


@given(SCORES, st.data())
def test_a_rank_lies_between_one_and_the_number_of_wrong_answers_plus_one(
    scores: np.ndarray, data: st.DataObject
) -> None:
    truth = np.array(
        data.draw(st.lists(st.integers(0, scores.shape[1] - 1), min_size=len(scores), max_size=len(scores)))
    )
    found = ranks(scores, truth[:, None] == np.arange(scores.shape[1]))

    assert ((found >= 1) & (found <= scores.shape[1])).all()


@given(SCORES, st.data())
def test_raising_the_true_score_never_worsens_a_rank(scores: np.ndarray, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, scores.shape[1] - 1))
    correct = np.zeros(scores.shape, np.bool_)
    correct[:, column] = True

    assert (ranks(scores + correct, correct) <= ranks(scores, correct)).all()
