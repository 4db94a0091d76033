"""Folding, grouping and fusing ranked lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.folding import fold_duplicates
from search.ranking.fusion import fuse
from search.ranking.grouping import group_by_video
from search.ranking.moments import Moment, ScoredClip


def moment(number: int, video_id: int = 1) -> Moment:
    peak = ScoredClip(number, video_id, 5.0 * number, 5.0 * number + 3.2, -float(number))
    return Moment(video_id, peak, peak.start, peak.end, peak.score, (number,))


def test_the_same_film_twice_is_shown_once() -> None:
    rng = np.random.default_rng(1)
    pictures = rng.normal(size=(2, 64)).astype(np.float32)
    vectors = pictures[[0, 1, 0, 1]] + 0.01 * rng.normal(size=(4, 64)).astype(np.float32)
    found = fold_duplicates([moment(n, video_id=n) for n in range(4)], vectors)
    assert [(it.moment.video_id, [other.video_id for other in it.others]) for it in found] == [(0, [2]), (1, [3])]


def test_the_length_of_a_vector_does_not_make_another_picture() -> None:
    vectors = np.array([[1, 2, 3], [10, 20, 30]], np.float32)
    assert len(fold_duplicates([moment(0), moment(1)], vectors)) == 1


def test_a_moment_is_like_the_first_it_folds_into_not_like_the_last() -> None:
    """Else a slow pan would be one result."""
    angles = np.deg2rad(np.arange(0, 90, 5))
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert len(fold_duplicates([moment(n) for n in range(len(vectors))], vectors)) > 5


def test_nothing_folds_into_nothing() -> None:
    assert fold_duplicates([], np.empty((0, 4), np.float32)) == []


@given(st.lists(st.integers(0, 5), max_size=30))
def test_folding_loses_no_moment_and_keeps_the_order(pictures: list[int]) -> None:
    moments = [moment(n) for n in range(len(pictures))]
    found = fold_duplicates(moments, np.eye(6, dtype=np.float32)[np.array(pictures, int)])
    kept = [it.moment.peak.clip_id for it in found]
    assert kept == sorted(kept)
    assert sorted(kept + [other.peak.clip_id for it in found for other in it.others]) == list(range(len(moments)))
    assert len(found) == len(set(pictures))


def test_a_video_stands_where_its_best_moment_was() -> None:
    groups = group_by_video([moment(0, 7), moment(1, 3), moment(2, 7), moment(3, 7)])
    assert [(g.best.peak.clip_id, [m.peak.clip_id for m in g.others]) for g in groups] == [(0, [2, 3]), (1, [])]


def test_what_two_rankings_agree_on_comes_first() -> None:
    fused = fuse([["dog", "cat", "cow"], ["cow", "cat", "ant"]])
    assert list(fused)[:2] == ["cow", "cat"]
    assert fused["cat"] == pytest.approx(2 / 62)


def test_one_ranking_keeps_its_order() -> None:
    assert list(fuse([["b", "a", "c"]])) == ["b", "a", "c"]


@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=4))
def test_fusing_ranks_everything_best_first(rankings: list[list[int]]) -> None:
    fused = fuse(rankings)
    assert set(fused) == {item for ranking in rankings for item in ranking}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
