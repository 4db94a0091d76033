"""Clips that match side by side become moments that are tight and end at cuts."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.moments import LONGEST, NEAR, Moment, ScoredClip, merge_neighbours

CLIP = 3.2


def film(scores: list[float], video_id: int = 1) -> list[ScoredClip]:
    """Clips that follow one another."""
    return [
        ScoredClip(100 * video_id + n, video_id, CLIP * n, CLIP * (n + 1), score) for n, score in enumerate(scores)
    ]


def spans(moments: list[Moment]) -> list[tuple[float, float]]:
    return [(round(moment.start, 3), round(moment.end, 3)) for moment in moments]


def test_neighbours_that_score_alike_are_one_moment_with_the_best_as_its_peak() -> None:
    (moment,) = merge_neighbours(film([0.80, 0.85, 0.82]), {}, spread=0.2)
    assert (moment.peak.clip_id, moment.score) == (101, 0.85)
    assert moment.clip_ids == (100, 101, 102)
    assert (moment.start, moment.end) == pytest.approx((0, 3 * CLIP))


def test_a_neighbour_that_scores_much_lower_is_a_moment_of_its_own() -> None:
    moments = merge_neighbours(film([0.9, 0.3]), {}, spread=0.2)
    assert [moment.clip_ids for moment in moments] == [(100,), (101,)]


def test_a_slow_slope_is_no_chain() -> None:
    """Each clip is near the one before it, but only those near the peak belong to it."""
    moments = merge_neighbours(film([0.9 - 0.06 * n for n in range(10)]), {}, spread=0.2)
    assert all(moment.peak.score - 0.06 * (len(moment.clip_ids) - 1) >= 0 for moment in moments)
    assert max(len(moment.clip_ids) for moment in moments) <= 1 + NEAR * 0.2 / 0.06


def test_no_moment_takes_a_whole_film_of_one_picture() -> None:
    moments = merge_neighbours(film([0.7] * 500), {}, spread=0.2)
    assert max(moment.end - moment.start for moment in moments) <= LONGEST


def test_clips_with_others_between_them_are_apart() -> None:
    first, _, third = film([0.8, 0.8, 0.8])
    assert len(merge_neighbours([first, third], {}, spread=1.0)) == 2


def test_films_are_never_mixed() -> None:
    moments = merge_neighbours([*film([0.8, 0.8]), *film([0.8, 0.8], video_id=2)], {}, spread=1.0)
    assert [(moment.video_id, moment.clip_ids) for moment in moments] == [(1, (100, 101)), (2, (200, 201))]


def test_a_moment_ends_at_a_cut_between_clips() -> None:
    moments = merge_neighbours(film([0.8, 0.9, 0.8]), {1: [2 * CLIP]}, spread=1.0)
    assert spans(moments) == [(0, 6.4), (6.4, 9.6)]


def test_a_clip_across_a_cut_gives_the_shot_that_most_of_it_shows() -> None:
    assert spans(merge_neighbours(film([0.9]), {1: [1.0]})) == [(1.0, 3.2)]
    assert spans(merge_neighbours(film([0.9]), {1: [2.2]})) == [(0, 2.2)]


def test_a_neighbour_that_scores_well_tells_which_shot_a_clip_is_about() -> None:
    clips, cuts = film([0.2, 0.9, 0.8]), {1: [4.9]}
    assert spans(merge_neighbours(clips, cuts, spread=0.3))[0] == (4.9, 9.6)
    assert spans(merge_neighbours(clips[::-1], cuts, spread=0.3))[0] == (4.9, 9.6)
    before = merge_neighbours(film([0.8, 0.9, 0.2]), {1: [4.7]}, spread=0.3)
    assert spans(before)[0] == (0, 4.7)


def test_the_rest_of_a_shot_goes_with_its_moment_though_the_next_clip_shows_more_of_another() -> None:
    moments = merge_neighbours(film([0.9, 0.1]), {1: [4.2]}, spread=0.2)
    assert spans(moments) == [(0, 4.2), (4.2, 6.4)]


def test_a_clip_of_no_length_on_a_cut_is_a_moment() -> None:
    clip = ScoredClip(1, 1, 3.2, 3.2, 0.5)
    assert [moment.peak for moment in merge_neighbours([clip], {1: [3.2]})] == [clip]


def test_without_any_spread_only_equal_scores_join() -> None:
    assert [m.clip_ids for m in merge_neighbours(film([0.5, 0.5, 0.4]), {}, spread=0.0)] == [(100, 101), (102,)]


def test_no_clips_give_no_moments() -> None:
    assert merge_neighbours([], {}) == []


def test_two_hundred_clips_take_no_noticeable_time() -> None:
    rng = np.random.default_rng(1)
    clips = [clip for video in range(20) for clip in film(rng.normal(size=10).tolist(), video)]
    cuts = {video: [5.0 * n for n in range(1, 7)] for video in range(20)}
    took = []
    for _ in range(20):
        began = time.perf_counter()
        merge_neighbours(clips, cuts)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.005


Clips = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30), st.sampled_from([0.1, 0.2, 0.5, 0.9])), max_size=40)
Cuts = st.lists(st.floats(0.1, 100), max_size=8).map(sorted)


def scored(rows: list[tuple[int, int, float]]) -> list[ScoredClip]:
    places = {(video, n): score for video, n, score in rows}
    return [
        ScoredClip(1000 * video + n, video, CLIP * n, CLIP * (n + 1), score) for (video, n), score in places.items()
    ]


@given(Clips, Cuts, st.floats(0, 3))
def test_every_clip_is_in_one_moment_which_crosses_no_cut(
    rows: list[tuple[int, int, float]], cuts: list[float], spread: float
) -> None:
    clips = scored(rows)
    moments = merge_neighbours(clips, {1: cuts}, spread)
    assert sorted(i for moment in moments for i in moment.clip_ids) == sorted(clip.clip_id for clip in clips)
    for moment in moments:
        assert moment.start < moment.end
        assert moment.peak.clip_id in moment.clip_ids
        assert moment.video_id != 1 or not any(moment.start < cut < moment.end for cut in cuts)


@given(Clips, Cuts)
def test_the_best_come_first_whatever_the_order_given(rows: list[tuple[int, int, float]], cuts: list[float]) -> None:
    clips = scored(rows)
    moments = merge_neighbours(clips, {2: cuts}, 0.3)
    assert all(a.score >= b.score for a, b in pairwise(moments))
    assert merge_neighbours(clips[::-1], {2: cuts}, 0.3) == moments
