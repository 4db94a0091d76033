"""Pictures and films as questions: their vectors, and what is refused in words."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.asking import UnusableFile, encode_clip, encode_picture
from indexer.pictures.picture_head import JPEG, PNG, is_animated_webp, is_cut_off, stated_size
from search.contracts import UInt8
from search.errors import PathNotFound, TooLarge, VsearchError
from tests.fakes import COLOURS, FakeEncoder
from tests.site_library import SUNRISE, draw_film, jpeg

ENCODER = FakeEncoder()
NAMES = list(COLOURS)

pytestmark = pytest.mark.usefixtures("decoding_here")


def best(vector: np.ndarray) -> str:
    return NAMES[int(np.argmax(vector[: len(NAMES)]))]


def picture(width: int, height: int) -> UInt8:
    """Noise: it does not compress, so that half of the file is half of the picture."""
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def written(pixels: UInt8, extension: str) -> bytes:
    return cv2.imencode(extension, pixels)[1].tobytes()


def empty_png(width: int, height: int) -> bytes:
    """A PNG of one colour: a few kilobytes, whatever its size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def refusal(data: bytes) -> VsearchError:
    with pytest.raises(VsearchError) as refused:
        encode_picture(data, ENCODER, name="beach.jpg")
    assert "beach.jpg" in refused.value.message
    return refused.value


def test_a_picture_is_a_clip_that_stands_still(tmp_path: Path) -> None:
    path = tmp_path / "sea.jpg"
    path.write_bytes(jpeg("blue"))
    vector = encode_picture(path, ENCODER)
    assert vector.shape == (ENCODER.spec.dim,)
    assert vector.dtype == np.float32
    assert best(vector) == "blue"
    assert vector[-1] == 0  # nothing changes from frame to frame
    assert np.array_equal(vector, encode_picture(jpeg("blue"), ENCODER))


def test_a_film_is_the_mean_of_its_clips(tmp_path: Path) -> None:
    draw_film(tmp_path / "film.mp4", ["red"])
    draw_film(tmp_path / "sunrise.mp4", SUNRISE)
    assert best(encode_clip(tmp_path / "film.mp4", ENCODER)) == "red"
    mean = encode_clip(tmp_path / "sunrise.mp4", ENCODER)[: len(NAMES)]
    assert all(mean[NAMES.index(colour)] > 0.15 for colour in SUNRISE)


@pytest.mark.parametrize("size", [(1, 1), (7, 400)])
def test_a_picture_too_small_to_show_anything_is_refused(size: tuple[int, int]) -> None:
    assert "too small" in refusal(written(picture(*size), ".png")).message


def test_a_picture_of_nine_hundred_million_pixels_is_refused_unseen() -> None:
    error = refusal(empty_png(30_000, 30_000))
    assert isinstance(error, TooLarge)
    assert "30,000x30,000" in error.message


@pytest.mark.parametrize("extension", [".jpg", ".png"])
def test_half_a_picture_is_refused(extension: str) -> None:
    whole = written(picture(200, 200), extension)
    assert isinstance(refusal(whole[: len(whole) // 2]), UnusableFile)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"<html>not a picture</html>", b"GIF89a", JPEG + b"\xe0", PNG, bytes(1000), b"%PDF-1.7"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data).http_status == 422


def test_several_pictures_in_one_are_refused(tmp_path: Path) -> None:
    draw_film(tmp_path / "film.mp4", ["red", "blue"])
    assert "more than one picture" in refusal((tmp_path / "film.mp4").read_bytes()).message
    webp = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"
    assert is_animated_webp(webp)
    assert "more than one picture" in refusal(webp).message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match="beach"):
        encode_picture(tmp_path / "beach.jpg", ENCODER)
    with pytest.raises(UnusableFile, match="film"):
        encode_clip(tmp_path / "film.mp4", ENCODER)


@pytest.mark.parametrize("extension", [".jpg", ".png"])
def test_the_head_of_a_picture_states_its_size(extension: str) -> None:
    data = written(picture(123, 45), extension)
    assert stated_size(data) == (123, 45)
    assert not is_cut_off(data)
    assert not is_cut_off(data + b"\xff\xda and the short film of a phone")


@given(st.binary(max_size=200), st.sampled_from([b"", JPEG, PNG, JPEG + b"\xe0\x00\x10", b"RIFF1234WEBPVP8X"]))
def test_no_head_is_too_broken_to_be_looked_at(data: bytes, start: bytes) -> None:
    for look in (stated_size, is_cut_off, is_animated_webp):
        look(start + data)
