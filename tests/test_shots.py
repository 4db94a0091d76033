from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.decoding.shots import LOOKS, SHORTEST, CutFinder
from indexer.sources.base import Tap
from search.contracts import UInt8

RATE = 25


@dataclass(frozen=True)
class StillFrame:
    """A decoded frame that is small already."""

    time: float
    pixels: UInt8
    duration: float = 1 / RATE

    def fitted(self, tap: Tap) -> UInt8:
        assert tap == LOOKS
        return self.pixels


def scene(number: int, light: float = 1.0, height: int = 36) -> UInt8:
    pixels = np.random.default_rng(number).integers(0, 256, (height, 64, 3))
    return (pixels * light).astype(np.uint8)


def filmed(pictures: Iterable[UInt8], rate: float = RATE) -> list[StillFrame]:
    return [StillFrame(number / rate, picture) for number, picture in enumerate(pictures)]


def cuts_of(frames: Sequence[StillFrame], hold: float = 1 / RATE) -> list[float]:
    """`hold`: seconds for which the last frame is shown."""
    finder = CutFinder()
    ends = [frame.time for frame in frames[1:]] + [frames[-1].time + hold]
    return [cut for frame, end in zip(frames, ends, strict=True) for cut in finder.see(frame, end)]


@pytest.mark.parametrize("first", [30, 31, 32, 33])
@pytest.mark.parametrize("rate", [12, 24, 25, 29.97, 50, 60])
def test_a_cut_has_the_time_of_the_new_shots_first_frame(first: int, rate: float) -> None:
    frames = filmed([scene(1)] * first + [scene(2)] * 60, rate)
    assert cuts_of(frames) == [frames[first].time]


def test_a_camera_that_moves_makes_no_cut() -> None:
    wide = np.repeat(np.random.default_rng(5).integers(0, 256, (36, 60, 3)), 8, axis=1).astype(np.uint8)
    assert cuts_of(filmed(wide[:, 3 * step : 3 * step + 64] for step in range(130))) == []


def test_a_slow_fade_makes_one_cut_at_most_and_that_where_it_is_dark() -> None:
    down = [scene(1, light) for light in np.linspace(1, 0, 40)]
    up = [scene(2, light) for light in np.linspace(0, 1, 40)]
    cuts = cuts_of(filmed([scene(1)] * 20 + down + up + [scene(2)] * 20))
    assert len(cuts) <= 1
    assert all(abs(cut - 60 / RATE) < 0.2 for cut in cuts)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_flash_makes_no_cut(length: int) -> None:
    white = np.full((36, 64, 3), 255, np.uint8)
    assert cuts_of(filmed([scene(1)] * 40 + [white] * length + [scene(1)] * 40)) == []


def test_each_picture_of_a_slide_show_is_a_shot_though_it_has_one_frame_only() -> None:
    frames = [StillFrame(4.0 * number, scene(number)) for number in range(5)]
    assert cuts_of(frames, hold=4.0) == [4.0, 8.0, 12.0, 16.0]


def test_frames_that_come_seldom_are_no_slide_show() -> None:
    """Five a second, as in an animated GIF: much changes from each to the next."""
    pictures = [np.roll(scene(1), 7 * step, axis=1) for step in range(30)]
    assert cuts_of(filmed(pictures, rate=5), hold=0.2) == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_film_of_hardly_any_frames_has_no_cut(count: int) -> None:
    assert cuts_of(filmed(scene(number) for number in range(count))) == []


def test_a_still_for_an_hour_costs_a_few_looks() -> None:
    assert cuts_of([StillFrame(0.0, scene(1)), StillFrame(3600.0, scene(2))], hold=1.0) == [3600.0]


def test_pictures_may_change_their_size() -> None:
    frames = filmed([scene(1)] * 30 + [scene(2, height=48)] * 30)
    assert cuts_of(frames) == [frames[30].time]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0.01, 1.2)), min_size=1, max_size=60))
def test_a_cut_is_known_before_anything_past_it_is_settled(told: list[tuple[int, float]]) -> None:
    """Frames up to what is settled are given away: no cut may turn up among them later."""
    finder, time, before = CutFinder(), 0.0, -SHORTEST
    for number, gap in told:
        settled = finder.settled
        for cut in finder.see(StillFrame(time, scene(number)), time + gap):
            assert settled < cut <= finder.settled
            assert cut - before >= SHORTEST - 2 / LOOKS.fps
            before = cut
        assert finder.settled >= settled
        time += gap
