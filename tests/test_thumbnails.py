from __future__ import annotations

import cv2
import numpy as np
import pytest

from indexer.pictures.thumbnails import encode_jpeg, pick_thumbnail
from search.contracts import UInt8

RANDOM = np.random.default_rng(8)


def scene(contrast: float = 1.0) -> UInt8:
    """A clear picture: light ground, a dark house, some detail."""
    picture = np.full((90, 160, 3), 180.0)
    picture[20:70, 40:110] = 60
    picture[::6, 40:110] += 30
    return (128 + (picture - 128) * contrast).astype(np.uint8)


BLACK = np.zeros((90, 160, 3), np.uint8)
FLAT = np.full((90, 160, 3), 200, np.uint8)
DARK_NOISE = RANDOM.integers(0, 12, (90, 160, 3), dtype=np.uint8)


@pytest.mark.parametrize("dull", [BLACK, FLAT, DARK_NOISE, scene(0.1)])
def test_black_flat_and_faded_frames_are_passed_over(dull: UInt8) -> None:
    clear = scene()
    assert pick_thumbnail([dull, clear, dull]) is clear


def test_of_equals_the_first_is_taken_and_a_black_film_still_has_one() -> None:
    first = BLACK.copy()
    assert pick_thumbnail([first, BLACK]) is first


def test_no_frame_is_an_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        pick_thumbnail([])


@pytest.mark.parametrize("shape", [(1080, 1920, 3), (1920, 1080, 3), (90, 160, 3), (1, 1, 3), (2, 4096, 3)])
def test_a_jpeg_is_small_and_keeps_its_colours(shape: tuple[int, ...]) -> None:
    red = np.zeros(shape, np.uint8)
    red[..., 0] = 250
    decoded = cv2.imdecode(np.frombuffer(encode_jpeg(red), np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    assert decoded.shape[1] <= 320
    assert decoded.shape[0] <= 480
    assert decoded[..., 2].mean() > 220
    assert decoded[..., 0].mean() < 30
