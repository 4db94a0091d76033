from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from classifiers.segments import Rule, find_segments
from classifiers.smoothing import rolling_average
from search.catalog.records import Segment, Track
from search.contracts import Float32

PLAIN = Rule(smooth=0, enter=0.5, leave=0.5)
NAN = float("nan")
SCORES = arrays(
    np.float32, st.tuples(st.integers(0, 40), st.integers(1, 3)), elements=st.floats(0, 1, width=16) | st.just(np.nan)
).map(lambda scores: np.where(np.isnan(scores).any(axis=1)[:, None], np.float32(np.nan), scores))


def track(*columns: list[float], step: float = 1.0, span: float = 1.0) -> Track:
    labels = ("tom", "jerry", "spike")[: len(columns)]
    return Track("character", labels, "fp", step, span, np.array(columns, np.float32).T)


def spans(found: list[Segment], label: str = "tom") -> list[tuple[float, float]]:
    return [(one.start, one.end) for one in found if one.label == label]


def by_hand(scores: Float32, window: int, trailing: bool) -> Float32:
    rows = []
    for at, row in enumerate(scores):
        first = at - window + 1 if trailing else at - (window - 1) // 2
        near = scores[max(first, 0) : first + window]
        speaking = near[~np.isnan(near).any(axis=1)]
        rows.append(speaking.mean(axis=0) if not np.isnan(row).any() else row)
    return np.array(rows, np.float32).reshape(scores.shape)


@given(SCORES, st.integers(1, 12), st.booleans())
def test_a_rolling_average_is_the_mean_of_the_rows_around(scores: Float32, window: int, trailing: bool) -> None:
    averaged = rolling_average(scores, window, trailing=trailing)
    assert averaged.dtype == np.float32
    np.testing.assert_allclose(averaged, by_hand(scores, window, trailing), atol=1e-5)


@given(SCORES)
def test_a_window_of_one_changes_nothing(scores: Float32) -> None:
    np.testing.assert_allclose(rolling_average(scores, 1), scores, atol=1e-6)


def test_a_window_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="0 rows"):
        rolling_average(np.zeros((1, 1), np.float32), 0)


def test_a_segment_enters_high_and_leaves_low() -> None:
    rule = replace(PLAIN, enter=0.8, leave=0.4)
    found = find_segments(track([0.1, 0.5, 0.9, 0.5, 0.3, 0.5, 0.5]), rule, 7.0)
    assert spans(found) == [(1.0, 4.0)]
    assert found[0].score == pytest.approx((0.5 + 0.9 + 0.5) / 3)


def test_short_gaps_are_bridged_and_short_segments_dropped() -> None:
    scores = [0.9, NAN, 0.9, 0.1, 0.1, 0.1, 0.9, 0.1]
    rule = replace(PLAIN, max_gap=1.0, min_seconds=2.0)
    assert spans(find_segments(track(scores), rule, 8.0)) == [(0.0, 3.0)]


def test_a_bridged_gap_of_silence_does_not_lower_the_score() -> None:
    (found,) = find_segments(track([0.75, NAN, 0.75]), replace(PLAIN, max_gap=1.0), 3.0)
    assert found.score == 0.75


def test_only_the_strongest_label_counts_where_one_excludes_the_others() -> None:
    both = track([0.6, 0.6, 0.9], [0.7, 0.5, 0.8])
    assert spans(find_segments(both, PLAIN, 3.0)) == [(0.0, 3.0)]
    alone = find_segments(both, replace(PLAIN, exclusive=True), 3.0)
    assert (spans(alone), spans(alone, "jerry")) == ([(1.0, 3.0)], [(0.0, 1.0)])


def test_a_film_shorter_than_the_shortest_segment_is_tagged_as_a_whole() -> None:
    assert spans(find_segments(track([0.9]), replace(PLAIN, min_seconds=2.0), 0.4)) == [(0.0, 0.4)]


def test_rows_that_overlap_give_segments_that_do_not() -> None:
    overlapping = track([0.9, 0.9, 0.1, 0.9], step=1.0, span=3.0)
    assert spans(find_segments(overlapping, PLAIN, 5.5)) == [(0.0, 5.5)]


RULES = st.builds(
    lambda smooth, one, other, gap, exclusive: Rule(smooth, max(one, other), min(one, other), 0.0, gap, exclusive),
    st.floats(0, 4),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 3),
    st.booleans(),
)


@given(SCORES, st.sampled_from([0.5, 1.0, 3.2]), RULES)
def test_segments_are_ordered_apart_inside_the_film_and_of_scores_in_range(
    scores: Float32, step: float, rule: Rule
) -> None:
    duration = max(len(scores) * step - 0.3, 0.1)
    labels = ("tom", "jerry", "spike")[: scores.shape[1]]
    found = find_segments(Track("character", labels, "fp", step, step, scores), rule, duration)
    for label in labels:
        mine = [segment for segment in found if segment.label == label]
        assert all(0 <= segment.start < segment.end <= duration for segment in mine)
        assert all(later.start - earlier.end > rule.max_gap for earlier, later in pairwise(mine))
        assert all(rule.leave - 1e-4 <= segment.score <= 1 + 1e-4 for segment in mine) or rule.max_gap
