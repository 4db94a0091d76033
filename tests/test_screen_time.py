from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.screen_time import CharacterTime, Together, intersection, screen_time, union
from search.catalog.records import Segment

DURATION = 60.0
TIMES = st.integers(-5, 70).map(float)
SPANS = st.lists(st.tuples(TIMES, TIMES), max_size=8)
SEGMENTS = st.lists(
    st.builds(Segment, st.just("character"), st.sampled_from(["tom", "jerry", "spike"]), TIMES, TIMES, st.just(0.9)),
    max_size=12,
)


def character(label: str, start: float, end: float) -> Segment:
    return Segment("character", label, start, end, 0.8)


def test_figures_by_hand() -> None:
    segments = [character("tom", 0, 10), character("jerry", 8, 20), character("tom", 30, 35)]

    told = screen_time(segments, 50.0)

    assert told.characters == (
        CharacterTime("tom", 15.0, 0.3, ((0, 10), (30, 35)), 10.0),
        CharacterTime("jerry", 12.0, 0.24, ((8, 20),), 12.0),
    )
    assert told.together == (Together(("jerry", "tom"), 2.0),)


def test_other_kinds_of_segments_do_not_count() -> None:
    told = screen_time([Segment("emotion", "happy", 0, 10, 1.0)], 50.0)

    assert told.to_document() == {"duration": 50.0, "characters": [], "together": []}


def test_time_is_not_counted_twice_nor_outside_the_film() -> None:
    told = screen_time([character("tom", -3, 6), character("tom", 4, 8), character("tom", 8, 99)], 10.0)

    assert told.characters == (CharacterTime("tom", 10.0, 1.0, ((0, 10),), 10.0),)


def test_a_character_seen_only_outside_the_film_is_not_listed() -> None:
    assert screen_time([character("tom", 11, 12)], 10.0).characters == ()


def test_a_film_without_duration_has_nobody() -> None:
    assert screen_time([character("tom", 0, 1)], 0.0).characters == ()


@given(SPANS)
def test_a_union_covers_the_same_moments_in_ranges_that_are_apart(spans: list[tuple[float, float]]) -> None:
    merged = union(spans)

    assert all(before[1] < after[0] for before, after in pairwise(merged))
    for moment in (second + 0.5 for second in range(-6, 72)):
        assert covers(merged, moment) == covers(spans, moment)


@given(SPANS, SPANS)
def test_an_intersection_covers_what_both_cover(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    shared = intersection(union(one), union(other))

    for moment in (second + 0.5 for second in range(-6, 72)):
        assert covers(shared, moment) == (covers(one, moment) and covers(other, moment))


@given(SEGMENTS)
def test_ranges_longest_and_share_belong_to_the_seconds(segments: list[Segment]) -> None:
    for one in screen_time(segments, DURATION).characters:
        lengths = [end - start for start, end in one.ranges]
        assert one.seconds == pytest.approx(sum(lengths))
        assert one.longest == max(lengths)
        assert 0 < one.share <= 1
        assert one.share == pytest.approx(one.seconds / DURATION)


@given(SEGMENTS)
def test_nobody_is_together_longer_than_each_is_there(segments: list[Segment]) -> None:
    told = screen_time(segments, DURATION)
    alone = {one.label: one.seconds for one in told.characters}

    for pair in told.together:
        assert 0 < pair.seconds <= min(alone[label] for label in pair.labels)


def covers(spans: list[tuple[float, float]], moment: float) -> bool:
    return any(start <= moment < end for start, end in spans)
