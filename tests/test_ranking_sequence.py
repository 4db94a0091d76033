"""`A then B` finds moments of one film that follow one another."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ranking.moments import Moment, ScoredClip
from search.ranking.scale import Scale, scale_of
from search.ranking.sequence import TOUCHING, Chain, follow


def moment(start: float, score: float, video_id: int = 1, length: float = 3.0) -> Moment:
    peak = ScoredClip(int(1000 * video_id + start), video_id, start, start + length, score)
    return Moment(video_id, peak, peak.start, peak.end, score, (peak.clip_id,))


def starts(chains: list[Chain]) -> list[tuple[float, ...]]:
    return [tuple(part.start for part in chain.moments) for chain in chains]


def test_what_comes_before_does_not_follow() -> None:
    assert starts(follow([[moment(10, 1)], [moment(20, 1)]], [None])) == [(10, 20)]
    assert follow([[moment(20, 1)], [moment(10, 1)]], [None]) == []


def test_a_moment_of_another_film_does_not_follow() -> None:
    assert follow([[moment(10, 1)], [moment(20, 1, video_id=2)]], [None]) == []


def test_one_moment_is_not_both() -> None:
    assert follow([[moment(10, 1)], [moment(10, 1)]], [None]) == []


def test_a_moment_may_follow_at_once_and_the_peaks_decide_where_extents_overlap() -> None:
    first, second = moment(0, 1), moment(3, 1)
    wide = Moment(1, second.peak, 1.0, 8.0, 1, second.clip_ids)
    assert len(follow([[first], [second]], [0.0])) == len(follow([[first], [wide]], [0.0])) == 1


def test_within_is_from_the_end_of_the_one_to_the_beginning_of_the_other() -> None:
    steps = [[moment(0, 1)], [moment(13, 1)]]
    assert starts(follow(steps, [10.0])) == [(0, 13)]
    assert follow(steps, [9.0]) == []


def test_within_can_cost_a_better_first_moment() -> None:
    steps = [[moment(0, 5), moment(50, 1)], [moment(60, 1)]]
    assert starts(follow(steps, [None])) == [(0, 60)]
    assert starts(follow(steps, [10.0])) == [(50, 60)]


def test_both_moments_count() -> None:
    steps = [[moment(0, 3), moment(0, 1, video_id=2)], [moment(10, 1), moment(10, 2, video_id=2)]]
    chains = follow(steps, [None])
    assert [(chain.video_id, chain.score) for chain in chains] == [(1, 2.0), (2, 1.5)]


def test_each_sentence_counts_on_its_own_scale() -> None:
    """The second sentence has large scores for everything."""
    steps = [[moment(0, 0.3), moment(0, 0.1, video_id=2)], [moment(10, 50), moment(10, 51, video_id=2)]]
    scales = [Scale(0.1, 0.1), Scale(50, 10)]
    assert follow(steps, [None])[0].video_id == 2
    assert follow(steps, [None], scales)[0].video_id == 1


def test_a_stretch_of_film_is_found_once_but_a_film_may_hold_several() -> None:
    steps = [[moment(0, 3), moment(4, 2), moment(100, 1)], [moment(10, 3), moment(14, 2), moment(110, 1)]]
    assert starts(follow(steps, [30.0])) == [(0, 10), (100, 110)]


def test_moments_of_next_to_no_length_are_found_once() -> None:
    """A film may end with a fraction of a second."""
    steps = [[moment(9.0, 1, length=0.004)], [moment(9.004, 1, length=0.004)]]
    assert len(follow(steps, [None])) == 1


def test_a_film_full_of_chains_is_no_burden() -> None:
    scores = np.random.default_rng(1).normal(size=(2, 500)).tolist()
    steps = [[moment(10.0 * n + 4 * i, score) for n, score in enumerate(scores[i])] for i in range(2)]
    began = time.perf_counter()
    assert len(follow(steps, [5.0])) == 500
    assert time.perf_counter() - began < 2


def test_three_steps_follow_in_order() -> None:
    steps = [[moment(0, 1)], [moment(20, 1), moment(5, 0)], [moment(10, 1)]]
    assert starts(follow(steps, [None, None])) == [(0, 5, 10)]


def test_every_step_has_its_within_and_its_scale() -> None:
    with pytest.raises(ValueError, match="within"):
        follow([[moment(0, 1)], [moment(9, 1)]], [])
    with pytest.raises(ValueError, match="scale"):
        follow([[moment(0, 1)]], [], [Scale(), Scale()])


Steps = st.lists(
    st.lists(st.builds(moment, st.integers(0, 60), st.integers(-3, 3), st.integers(1, 2)), max_size=8),
    min_size=1,
    max_size=3,
)


@given(Steps, st.sampled_from([None, 0.0, 7.0]))
def test_chains_are_in_order_apart_and_best_first(steps: list[list[Moment]], most: float | None) -> None:
    chains = follow(steps, [most] * (len(steps) - 1))
    assert [chain.score for chain in chains] == sorted((chain.score for chain in chains), reverse=True)
    for chain in chains:
        for before, after in zip(chain.moments, chain.moments[1:], strict=False):
            assert before.video_id == after.video_id
            assert after.peak.start >= before.peak.end - TOUCHING
            assert most is None or after.start - before.end <= most + TOUCHING
    for one in chains:
        for other in chains:
            if one is not other and one.video_id == other.video_id:
                assert one.end <= other.start + TOUCHING or other.end <= one.start + TOUCHING


@given(Steps)
def test_no_chain_is_better_than_the_first(steps: list[list[Moment]]) -> None:
    """Against trying all."""
    paths: list[tuple[Moment, ...]] = [()]
    for step in steps:
        paths = [
            (*path, m)
            for path in paths
            for m in step
            if not path or (m.video_id == path[-1].video_id and m.start >= path[-1].end - TOUCHING)
        ]
    best = max((sum(part.score for part in path) / len(path) for path in paths), default=None)
    chains = follow(steps, [None] * (len(steps) - 1))
    assert (chains[0].score if chains else None) == (None if best is None else pytest.approx(best))


def test_the_scale_of_a_sentence_is_that_of_its_scores_in_the_library() -> None:
    sample = np.array([[1, 0], [3, 0]], np.float32)
    scale = scale_of(np.array([2, 0], np.float32), sample)
    assert (scale.mean, scale.deviation, scale.standardise(8)) == (4, 2, 2)


def test_an_empty_library_and_one_of_equal_clips_have_a_scale() -> None:
    query = np.ones(2, np.float32)
    assert scale_of(query, np.empty((0, 2), np.float32)) == Scale()
    assert scale_of(query, np.ones((5, 2), np.float32)).standardise(7) == 0
