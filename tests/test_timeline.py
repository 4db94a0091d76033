from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.timeline import Timeline


def times(stamps: Sequence[float | None], rate: float = 25) -> list[float]:
    timeline = Timeline(rate)
    return [timeline.place(stamp) for stamp in stamps]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=50), st.floats(0, 1e6))
def test_time_begins_at_zero_and_only_rises(stamps: list[float | None], rate: float) -> None:
    placed = times(stamps, rate)
    assert placed[:1] == [0] * len(placed[:1])
    assert all(before < after for before, after in pairwise(placed))


@pytest.mark.parametrize("start", [0.0, -1.5, 3601.4])
def test_the_first_shown_frame_is_time_zero(start: float) -> None:
    assert times([start, start + 0.04, start + 1]) == pytest.approx([0, 0.04, 1])


def test_gaps_up_to_an_hour_are_kept() -> None:
    assert times([0, 60, 3600]) == [0, 60, 3600]


def test_without_timestamps_the_nominal_rate_counts() -> None:
    assert times([None] * 4, rate=10) == pytest.approx([0, 0.1, 0.2, 0.3])
    assert times([5.0] * 4, rate=10) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_one_double_timestamp_does_not_shift_what_follows() -> None:
    assert times([0, 0.04, 0.04, 0.08, 0.12, 0.16]) == pytest.approx([0, 0.04, 0.08, 0.0825, 0.12, 0.16])


@pytest.mark.parametrize("leap", [-50.0, 90_000.0])
def test_a_clock_set_anew_goes_on_where_the_film_was(leap: float) -> None:
    stamps = [100, 100.04, 100.08, 100 + leap, 100.04 + leap]
    assert times(stamps) == pytest.approx([0, 0.04, 0.08, 0.12, 0.16])


def test_decoding_times_are_believed_where_presentation_times_go_back_and_forth() -> None:
    timeline = Timeline(30)
    shown = [2, 3, 5, 4, 6, 9, 8, 10, 7, 13]
    placed = [timeline.place(stamp / 30, number / 30) for number, stamp in enumerate(shown, start=3)]
    assert placed[-1] == pytest.approx(10 / 30)


def test_the_last_frame_is_held_as_long_as_the_file_says_if_that_can_be() -> None:
    timeline = Timeline(10)
    assert timeline.hold(2.5) == 2.5
    assert timeline.hold(0) == timeline.hold(1e9) == 0.1
