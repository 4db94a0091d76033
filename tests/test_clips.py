from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.decoding.clips import SLACK, Clip, ClipAssembler, ClipPlan, count_clips, grid_steps
from search.contracts import UInt8

PLANS = st.builds(
    ClipPlan,
    frames=st.integers(1, 12),
    fps=st.sampled_from([0.5, 5.0, 10.0, 12.5]),
    size=st.just(1),
    overlap=st.sampled_from([0.0, 0.25, 0.5, 0.9]),
)
GAPS = st.lists(st.floats(0.01, 3.0), min_size=1, max_size=60)
"""Seconds for which each frame of a film is shown."""


SHOT_PLANS = PLANS.map(lambda plan: replace(plan, shots=True))
SHOTS = st.lists(GAPS, min_size=1, max_size=6)
"""The same, shot by shot."""


def picture(number: int) -> UInt8:
    return np.full((1, 1, 3), number % 256, np.uint8)


def assemble(gaps: list[float], plan: ClipPlan) -> tuple[list[Clip], float, int]:
    """The clips of a film whose n-th frame is shown for `gaps[n]` seconds, its end and its grid points."""
    assembler, time, steps = ClipAssembler(plan), 0.0, 0
    clips: list[Clip] = []
    for number, gap in enumerate(gaps):
        shown = len(grid_steps(time, time + gap, plan.fps))
        if shown:
            clips += assembler.show(picture(number), shown)
        steps += shown
        time += gap
        assert len(assembler._held) <= plan.frames
    return clips + list(assembler.finish(time)), time, steps


def assemble_shots(shots: list[list[float]], plan: ClipPlan) -> tuple[list[Clip], list[float]]:
    """The clips of a film whose frames show the number of their shot, and where its shots and the film end."""
    assembler, clips, begin, ends = ClipAssembler(plan), list[Clip](), 0.0, list[float]()
    for number, gaps in enumerate(shots):
        time = begin
        for gap in gaps:
            clips += assembler.show(picture(number), len(grid_steps(time, time + gap, plan.fps, begin)))
            time += gap
            assert len(assembler._held) + len(assembler._passed) <= (2 + SLACK) * plan.frames
        clips += assembler.cut(time) if number + 1 < len(shots) else assembler.finish(time)
        ends.append(time)
        begin = time
    return clips, ends


@given(SHOTS, SHOT_PLANS)
def test_with_shots_clips_begin_at_cuts_and_none_shows_two(shots: list[list[float]], plan: ClipPlan) -> None:
    clips, ends = assemble_shots(shots, plan)
    begins = [0.0, *ends[:-1]]
    assert {clip.start for clip in clips} >= set(begins)
    for clip in clips:
        number = int(clip.frames[0, 0, 0, 0])
        assert (clip.frames == number).all()
        assert begins[number] <= clip.start < clip.end <= ends[number]


@given(SHOTS, SHOT_PLANS)
def test_with_shots_every_second_is_in_a_clip_of_about_the_planned_length(
    shots: list[list[float]], plan: ClipPlan
) -> None:
    clips, ends = assemble_shots(shots, plan)
    assert clips[0].start == 0
    for clip, following in pairwise(clips):
        assert clip.start < following.start <= clip.end + 0.002
        assert clip.end - clip.start <= (1 + SLACK) * plan.seconds + 1e-9
    assert ends[-1] - 1 / plan.fps - 0.002 <= clips[-1].end <= ends[-1]
    assert all(clip.frames.shape == (plan.frames, 1, 1, 3) for clip in clips)


def spans(clips: list[Clip]) -> list[tuple[float, float]]:
    return [(round(clip.start, 3), round(clip.end, 3)) for clip in clips]


def test_what_is_left_of_a_shot_goes_with_the_clip_before_or_has_one_that_is_moved_back() -> None:
    plan = ClipPlan(frames=8, fps=10, size=1, shots=True)
    assert spans(assemble_shots([[0.1] * 10, [0.1] * 3], plan)[0]) == [(0.0, 1.0), (1.0, 1.3)]
    clips, _ = assemble_shots([[0.1] * 11, [0.1] * 3], plan)
    assert spans(clips) == [(0.0, 0.8), (0.3, 1.1), (1.1, 1.4)]


def test_in_a_shot_shorter_than_a_clip_the_last_frame_is_held() -> None:
    assembler = ClipAssembler(ClipPlan(frames=8, fps=10, size=1, shots=True))
    for number in range(3):
        assert list(assembler.show(picture(number), 1)) == []
    (clip,) = assembler.cut(0.3)
    assert clip.frames[:, 0, 0, 0].tolist() == [0, 1, 2, 2, 2, 2, 2, 2]


@given(GAPS, PLANS)
def test_clips_come_in_order_and_cover_every_second_of_the_film(gaps: list[float], plan: ClipPlan) -> None:
    clips, end, _ = assemble(gaps, plan)
    assert clips[0].start == 0
    for clip, following in pairwise(clips):
        assert clip.start < following.start <= clip.end + 1e-9
    # The last grid point speaks for up to one step of film behind it.
    assert end - 1 / plan.fps - 0.002 <= clips[-1].end <= end


@given(GAPS, PLANS)
def test_the_count_of_clips_is_known_from_the_length(gaps: list[float], plan: ClipPlan) -> None:
    clips, _, steps = assemble(gaps, plan)
    assert len(clips) == count_clips(steps, plan)
    assert all(clip.frames.shape == (plan.frames, 1, 1, 3) for clip in clips)


@given(GAPS, PLANS)
def test_no_clip_repeats_only_what_others_show(gaps: list[float], plan: ClipPlan) -> None:
    clips, end, _ = assemble(gaps, plan)
    for before, clip in pairwise(clips):
        assert before.start + plan.seconds < end
        assert clip.end > before.end


@given(GAPS, PLANS)
def test_each_grid_point_shows_the_last_frame_that_is_not_later(gaps: list[float], plan: ClipPlan) -> None:
    clips, end, _ = assemble(gaps, plan)
    times = np.concatenate([[0.0], np.cumsum(gaps)[:-1]])
    for clip in clips:
        for number, frame in enumerate(clip.frames):
            time = min(clip.start + number / plan.fps, end)
            shown = int(np.searchsorted(times, time + 0.001 + 1e-9, side="right")) - 1
            earlier = int(np.searchsorted(times, time + 0.001 - 1e-9, side="right")) - 1
            assert frame[0, 0, 0] in {shown, earlier} or time + 0.002 >= end


def test_a_film_shorter_than_a_clip_has_its_last_frame_held() -> None:
    clips, end, _ = assemble([0.1] * 3, ClipPlan(frames=8, fps=10, size=1))
    assert [clip.frames[:, 0, 0, 0].tolist() for clip in clips] == [[0, 1, 2, 2, 2, 2, 2, 2]]
    assert clips[0].end == pytest.approx(end)


def test_the_tail_is_padded_and_counted_once() -> None:
    clips, _, _ = assemble([0.1] * 10, ClipPlan(frames=4, fps=10, size=1, overlap=0.5))
    assert [(round(clip.start, 3), round(clip.end, 3)) for clip in clips] == [
        (0.0, 0.4), (0.2, 0.6), (0.4, 0.8), (0.6, 1.0),
    ]  # fmt: skip


def test_a_still_that_is_held_for_long_need_not_be_encoded_again() -> None:
    clips, _, _ = assemble([0.1, 0.1, 2.0], ClipPlan(frames=4, fps=10, size=1))
    assert [clip.repeats_previous for clip in clips] == [False, False, True, True, True, True]
    assert clips[3].frames is clips[1].frames


def test_millisecond_rounding_does_not_shift_the_grid() -> None:
    times = [round(number / 30, 3) for number in range(31)]
    shown = [len(grid_steps(a, b, 30)) for a, b in pairwise(times)]
    assert shown == [1] * 30


def test_a_span_begins_its_grid_where_it_starts() -> None:
    assert list(grid_steps(2.0, 2.4, 10, start=2.15)) == [0, 1, 2]
    assert list(grid_steps(0.0, 2.0, 10, start=2.15)) == []


@pytest.mark.parametrize(
    "wrong",
    [{"frames": 0}, {"fps": 0.0}, {"fps": math.inf}, {"size": 0}, {"overlap": 1.0}, {"overlap": -0.1}],
)
def test_an_impossible_plan_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="not a clip plan"):
        ClipPlan(**({"frames": 4, "fps": 10, "size": 8} | wrong))  # type: ignore[arg-type]
