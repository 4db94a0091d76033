"""Augmented views of a picture."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifiers.activity.views import SHIFT, random_matrix, random_view


@given(st.integers(0, 2**32 - 1))
def test_a_view_keeps_the_picture_at_hand(seed: int) -> None:
    side = 112
    matrix = random_matrix(side, np.random.default_rng(seed))

    middle = matrix @ [55.5, 55.5, 1]

    assert (np.abs(middle - 55.5) <= SHIFT * side + 1e-6).all()
    assert 0.85**2 - 1e-6 <= abs(np.linalg.det(matrix[:, :2])) <= 1.15**2 + 1e-6


def test_views_of_a_picture_differ_and_have_its_shape() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    rng = np.random.default_rng(1)

    one, other = random_view(picture, rng), random_view(picture, rng)

    assert one.shape == other.shape == picture.shape
    assert one.dtype == np.uint8
    assert (one != other).any()


def test_what_comes_in_from_outside_repeats_the_edge() -> None:
    white = np.full((16, 16, 3), 255, np.uint8)

    assert (random_view(white, np.random.default_rng(0)) == 255).all()
