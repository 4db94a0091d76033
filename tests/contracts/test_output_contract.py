"""What every format of `--format` promises, whatever the names, rates and spans of the films."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from search.outputs.registry import WRITERS, writer
from search.outputs.span import Span, one_line

PLAIN = Span(
    path=Path("/films/beach.mp4"),
    title="beach.mp4",
    start=12.48,
    end=15.68,
    rank=1,
    band="strong",
    score=0.41,
    clip_id=7,
    video_id=3,
    duration=60.0,
    fps=25.0,
    tags=("emotion=happy",),
)
NAMES = [
    "a, comma.mp4",
    'a "quote".mp4',
    "an 'apostrophe'.mp4",
    "a\nline break.mp4",
    "a\rreturn and\ttab.mp4",
    "Straße & <b>ünïcode</b> 海.mp4",
    "\u202emirrored\u202c \u200fright to left.mp4",
    "--> WEBVTT.mp4",
    "#EXTM3U.mp4",
    "back\\slash % and space .mp4",
    "bytes that are no UTF-8 \udcff.mp4",
    "no extension",
]
RATES = [
    0.0,
    10.0,
    12.5,
    23.976,
    24.0,
    24000 / 1001,
    25.0,
    29.97,
    29.83,
    30.0,
    48.0,
    50.0,
    60000 / 1001,
    120.0,
    1000.0,
]
QUESTION = "dog & 'cat' --> then\nsnow"


@pytest.fixture(params=sorted(WRITERS))
def written(request: pytest.FixtureRequest) -> Written:
    return Written(request.param)


class Written:
    """Writes spans in one format, and checks what holds for all."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *spans: Span) -> str:
        text = writer(self.name)(spans, QUESTION)
        assert text.endswith("\n")
        assert "\0" not in text
        text.encode("utf-8", "surrogateescape")
        return text

    def file(self, *spans: Span) -> int:
        """How many moments it names."""
        marks = {
            "csv": "beach.mp4,/films",
            "edl": " C        ",
            "otio": '"Clip.2"',
            "m3u": "#EXTINF",
            "vtt": " --> ",
            "ffconcat": "inpoint",
        }
        return self(*spans).count(marks[self.name])


def named(name: str) -> Span:
    return replace(PLAIN, path=Path("/films") / name, title=one_line(name))


def test_no_moments_are_a_file_without_moments(written: Written) -> None:
    assert written.file() == 0
    assert written().strip()


def test_every_moment_is_in_the_file_and_in_the_order_given(written: Written) -> None:
    spans = [replace(PLAIN, rank=rank, start=rank * 5.0, end=rank * 5.0 + 2) for rank in range(1, 6)]
    assert written.file(*spans) == 5


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_written_and_breaks_no_line(written: Written, name: str) -> None:
    text = written(named(name))
    if written.name != "csv":  # quotes its line breaks
        assert "\r" not in text
        assert text.count("\n") <= written(PLAIN).count("\n")


@pytest.mark.parametrize("fps", RATES)
def test_any_frame_rate_is_written(written: Written, fps: float) -> None:
    assert written.file(replace(PLAIN, fps=fps)) == 1


def test_films_of_several_rates_go_into_one_file(written: Written) -> None:
    spans = [replace(PLAIN, fps=fps, video_id=place) for place, fps in enumerate(RATES)]
    assert written.file(*spans) == len(RATES)


@pytest.mark.parametrize(
    ("start", "end", "duration"), [(0.0, 0.001, 60.0), (59.9, 60.0, 60.0), (5.0, 9.0, 0.0), (90_000.0, 90_001.0, 0.0)]
)
def test_spans_at_the_edges_keep_a_positive_length(
    written: Written, start: float, end: float, duration: float
) -> None:
    text = written(replace(PLAIN, start=start, end=end, duration=duration))
    assert str(-math.inf) not in text
    assert "nan" not in text
