"""The files that `--format` writes, read back by the programs and libraries that they are for."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlparse

import av
import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.answer import Hit, LaterMoment, SearchAnswer
from search.catalog.cues import FoundCue
from search.catalog.records import ClipRecord, Cue, Segment, VideoFacts
from search.outputs.chapters import clock, write_vtt
from search.outputs.concatenation import write_ffconcat
from search.outputs.edit_list import write_edl
from search.outputs.playlist import write_m3u
from search.outputs.rows import plain, write_csv
from search.outputs.span import one_line, smpte_rate, spans_of
from search.outputs.timeline import write_otio
from tests.contracts.test_output_contract import NAMES, PLAIN, named
from tests.films import RATE, draw_film

NTSC = 30000 / 1001


def answer(*hits: Hit) -> SearchAnswer:
    return SearchAnswer("dog", (), (), "mini", "ff", None, 1.0, hits)


def hit(start: float, end: float, **more: object) -> Hit:
    clip = ClipRecord(7, 3, start, end, Path("/films/beach.mp4"), "beach.mp4")
    return Hit(1, 0.5, "strong", clip, (Segment("emotion", "happy", 0, 1, 0.9),), **more)  # type: ignore[arg-type]


def test_a_span_ends_with_its_film() -> None:
    [span] = spans_of(answer(hit(58.0, 61.2)), {3: VideoFacts(duration=60.0, fps=25.0)})
    assert (span.start, span.end) == (58.0, 60.0)


def test_a_film_of_which_nothing_is_known_keeps_its_span() -> None:
    [span] = spans_of(answer(hit(58.0, 61.2)), {})
    assert (span.start, span.end, span.fps, span.rate) == (58.0, 61.2, 0.0, 25.0)


def test_the_later_moments_of_a_chain_follow_their_first() -> None:
    later = LaterMoment(9, 0.3, 20.0, 23.0)
    spans = spans_of(answer(hit(5.0, 8.0, then=(later,))), {3: VideoFacts(60.0, fps=25.0)})
    assert [(span.clip_id, span.start, span.rank) for span in spans] == [(7, 5.0, 1), (9, 20.0, 1)]


def test_words_that_were_asked_for_come_along_on_one_line() -> None:
    said = FoundCue(3, Cue(5.0, 6.0, "hello\nthere", "beach.srt"), 1.0, ())
    [span] = spans_of(answer(hit(5.0, 8.0, cues=(said,))), {})
    assert span.words == ("hello there",)


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (29.97, NTSC),
        (23.976, 24000 / 1001),
        (24.0, 24.0),
        (59.94, 60000 / 1001),
        (29.83, None),
        (10.0, None),
        (0.0, None),
    ],
)
def test_rates_that_are_written_short_are_known(fps: float, rate: float | None) -> None:
    assert smpte_rate(fps) == rate


@given(st.text())
def test_one_line_is_one_line_of_utf8(text: str) -> None:
    line = one_line(text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize("name", NAMES)
def test_csv_gives_back_what_was_put_in(name: str) -> None:
    span = named(name)
    [row] = csv.DictReader(io.StringIO(write_csv([span], ""), newline=""))
    assert row["title"] == plain(span.title)
    assert row["path"].replace("\ufffd", "\udcff") == str(span.path)
    assert (float(row["start"]), float(row["end"]), row["tags"]) == (12.48, 15.68, "emotion=happy")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "a=1", ""])
def test_no_cell_of_a_csv_is_computed_by_a_spreadsheet(cell: str) -> None:
    assert plain(cell)[:1] not in tuple("=+-@\t\r")
    assert plain(cell).endswith(cell)


def test_csv_leaves_the_score_empty_where_there_is_none() -> None:
    [row] = csv.DictReader(io.StringIO(write_csv([replace(PLAIN, score=None)], "")))
    assert row["score"] == ""


def read_otio(text: str) -> otio.schema.Timeline:
    timeline: otio.schema.Timeline = otio.adapters.read_from_string(text, "otio_json")
    return timeline


@pytest.mark.parametrize("name", NAMES)
def test_otio_names_the_file(name: str) -> None:
    [clip] = read_otio(write_otio([named(name)], "dog")).find_clips()
    path = unquote(urlparse(clip.media_reference.target_url).path, errors="surrogateescape")
    assert path == f"/films/{name}"
    assert clip.metadata["vsearch"]["clip_id"] == 7


def test_otio_keeps_the_rate_of_each_film() -> None:
    spans = [replace(PLAIN, fps=fps) for fps in (25.0, 29.97, 10.0)]
    clips = read_otio(write_otio(spans, "dog")).find_clips()
    assert [clip.source_range.start_time.rate for clip in clips] == [25.0, NTSC, 10.0]
    for clip in clips:
        assert clip.source_range.start_time.to_seconds() == pytest.approx(12.48, abs=0.05)
        assert clip.available_range().duration.to_seconds() == pytest.approx(60.0, abs=0.1)


def test_edl_has_an_event_a_moment_with_the_timecode_of_the_film() -> None:
    text = write_edl([PLAIN, replace(PLAIN, start=3600.0, end=3601.0)], "dog")
    assert text.startswith("TITLE: dog\nFCM: NON-DROP FRAME\n\n")
    assert re.findall(r"^(\d+)  (\w+) +V     C +(\S+) (\S+) (\S+) (\S+)$", text, re.M) == [
        ("001", "AX", "00:00:12:12", "00:00:15:17", "00:00:00:00", "00:00:03:05"),
        ("002", "AX", "01:00:00:00", "01:00:01:00", "00:00:03:05", "00:00:04:05"),
    ]
    assert "* FROM CLIP NAME:  beach.mp4" in text
    assert "SOURCE FRAME RATE" not in text


def test_edl_counts_drop_frames() -> None:
    text = write_edl([replace(PLAIN, fps=29.97, start=3600.0, end=3610.0)], "dog")
    assert "FCM: DROP FRAME" in text
    assert "01:00:00;00 01:00:10;00" in text


def test_edl_of_several_rates_takes_that_of_most_and_names_the_others() -> None:
    spans = [replace(PLAIN, fps=50.0), PLAIN, PLAIN]
    text = write_edl(spans, "dog")
    assert "00:00:12:12" in text
    assert text.count("* SOURCE FRAME RATE: 50.000") == 1


@pytest.mark.parametrize("fps", [24000 / 1001, 25.0, NTSC, 60.0])
def test_edl_is_read_back_to_the_same_seconds(fps: float) -> None:
    spans = [replace(PLAIN, fps=fps, start=start, end=start + 3.2) for start in (0.0, 59.99, 3599.5)]
    rate = spans[0].timecode_rate
    timeline = otio.adapters.read_from_string(write_edl(spans, "dog"), "cmx_3600", rate=rate)
    for span, clip in zip(spans, timeline.find_clips(), strict=True):
        assert clip.source_range.start_time.to_seconds() == pytest.approx(span.start, abs=1 / rate)
        assert clip.name == "beach.mp4"


@pytest.mark.parametrize("name", NAMES)
def test_m3u_says_where_the_file_is_and_where_to_begin(name: str) -> None:
    lines = write_m3u([named(name)], "dog").splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:dog"]
    assert lines[3:5] == ["#EXTVLCOPT:start-time=12.480", "#EXTVLCOPT:stop-time=15.680"]
    assert unquote(urlparse(lines[5]).path, errors="surrogateescape") == f"/films/{name}"


def test_vtt_is_in_the_order_of_time_film_by_film() -> None:
    spans = [
        replace(PLAIN, start=30.0, end=33.0),
        replace(PLAIN, start=1.0, end=2.0, video_id=4, title="sea.mp4", rank=2),
        replace(PLAIN, start=5.0, end=6.0, rank=3),
    ]
    assert write_vtt(spans, "a <b> & c") == (
        "WEBVTT\n\nNOTE beach.mp4\n\n"
        "00:00:05.000 --> 00:00:06.000\n3. a &lt;b&gt; &amp; c\n\n"
        "00:00:30.000 --> 00:00:33.000\n1. a &lt;b&gt; &amp; c\n\n"
        "NOTE sea.mp4\n\n"
        "00:00:01.000 --> 00:00:02.000\n2. a &lt;b&gt; &amp; c\n"
    )


def test_vtt_shows_the_words_that_were_asked_for() -> None:
    assert "1. hello there" in write_vtt([replace(PLAIN, words=("hello there",))], "said:hello")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3661.5, "01:01:01.500")]
)
def test_a_clock_never_shows_sixty_seconds(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def shown(text: str, at: Path) -> list[float]:
    """Mean brightness of the frames that FFmpeg shows for an ffconcat file."""
    at.write_text(text, encoding="utf-8", errors="surrogateescape")
    with av.open(str(at), format="concat", options={"safe": "0"}) as container:
        return [float(frame.to_ndarray(format="gray").mean()) for frame in container.decode(video=0)]


@pytest.mark.parametrize("name", [name for name in NAMES if "\n" not in name and "\r" not in name])
def test_ffmpeg_plays_the_moments_of_an_ffconcat(tmp_path: Path, name: str) -> None:
    film = draw_film(tmp_path / name.replace("no extension", "none"), "black", "white", "black")
    span = replace(PLAIN, path=film, start=1.0, end=2.0)
    frames = shown(write_ffconcat([span, span], ""), tmp_path / "found.ffconcat")
    white = sum(brightness > 200 for brightness in frames)
    assert white == pytest.approx(2 * RATE, abs=4)


def test_a_film_that_ffmpeg_cannot_be_told_is_a_comment() -> None:
    text = write_ffconcat([named("a\nb.mp4"), PLAIN], "")
    assert text.splitlines()[1].startswith("# left out")
    assert text.count("\nfile ") == 1


def test_every_otio_value_is_json() -> None:
    json.loads(write_otio([PLAIN], "x" * 5000))


def test_csv_says_when_each_of_the_words_begins() -> None:
    [row] = csv.DictReader(
        io.StringIO(write_csv([replace(PLAIN, words=("no bread", "music"), words_at=(3.2, 9.0))], ""))
    )
    assert (row["words"], row["words_at"]) == ("no bread; music", "3.200; 9.000")
