"""Every odd file ends as what FFmpeg makes of it, in little time."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from indexer.sources.pyav import PyavSource
from search.catalog.records import VideoState

PLAN = ClipPlan(frames=32, fps=10, size=64)
COVER = "a cover picture is no video"
FRAMES_HERE = {
    "androidx-media/sample_vvc.mp4": (120, "FFmpeg 7.1 and later decode VVC, 5.1.9 does not"),
    "made/audio_with_cover_picture.m4a": (0, COVER),
    "made/audio_with_cover_picture.mp3": (0, COVER),
}
"""Frames decoded where that is not what `probe.jsonl` (FFmpeg 5.1.9) says, and why."""
CODES = {
    "made/zero_byte.mp4": "empty",
    "made/html_error_page.webm": "not-video",
    "made/zip_named.mov": "not-video",
    "made/hls_playlist_named.mp4": "not-video",
    "made/concat_script_named.mp4": "not-video",
    "made/audio_only.mkv": "no-video",
    "made/subtitles_only.mkv": "no-video",
    "made/audio_with_cover_picture.mp3": "no-video",
    "made/cenc_aes_ctr.mp4": "encrypted",
    "mp4parse-rust/short-cenc.mp4": "encrypted",
    "mp4parse-rust/bipbop_cbcs_video_init.mp4": "encrypted",
    "androidx-media/sample_fragmented_clearkey.mp4": "encrypted",
    "androidx-media/subsample_encrypted_altref.webm": "encrypted",
    "made/truncated_no_moov.mp4": "no-index",
    "made/leftover.mp4.part": "no-index",
    "file-type/fixture-moov.mov": "cut-off",
    "made/zero_frames.mp4": "no-frames",
    "androidx-media/video_init.mp4": "no-frames",
    "androidx-media/invalid-bitstream.webm": "undecodable",
    "made/truncated_half.mkv": "incomplete",
    "made/truncated_half_faststart.mp4": "incomplete",
    "file-type/fixture2.mkv": "incomplete",
    "made/corrupt_middle.mp4": "damaged",
    "made/zeroed_second_half.mp4": "damaged",
}
SECONDS = {
    "made/start_at_one_hour.ts": 2,
    "made/negative_start.mkv": 2,
    "made/pts_wrap_33bit.ts": 2,
    "made/edit_list_skips_first_second.mp4": 0.96,
    "made/negative_part_cut_by_edit_list.mp4": 0.48,
    "made/all_same_pts.mkv": 1,
    "made/raw_elementary.h264": 2,
    "made/huge_declared_duration.mp4": 2,
    "made/vfr_one_frame_then_20s_gap.mkv": 21,
    "made/fps_0.1_two_minutes.mp4": 120,
    "made/two_hours_one_frame_a_minute.mp4": 7200,
    "androidx-media/bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4": 4,
    "androidx-media/sample-with-large-length.avi": 1.97,
}


def read_probe() -> list[dict[str, Any]]:
    probe = Path(os.environ.get("VSEARCH_TEST_DATA", "")) / "odd_files/probe.jsonl"
    return [json.loads(line) for line in probe.read_text().splitlines()] if probe.is_file() else []


PROBED = read_probe()
TURNED = [
    told
    for told in PROBED
    if told["frames_decodable"] and told["rotation"] is not None and told["path"] not in FRAMES_HERE
]


def each_of(probed: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("told", probed, ids=[told["path"] for told in probed])


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder(patience=20) as decoder:
        yield decoder


@each_of(PROBED)
def test_an_odd_file_ends_as_what_it_is(told: dict[str, Any], decoder: Decoder, test_data: Path) -> None:
    path = told["path"]
    clips = list(decoder.decode(test_data / "odd_files" / path, PLAN))
    outcome = decoder.outcome
    assert outcome.frames_decoded == FRAMES_HERE.get(path, (told["frames_decodable"], ""))[0]
    assert (outcome.state == VideoState.FAILED) == (outcome.frames_decoded == 0) == (not clips)
    assert bool(outcome.code) == bool(outcome.reason) == (outcome.state != VideoState.INDEXED)
    assert "\n" not in outcome.reason
    assert outcome.code not in {"crashed", "hung"}
    assert outcome.code == CODES.get(path, outcome.code)
    assert not clips or clips[-1].end == pytest.approx(outcome.facts.duration)
    assert outcome.facts.duration == pytest.approx(SECONDS.get(path, outcome.facts.duration), abs=0.05)


@each_of(TURNED)
def test_an_odd_file_is_turned_upright(told: dict[str, Any], test_data: Path) -> None:
    with closing(PyavSource(test_data / "odd_files" / told["path"])) as source:
        next(source.frames())
        assert source.orientation.turn == told["rotation"]


def test_a_playlist_reaches_no_address(decoder: Decoder, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reached = threading.Event()

        def serve() -> None:
            try:
                server.accept()[0].close()
                reached.set()
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n{address}\n#EXT-X-ENDLIST\n"
        for name in ("playlist.mp4", "playlist.m3u8"):
            (tmp_path / name).write_text(playlist)
            assert list(decoder.decode(tmp_path / name, PLAN)) == []
            assert decoder.outcome.code == "not-video"
        assert not reached.wait(0.3)
        server.shutdown(socket.SHUT_RDWR)


def test_hard_file_names_are_only_names(decoder: Decoder, test_data: Path, tmp_path: Path) -> None:
    maker = test_data / "odd_files/make_names.py"
    subprocess.run([sys.executable, str(maker), str(tmp_path)], check=True, timeout=30, capture_output=True)
    films = sorted(tmp_path.iterdir())
    assert len(films) == 17
    for film in films:
        assert len(list(decoder.decode(film, PLAN))) == 1
        assert decoder.outcome.frames_decoded == 10
