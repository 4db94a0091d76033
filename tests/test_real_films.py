"""The commands that make something to look at, on real files of odd sizes, rates, turns and codecs."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from indexer.excerpts.reading import read_span
from tests.command_line import CommandLine

ODD = (
    "bear-vp9-odd-dimensions.webm",
    "sample_portrait.mp4",
    "fps_240.mp4",
    "rotated_270.mp4",
    "hevc_12bit_422.mkv",
    "start_at_one_hour.ts",
    "mjpeg.avi",
)
pytestmark = pytest.mark.slow


@pytest.fixture(params=ODD)
def film(request: pytest.FixtureRequest, test_data: Path) -> Path:
    found = sorted((test_data / "odd_files").rglob(request.param))
    if not found:
        pytest.skip(f"{request.param} is not among the odd files here")
    return found[0]


def test_an_excerpt_of_a_real_film_plays(line: CommandLine, film: Path, tmp_path: Path) -> None:
    wanted = list(read_span(film, 0.2, 0.7))

    done = line("export", film, "--from", 0.2, "--to", 0.7, "-o", tmp_path / "out.mp4")

    played = list(read_span(tmp_path / "out.mp4"))
    assert done.code == 0
    assert len(played) == len(wanted)
    assert played[-1].until == pytest.approx(wanted[-1].until - 0.2, abs=0.06)
    shapes = [frame.picture.shape[:2] for frame in (wanted[0], played[0])]
    assert all(0 <= after - before <= 1 for before, after in zip(*shapes, strict=True))


def test_slow_motion_of_a_real_film_plays(line: CommandLine, film: Path, tmp_path: Path) -> None:
    done = line("tween", film, "--start", 0.2, "--end", 0.4, "--factor", 3, "--size", 160, "-o", tmp_path / "out.mp4")

    assert done.code == 0
    assert list(read_span(tmp_path / "out.mp4"))[-1].until == pytest.approx(0.6, abs=0.15)


def test_a_real_film_is_annotated_and_keeps_its_length(line: CommandLine, film: Path, tmp_path: Path) -> None:
    done = line("annotate", film, "-o", tmp_path / "out.mp4", "--activity", "none", "--encoder", "mini", "--json")

    assert done.code == 0
    frames, played = list(read_span(film)), list(read_span(tmp_path / "out.mp4"))
    assert len(played) == len(frames) == done.document["frames"]
    assert played[-1].until == pytest.approx(frames[-1].until, abs=0.05)


def test_frames_of_a_real_film_can_be_looked_at(line: CommandLine, film: Path, tmp_path: Path) -> None:
    done = line("frames", film, tmp_path / "frames", "--fps", 4, "--json")

    pictures = sorted((tmp_path / "frames").glob("*.jpg"))
    assert len(pictures) == done.document["frames"] > 0
    assert all(cv2.imread(str(picture)) is not None for picture in pictures)


def test_what_is_done_in_a_real_film_is_said(line: CommandLine, test_data: Path) -> None:
    done = line("classify", test_data / "captioned_clips" / "clip_05.mp4", "--encoder", "mini", "--json")

    assert done.code == 0
    scores = [label["score"] for label in done.document["labels"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert done.document["stretches"][-1]["end"] == pytest.approx(done.document["duration"], abs=0.01)
