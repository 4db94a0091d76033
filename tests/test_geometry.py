from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.base import Tap
from indexer.sources.geometry import Orientation, orientation, place, scaled_size
from search.contracts import UInt8

SIDES = st.integers(1, 8192)
TAPS = st.builds(
    Tap,
    name=st.just("tap"),
    fps=st.just(10.0),
    width=st.integers(1, 320),
    height=st.integers(1, 320),
    fit=st.sampled_from(["crop", "pad", "inside"]),
)
CORNERS: UInt8 = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
ONE = 1 << 16


@pytest.mark.parametrize(
    ("matrix", "upright", "turn"),
    [
        ((ONE, 0, 0, 0, ONE), CORNERS, 0),
        ((0, ONE, 0, -ONE, 0), np.rot90(CORNERS, -1), 90),
        ((-ONE, 0, 0, 0, -ONE), np.rot90(CORNERS, 2), 180),
        ((0, -ONE, 0, ONE, 0), np.rot90(CORNERS, 1), 270),
        ((-ONE, 0, 0, 0, ONE), CORNERS[:, ::-1], None),
        ((ONE, 0, 0, 0, -ONE), CORNERS[::-1], None),
        ((0, ONE, 0, ONE, 0), CORNERS.swapaxes(0, 1), 90),
        ((0, 0, 0, 0, 0), CORNERS, 0),
    ],
)
def test_a_display_matrix_turns_and_mirrors(matrix: tuple[int, ...], upright: UInt8, turn: int | None) -> None:
    found = orientation(matrix)
    assert np.array_equal(found.apply(CORNERS), upright)
    assert turn is None or found.turn == turn


def test_no_matrix_leaves_the_picture_as_it_is() -> None:
    assert Orientation().apply(CORNERS) is not None
    assert np.array_equal(Orientation().apply(CORNERS), CORNERS)


@given(SIDES, SIDES, st.floats(0.001, 1000), TAPS, st.booleans())
def test_every_picture_fits_every_tap_in_little_memory(
    width: int, height: int, aspect: float, tap: Tap, turned: bool
) -> None:
    wide, high = scaled_size(width, height, aspect, tap, turned)
    assert wide * high <= 16 * max(tap.width, tap.height) ** 2
    upright = np.zeros((wide, high, 3) if turned else (high, wide, 3), np.uint8)
    shape = place(upright, tap).shape
    if tap.fit == "inside":
        assert shape[0] <= max(1, tap.height)
        assert shape[1] <= max(1, tap.width)
    else:
        assert shape == (tap.height, tap.width, 3)


def test_the_centre_is_kept() -> None:
    picture = np.zeros((4, 8, 3), np.uint8)
    picture[:, 2:6] = 9
    assert (place(picture, Tap("t", 1, 4, 4, "crop")) == 9).all()
    padded = place(picture, Tap("t", 1, 8, 8, "pad"))
    assert np.array_equal(padded[2:6], picture)
    assert not padded[:2].any()
