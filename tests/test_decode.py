from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from classifiers.contracts import FramesNeeded
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import DecodedClip, Decoder
from indexer.decoding.takers import NeededFrames, Taken
from search.catalog.records import VideoState
from search.errors import CannotGoOn, UsageError
from tests.contracts.test_frame_source_contract import draw, set_matrix
from tests.films import draw_film

PLAN = ClipPlan(frames=8, fps=10, size=32)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two seconds, red then blue."""
    return draw_film(tmp_path / "film.mp4", "red", "blue")


def child_of(decoder: Decoder) -> int:
    assert decoder._child is not None
    return decoder._child._process.pid


def is_red(clip: DecodedClip) -> list[bool]:
    return [bool(frame[16, 16, 0] > frame[16, 16, 2]) for frame in clip.frames]


def test_a_film_becomes_clips_of_the_planned_shape(decoder: Decoder, film: Path) -> None:
    clips = list(decoder.decode(film, PLAN))
    assert [(round(clip.start, 3), round(clip.end, 3)) for clip in clips] == [(0, 0.8), (0.8, 1.6), (1.6, 2.0)]
    assert all(clip.frames.shape == (8, 32, 32, 3) and clip.frames.dtype == np.uint8 for clip in clips)
    assert is_red(clips[1]) == [True] * 2 + [False] * 6


def test_the_outcome_tells_what_the_film_is(decoder: Decoder, film: Path) -> None:
    list(decoder.decode(film, PLAN))
    outcome = decoder.outcome
    assert (outcome.state, outcome.code, outcome.reason) == (VideoState.INDEXED, "", "")
    assert (outcome.facts.width, outcome.facts.codec, outcome.facts.container) == (64, "h264", "mov")
    assert outcome.facts.duration == pytest.approx(2.0)
    assert outcome.frames_decoded == 20


def test_a_still_is_flagged_so_that_it_is_encoded_once(decoder: Decoder, tmp_path: Path) -> None:
    white = np.full((48, 64, 3), 255, np.uint8)
    clips = list(decoder.decode(draw(tmp_path / "still.mp4", [white] * 2, [0, 1000]), PLAN))
    assert [clip.repeats_previous for clip in clips] == [False] + [True] * 11 + [False]
    assert clips[3].thumbnail == clips[0].thumbnail


def test_each_clip_has_a_small_jpeg_of_the_whole_picture(decoder: Decoder, tmp_path: Path) -> None:
    wide = np.zeros((240, 640, 3), np.uint8)
    wide[:, :100] = wide[:, -100:] = 255
    clips = list(decoder.decode(draw(tmp_path / "wide.mp4", [wide] * 10), PLAN))
    for clip in clips:
        assert clip.thumbnail is not None
        picture = cv2.imdecode(np.frombuffer(clip.thumbnail, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape == (120, 320, 3)
        assert picture[60, 10].min() > 200
    bare = decoder.decode(tmp_path / "wide.mp4", PLAN, thumbnails=False)
    assert [clip.thumbnail for clip in bare] == [None] * len(clips)


def test_a_span_is_cut_out_with_the_times_of_the_film(decoder: Decoder, film: Path) -> None:
    clips = list(decoder.decode(film, PLAN, start=0.75, end=1.35))
    assert [(round(clip.start, 3), round(clip.end, 3)) for clip in clips] == [(0.75, 1.35)]
    assert is_red(clips[0]) == [True] * 3 + [False] * 5
    assert decoder.outcome.state == VideoState.INDEXED


def test_a_span_behind_the_film_gives_no_clip_and_a_reason(decoder: Decoder, film: Path) -> None:
    assert list(decoder.decode(film, PLAN, start=7)) == []
    assert decoder.outcome.code == "outside-film"


def test_mirrors_of_the_display_matrix_are_applied(decoder: Decoder, tmp_path: Path) -> None:
    left_white = np.zeros((64, 64, 3), np.uint8)
    left_white[:, :32] = 255
    film = set_matrix(draw(tmp_path / "film.mp4", [left_white]), -1, 0, 0, 1)
    (clip,) = decoder.decode(film, PLAN)
    assert clip.frames[0, :, 20:].min() > 200
    assert clip.frames[0, :, :12].max() < 50


def test_progress_rises_to_the_end(decoder: Decoder, film: Path) -> None:
    told: list[tuple[float, float | None]] = []
    list(decoder.decode(film, PLAN, on_progress=lambda *now: told.append(now)))
    assert all(before[0] <= after[0] for before, after in pairwise(told))
    assert told[-1][0] == pytest.approx(2.0)
    assert told[-1][1] == pytest.approx(2.0)


def test_a_file_cut_in_half_is_partial_and_says_how_much(decoder: Decoder, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 48, 64, 3), dtype=np.uint8)
    with av.open(str(tmp_path / "whole.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p"
        for pixels in noise:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    whole = (tmp_path / "whole.mkv").read_bytes()
    (tmp_path / "half.mkv").write_bytes(whole[: len(whole) // 2])
    assert list(decoder.decode(tmp_path / "half.mkv", PLAN))
    assert decoder.outcome.state == VideoState.PARTIAL
    assert decoder.outcome.code == "incomplete"
    assert decoder.outcome.reason.startswith(("decoded 1.9 of 4.0 s", "decoded 2.0 of 4.0 s", "decoded 1.8 of 4.0 s"))


def test_a_crash_of_the_decoder_costs_one_file(film: Path) -> None:
    with Decoder() as decoder:
        clips = decoder.decode(film, ClipPlan(frames=1, fps=10, size=512))
        kept = [next(clips)]
        os.kill(child_of(decoder), signal.SIGSEGV)
        kept += clips
        lost = decoder.outcome
        assert (lost.state, lost.code) == (VideoState.PARTIAL, "crashed")
        assert "SIGSEGV" in lost.reason
        assert len(list(decoder.decode(film, PLAN))) == 3
        assert decoder.outcome.state == VideoState.INDEXED


@pytest.mark.slow
def test_a_decoder_that_hangs_is_killed(film: Path) -> None:
    with Decoder(patience=2) as decoder:
        clips = decoder.decode(film, ClipPlan(frames=1, fps=10, size=512))
        next(clips)
        child = child_of(decoder)
        os.kill(child, signal.SIGSTOP)
        list(clips)
        assert decoder.outcome.code == "hung"
        assert "stopped answering" in decoder.outcome.reason
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_decoder_lost_before_the_first_clip_fails_the_file(film: Path) -> None:
    with Decoder() as decoder:
        list(decoder.decode(film, PLAN))
        os.kill(child_of(decoder), signal.SIGKILL)
        assert list(decoder.decode(film, PLAN)) == []
        assert (decoder.outcome.state, decoder.outcome.code) == (VideoState.FAILED, "crashed")


def test_giving_up_in_the_middle_leaves_no_process_behind(film: Path) -> None:
    decoder = Decoder()
    clips = decoder.decode(film, ClipPlan(frames=1, fps=10, size=512))
    next(clips)
    child = child_of(decoder)
    clips.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    with pytest.raises(ValueError, match="no file"):
        _ = decoder.outcome


def test_ctrl_c_does_not_reach_the_child(decoder: Decoder, film: Path) -> None:
    list(decoder.decode(film, PLAN))
    child = child_of(decoder)
    os.kill(child, signal.SIGINT)
    assert len(list(decoder.decode(film, PLAN))) == 3
    assert child_of(decoder) == child
    assert os.getpgid(child) != os.getpgid(0)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_the_child_does_not_load_tensorflow(decoder: Decoder, film: Path) -> None:
    list(decoder.decode(film, PLAN))
    assert "tensorflow" not in Path(f"/proc/{child_of(decoder)}/maps").read_text()


def test_an_unknown_frame_source_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="no frame source 'camera'"):
        Decoder(source="camera")


def test_a_child_that_does_not_start_is_no_fault_of_the_file(
    film: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "av").mkdir()
    (tmp_path / "av/__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.syspath_prepend(tmp_path)
    with Decoder(source="pyav") as decoder, pytest.raises(CannotGoOn, match="does not start"):
        list(decoder.decode(film, PLAN))


def rows_of(decoder: Decoder, film: Path, *needs: FramesNeeded) -> list[NeededFrames]:
    return [it for it in decoder.decode_all(film, None, needs) if isinstance(it, NeededFrames)]


def test_frames_for_classifiers_are_those_in_the_middle_of_each_step(decoder: Decoder, film: Path) -> None:
    """Red until 1 s, so of steps of 0.4 s the third, whose middle is there, is the first blue one."""
    need = FramesNeeded(fps=2.5, width=40, height=20, fit="inside")
    (given,) = rows_of(decoder, film, need)
    assert given.needs == need
    assert [row.shape for row in given.rows] == [(20, 20, 3)] * 5
    red = [bool(row[10, 10, 0] > row[10, 10, 2]) for row in given.rows]
    assert red == [True, True, False, False, False]


def test_a_film_that_goes_on_in_another_size_gives_frames_of_one_size_at_a_time(
    decoder: Decoder, tmp_path: Path
) -> None:
    film = tmp_path / "two.h264"
    film.write_bytes(elementary_stream(tmp_path, 64, 48) + elementary_stream(tmp_path, 64, 32))

    given = rows_of(decoder, film, FramesNeeded(fps=5.0, width=40, height=40, fit="inside"))

    assert [{row.shape for row in it.rows} for it in given] == [{(30, 40, 3)}, {(20, 40, 3)}]


def elementary_stream(folder: Path, width: int, height: int) -> bytes:
    """H.264 without a container, a second of it."""
    path = folder / f"{width}x{height}.h264"
    with av.open(str(path), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for level in range(10):
            picture = np.full((height, width, 3), 20 * level, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def test_a_picture_that_stays_is_given_once_with_how_long(decoder: Decoder, tmp_path: Path) -> None:
    white = np.full((48, 64, 3), 255, np.uint8)
    (given,) = rows_of(decoder, draw(tmp_path / "still.mp4", [white] * 2, [0, 1000]), need(1.0))
    assert given.repeats == (10, 1)


def test_every_step_that_has_begun_has_a_frame(decoder: Decoder, tmp_path: Path) -> None:
    short = draw_film(tmp_path / "short.mp4", "red", seconds=1.2)
    counts = [sum(sum(it.repeats) for it in rows_of(decoder, short, need(fps))) for fps in (0.1, 1.0, 10.0)]
    assert counts == [1, 2, 12]


def need(fps: float, window: int = 1) -> FramesNeeded:
    return FramesNeeded(fps, 16, 16, "crop", window)


def test_windows_follow_one_another_and_the_last_is_filled(decoder: Decoder, film: Path) -> None:
    rows = [row for it in rows_of(decoder, film, need(10.0, window=8)) for row in it.rows]
    assert [row.shape for row in rows] == [(8, 16, 16, 3)] * 3
    assert (rows[2] == rows[2][0]).all()


def test_equal_needs_share_a_tap_and_clips_come_from_the_same_pass(decoder: Decoder, film: Path) -> None:
    taken = list(decoder.decode_all(film, PLAN, [need(1.0), need(1.0), need(5.0)]))
    assert len([it for it in taken if isinstance(it, DecodedClip)]) == 3
    assert {it.needs for it in taken if isinstance(it, NeededFrames)} == {need(1.0), need(5.0)}
    assert sum(sum(it.repeats) for it in taken if isinstance(it, NeededFrames)) == 2 + 10


def test_a_file_that_is_no_film_has_no_frames_either(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "words.mp4").write_text("these are words")
    assert rows_of(decoder, tmp_path / "words.mp4", need(1.0)) == []
    assert decoder.outcome.state == VideoState.FAILED


@pytest.mark.slow
def test_the_child_ends_when_its_parent_is_killed(film: Path) -> None:
    words = (
        "import sys; from pathlib import Path\n"
        "from indexer.decoding.clips import ClipPlan; from indexer.decoding.decode import Decoder\n"
        "decoder = Decoder(); clips = decoder.decode(Path(sys.argv[1]), ClipPlan(frames=1, fps=10, size=512))\n"
        "next(clips); print(decoder._child._process.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", words, str(film)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_cuts_are_found_in_the_pass_that_makes_the_clips(decoder: Decoder, film: Path) -> None:
    clips = list(decoder.decode_all(film, PLAN, cuts=True))
    assert decoder.cuts == [pytest.approx(1.0)]
    assert spans_of(clips) == [(0, 0.8), (0.8, 1.6), (1.6, 2.0)]
    assert list(decoder.decode_all(film, PLAN)) != []
    assert decoder.cuts == []


def test_clips_inside_shots_begin_at_the_cuts_and_their_thumbnails_show_the_shot(
    decoder: Decoder, film: Path
) -> None:
    clips = [
        it for it in decoder.decode_all(film, replace(PLAN, shots=True), cuts=True) if isinstance(it, DecodedClip)
    ]
    assert spans_of(clips) == [(0, 1.0), (1.0, 2.0)]
    assert [set(is_red(clip)) for clip in clips] == [{True}, {False}]
    for clip, red in zip(clips, (True, False), strict=True):
        assert clip.thumbnail is not None
        picture = cv2.imdecode(np.frombuffer(clip.thumbnail, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert bool(picture[32, 32, 2] > picture[32, 32, 0]) == red


def test_rows_for_classifiers_are_the_same_wherever_cuts_lie(decoder: Decoder, film: Path) -> None:
    wanted = [FramesNeeded(fps=3.0, width=16, height=16, fit="crop")]
    (plain,) = decoder.decode_all(film, None, wanted)
    taken = decoder.decode_all(film, replace(PLAN, shots=True), wanted, cuts=True)
    (given,) = (it for it in taken if isinstance(it, NeededFrames))
    assert isinstance(plain, NeededFrames)
    assert given.repeats == plain.repeats
    for row, other in zip(given.rows, plain.rows, strict=True):
        np.testing.assert_array_equal(row, other)


def test_looking_for_cuts_changes_no_clip(decoder: Decoder, tmp_path: Path) -> None:
    """Frames are held back for a moment; none is lost or shown twice, at the end of the film neither."""
    pictures = [np.full((48, 64, 3), 8 * number, np.uint8) for number in range(31)]
    film = draw(tmp_path / "steps.mp4", pictures, [40 * number + 7 * (number % 3) for number in range(31)])
    plain, looked = (list(decoder.decode_all(film, PLAN, cuts=cuts)) for cuts in (False, True))
    assert spans_of(plain) == spans_of(looked)
    for one, other in zip(plain, looked, strict=True):
        assert isinstance(one, DecodedClip)
        assert isinstance(other, DecodedClip)
        np.testing.assert_array_equal(one.frames, other.frames)
        assert one.thumbnail == other.thumbnail


@pytest.mark.parametrize("count", [1, 2])
def test_a_film_of_one_or_two_frames_is_a_shot(decoder: Decoder, tmp_path: Path, count: int) -> None:
    white = np.full((48, 64, 3), 255, np.uint8)
    film = draw(tmp_path / "short.mp4", [white, white // 2][:count])
    assert len(list(decoder.decode_all(film, replace(PLAN, shots=True), cuts=True))) == 1
    assert decoder.cuts == []


def test_progress_rises_over_cuts_to_the_end(decoder: Decoder, film: Path) -> None:
    told: list[float] = []
    plan = replace(PLAN, shots=True)
    list(decoder.decode_all(film, plan, cuts=True, on_progress=lambda time, _: told.append(time)))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(2.0)


def spans_of(clips: Sequence[Taken]) -> list[tuple[float, float]]:
    return [(round(it.start, 3), round(it.end, 3)) for it in clips if isinstance(it, DecodedClip)]
