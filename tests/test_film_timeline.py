"""The timeline of a film: what is drawn where."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.screen_time import union
from search.asking.aim import Aim
from search.asking.film_curve import TOP, Curve, curve_of
from search.catalog.records import Cue, Segment
from search.ranking.scale import Scale
from web.film.appearances import appearances, next_start, previous_start
from web.film.timeline import CURVE_HEIGHT, LANE_HEIGHT, MOST_BARS, WIDTH, Band, joined, lay_out
from web.film.transcript import SHOWN, transcript

DURATION = 600.0
seconds = st.floats(0, DURATION, allow_nan=False)
ranges = st.lists(st.tuples(seconds, seconds)).map(lambda pairs: union((min(pair), max(pair)) for pair in pairs))
bands = st.lists(st.builds(Band, st.sampled_from(["character", "emotion"]), st.text(max_size=3), ranges), max_size=5)


def boxes(path: str) -> list[tuple[int, int]]:
    """Left and width of the bars of a lane."""
    return [(int(left), int(width)) for left, width in re.findall(r"M(-?\d+) \d+h(-?\d+)", path)]


@given(bands, st.lists(seconds).map(sorted))
def test_every_range_is_seen_in_its_lane_and_none_leaves_the_axis(bands: list[Band], cuts: list[float]) -> None:
    timeline = lay_out(DURATION, bands, cuts)
    for lane, band in zip(timeline.lanes[bool(cuts) :], bands, strict=True):
        drawn = boxes(lane.path)
        assert all(left >= 0 and width > 0 and left + width <= WIDTH for left, width in drawn)
        for start, end in band.ranges:
            middle = timeline.x((start + end) / 2)
            assert any(left - WIDTH // 1000 <= middle <= left + width + 1 for left, width in drawn)


@given(bands, st.booleans())
def test_lanes_lie_below_each_other(bands: list[Band], cut: bool) -> None:
    curve = Curve(((0.0, 3.0),), (0.5,))
    timeline = lay_out(DURATION, bands, [1.0] if cut else [], curve)
    tops = [lane.top for lane in timeline.lanes]
    assert tops == [0, *(CURVE_HEIGHT + LANE_HEIGHT * i for i in range(len(tops) - 1))]
    assert timeline.height == sum(lane.height for lane in timeline.lanes)


def test_a_film_of_very_many_short_ranges_stays_small_to_send() -> None:
    many = [(i / 10, i / 10 + 0.05) for i in range(50_000)]
    lanes = joined([many, many], 5000.0)
    assert sum(map(len, lanes)) <= MOST_BARS
    assert lanes[0][0][0] == 0.0


@given(st.floats(0.01, 1e6))
def test_the_scale_has_marks_for_every_magnification_but_not_too_many(duration: float) -> None:
    marks = lay_out(duration, []).marks
    assert marks[0].second == 0
    assert all(0 <= mark.percent <= 100 for mark in marks)
    for level, most in enumerate((6, 12, 24, 48)):
        shown = [mark.second for mark in marks if mark.level <= level]
        assert len(shown) <= max(most + 1, duration / 86400 + 1)
        assert len({later - earlier for earlier, later in pairwise(shown)}) <= 1


def test_the_links_without_javascript_cover_the_whole_film() -> None:
    jumps = lay_out(DURATION, []).jumps
    assert jumps[0].left == 0
    assert jumps[-1].left + jumps[-1].width == pytest.approx(100)


def test_the_curve_peaks_where_the_clips_come_nearest() -> None:
    aim = Aim(np.array([1.0, 0.0], np.float32), np.zeros(2, np.float32), Scale(0.0, 0.1))
    vectors = np.array([[0.0, 1.0], [0.3, 0.0], [-1.0, 0.0]], np.float32)
    curve = curve_of([aim], [(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)], vectors)
    assert curve is not None
    assert curve.heights == pytest.approx((0.0, 0.3 / 0.1 / TOP, 0.0), abs=1e-3)
    assert curve_of([], [(0.0, 1.0)], vectors[:1]) is None
    assert curve_of([aim], [(0.0, 1.0)], vectors) is None


def test_the_appearances_of_each_kind_are_counted_as_screen_time_counts_them() -> None:
    segments = [Segment("emotion", "happy", 0.0, 1.0, 0.5), Segment("character", "tom", 1.0, 4.0, 0.9)]
    characters, emotions = appearances(segments, 10.0)
    assert (characters.heading, characters.labels[0].seconds, emotions.labels[0].share) == ("Characters", 3.0, 0.1)


def test_the_next_appearance_is_not_the_one_that_is_on_screen() -> None:
    [of] = appearances([Segment("character", "tom", start, start + 1, 1.0) for start in (1.0, 5.0)], 10.0)
    tom = of.labels[0]
    assert [next_start(tom, second) for second in (0.0, 1.0, 4.0, 5.0)] == [1.0, 5.0, 5.0, None]
    assert [previous_start(tom, second) for second in (1.0, 2.0, 9.0)] == [None, 1.0, 5.0]


@given(st.integers(0, 400), st.floats(-1, 500))
def test_a_transcript_shows_what_is_said_now_and_the_way_to_all_else(count: int, second: float) -> None:
    cues = [Cue(float(i), i + 0.5, str(i), "a.srt") for i in range(count)]
    shown = transcript(cues, second)
    assert len(shown.cues) == min(count, SHOWN)
    if shown.current is None:
        assert second < 0 or not count
    else:
        assert shown.cues[shown.current].words == str(min(count - 1, int(second)))
    assert (shown.earlier is None) == (not count or shown.cues[0].words == "0")
    assert (shown.later is None) == (not count or shown.cues[-1].words == str(count - 1))
