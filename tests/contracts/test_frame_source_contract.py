"""What every registered frame source promises, on films drawn here."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from indexer.sources.base import CannotDecode, FrameSource, Tap
from indexer.sources.registry import SOURCES, find_source
from search.contracts import UInt8

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
WHOLE = Tap("whole", fps=10, width=320, height=320, fit="inside")


def picture(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> UInt8:
    return np.full((height, width, 3), colour, np.uint8)


def draw(path: Path, pictures: Sequence[UInt8], ticks: Sequence[int] = (), aspect: int = 1) -> Path:
    """Lossless film of these pictures, shown at `ticks` hundredths of a second (one in ten by default)."""
    high, wide = pictures[0].shape[:2]
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuv444p"
        stream.codec_context.time_base = Fraction(1, 100)
        stream.codec_context.sample_aspect_ratio = Fraction(aspect)
        for number, pixels in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = ticks[number] if ticks else 10 * number, Fraction(1, 100)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def set_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Writes a display matrix into the track header (version 0) of an MP4 file."""
    data = bytearray(path.read_bytes())
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


@pytest.fixture(params=sorted(SOURCES))
def source_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def look(name: str, path: Path, tap: Tap = WHOLE) -> tuple[list[float], list[UInt8], FrameSource]:
    with closing(find_source(name)(path)) as source:
        times, pictures = [], []
        for frame in source.frames():
            times.append(frame.time)
            pictures.append(frame.fitted(tap))
            assert frame.duration > 0
        return times, pictures, source


def assert_colour(pixels: UInt8, colour: tuple[int, int, int]) -> None:
    assert np.abs(pixels.reshape(-1, 3).mean(axis=0) - colour).max() < 12


def test_frames_come_in_order_with_the_times_of_the_file(source_name: str, tmp_path: Path) -> None:
    ticks = [0, 10, 15, 70, 300]
    film = draw(tmp_path / "film.mp4", [picture(RED)] * 5, ticks)
    times, _, _ = look(source_name, film)
    assert times == pytest.approx([tick / 100 for tick in ticks], abs=0.002)


def test_time_begins_with_the_first_shown_frame(source_name: str, tmp_path: Path) -> None:
    times, _, _ = look(source_name, draw(tmp_path / "late.mp4", [picture(RED)] * 3, [500, 510, 520]))
    assert times == pytest.approx([0, 0.1, 0.2], abs=0.002)


def test_pictures_are_rgb(source_name: str, tmp_path: Path) -> None:
    _, pictures, _ = look(source_name, draw(tmp_path / "film.mp4", [picture(c) for c in (RED, GREEN, BLUE)]))
    for pixels, colour in zip(pictures, (RED, GREEN, BLUE), strict=True):
        assert_colour(pixels, colour)


@pytest.mark.parametrize(
    ("fit", "shape"),
    [("crop", (40, 40, 3)), ("pad", (40, 40, 3)), ("inside", (30, 40, 3))],
)
def test_a_tap_gets_the_shape_it_asks_for(source_name: str, tmp_path: Path, fit: str, shape: tuple[int, ...]) -> None:
    film = draw(tmp_path / "film.mp4", [picture(GREEN)])
    _, pictures, _ = look(source_name, film, Tap("small", 10, 40, 40, fit))  # type: ignore[arg-type]
    assert pictures[0].shape == shape
    assert pictures[0].dtype == np.uint8
    assert pictures[0].flags.c_contiguous
    assert_colour(pictures[0][15:25, 15:25], GREEN)
    if fit == "pad":
        assert_colour(pictures[0][:4], (0, 0, 0))


def test_a_small_picture_is_never_enlarged_to_be_whole(source_name: str, tmp_path: Path) -> None:
    _, pictures, _ = look(source_name, draw(tmp_path / "film.mp4", [picture(GREEN)]))
    assert pictures[0].shape == (48, 64, 3)


def test_rotation_is_applied(source_name: str, tmp_path: Path) -> None:
    upper_red = np.concatenate([picture(RED)[:24], picture(BLUE)[:24]])
    film = set_matrix(draw(tmp_path / "film.mp4", [upper_red]), 0, 1, -1, 0)
    _, pictures, _ = look(source_name, film)
    assert pictures[0].shape == (64, 48, 3)
    assert_colour(pictures[0][:, 28:], RED)
    assert_colour(pictures[0][:, :20], BLUE)


def test_pixel_aspect_is_applied(source_name: str, tmp_path: Path) -> None:
    film = draw(tmp_path / "film.mp4", [picture(RED)], aspect=2)
    _, pictures, _ = look(source_name, film)
    assert pictures[0].shape == (48, 128, 3)


def test_the_header_is_told(source_name: str, tmp_path: Path) -> None:
    info = look(source_name, draw(tmp_path / "film.mp4", [picture(RED)] * 20))[2].info
    assert (info.width, info.height) == (64, 48)
    assert info.fps == pytest.approx(10, abs=0.1)
    assert info.codec


@pytest.mark.parametrize(
    "name", ["concat:a|b.mp4", "http:__x.mp4", "frame%03d.mp4", "-leading.mp4", "new\nline.mp4", "glob[1]*?.mp4"]
)
def test_a_name_is_only_a_name(source_name: str, tmp_path: Path, name: str) -> None:
    assert len(look(source_name, draw(tmp_path / "x.mp4", [picture(RED)] * 2).rename(tmp_path / name))[0]) == 2


def test_an_undecodable_name_is_only_a_name(source_name: str, tmp_path: Path) -> None:
    odd = Path(str(tmp_path / "caf") + "\udce9.mp4")
    assert len(look(source_name, draw(tmp_path / "x.mp4", [picture(RED)] * 2).rename(odd))[0]) == 2


def test_a_file_that_names_another_is_not_followed(source_name: str, tmp_path: Path) -> None:
    film = draw(tmp_path / "film.mp4", [picture(RED)] * 2)
    for script in (f"ffconcat version 1.0\nfile {film.name}\n", f"ffconcat version 1.0\nfile {film}\n"):
        (tmp_path / "list.mp4").write_text(script)
        with pytest.raises(CannotDecode) as caught:
            find_source(source_name)(tmp_path / "list.mp4")
        assert caught.value.code == "not-video"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"these are words", "not-video"), (b"\x00\x00\x00\x18ftypisom" + bytes(99), "no-index")],
)
def test_what_is_no_video_says_why(source_name: str, tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "odd.mp4").write_bytes(content)
    with pytest.raises(CannotDecode) as caught:
        find_source(source_name)(tmp_path / "odd.mp4")
    assert caught.value.code == code
    assert "\n" not in caught.value.reason


def test_what_is_no_file_says_so(source_name: str, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.mp4"):
        with pytest.raises(CannotDecode, match=r"not a regular file|cannot be read"):
            find_source(source_name)(path)
