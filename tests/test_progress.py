from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from indexer.decoding.outcome import DecodeOutcome
from indexer.film import Film
from indexer.finding.changes import Why, Work
from indexer.reporting import progress
from indexer.reporting.pace import Pace, duration, time_left
from indexer.reporting.progress import Bars, Lines, choose_progress
from search.catalog.records import FileFacts, VideoFacts, VideoState

WORK = [Work(Path("/films"), name, FileFacts(1000, 1, name), Why.NEW) for name in ("a.mp4", "b\n.mp4")]


def film(work: Work, state: VideoState = VideoState.INDEXED, reason: str = "") -> Film:
    return Film(work, [], DecodeOutcome(state, reason and "code", reason, VideoFacts(duration=10.0), 1))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.04, "0.0 s"),
        (9.9, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min 0 s"),
        (130, "2 min 10 s"),
        (11_100, "3 h 5 min"),
    ],
)
def test_a_duration_reads_like_speech(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@given(st.floats(0.1, 1e5), st.floats(0, 1e12), st.floats(0, 1e12))
def test_time_left_is_told_only_when_it_can_be(elapsed: float, done: float, total: float) -> None:
    left = time_left(elapsed, done, total)
    assert (left is not None) == (0 < done <= total)
    assert left is None or left >= 0


def test_the_pace_counts_the_film_in_work_too() -> None:
    pace = Pace(WORK)
    pace.decoding(WORK[0], 5.0, 10.0)
    assert "left" in str(pace)
    pace.take(film(WORK[0]))
    pace.take(film(WORK[1]))
    assert pace.finished == pace.files == 2


def test_lines_are_few_on_one_line_each_and_the_last_is_always_there() -> None:
    stream = io.StringIO()
    lines = Lines(stream)
    lines.begin(WORK, 1.0)
    for work in WORK:
        lines.decoding(work, 1.0, 2.0)
    lines.finished(film(WORK[0]))
    lines.finished(film(WORK[1], VideoState.FAILED, "no video stream"))
    lines.end()
    assert stream.getvalue().startswith("[2/2] b\\n.mp4: failed, no video stream (")
    assert stream.getvalue().count("\n") == 1


def test_a_long_film_is_told_of_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    stream = io.StringIO()
    lines = Lines(stream)
    lines.begin(WORK, 1.0)
    lines.decoding(WORK[0], 60.0, 7200.0)
    assert stream.getvalue().startswith("[0/2] a.mp4: 1 min 0 s of 2 h 0 min (")


def test_on_a_terminal_there_is_a_bar_for_all_files_and_one_with_the_clips_of_a_long_film() -> None:
    stream = io.StringIO()
    bars = Bars(Console(file=stream, force_terminal=True, width=120))
    bars.begin(WORK, 3.2)
    bars.decoding(WORK[0], 320.0, 3200.0)
    bars.say("a sentence [with] brackets")
    bars.end()
    shown = stream.getvalue()
    assert "a sentence [with] brackets" in shown
    assert "0/2" in shown
    assert "100/1000" in shown
    assert "left" in shown


def test_what_is_no_terminal_gets_plain_lines() -> None:
    assert isinstance(choose_progress(io.StringIO()), Lines)
