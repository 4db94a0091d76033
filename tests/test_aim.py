"""Vectors of a question put together so that neither lengths nor the encoder's scale decide."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking.aim import MINUS, aim_at

DIM = 24
SAMPLE = np.random.default_rng(1).normal(size=(200, DIM)).astype(np.float32)
Vectors = st.integers(0, 1000).map(lambda seed: np.random.default_rng(seed).normal(size=DIM).astype(np.float32))


@given(Vectors)
def test_one_wanted_vector_stays_as_it_is(wanted: np.ndarray) -> None:
    assert aim_at([wanted], [], SAMPLE).query.tolist() == wanted.tolist()


@given(Vectors, Vectors, st.floats(0.1, 100))
def test_how_long_an_unwanted_vector_is_plays_no_part(
    wanted: np.ndarray, unwanted: np.ndarray, length: float
) -> None:
    plain = aim_at([wanted], [unwanted], SAMPLE).query
    scaled = aim_at([wanted], [unwanted * np.float32(length)], SAMPLE).query
    assert scaled == pytest.approx(plain, rel=1e-3, abs=1e-4)


@given(Vectors, Vectors)
def test_what_is_unwanted_counts_by_its_weight(wanted: np.ndarray, unwanted: np.ndarray) -> None:
    aim = aim_at([wanted], [unwanted], SAMPLE)
    taken = SAMPLE @ (aim.wanted - aim.query)
    assert taken.std() == pytest.approx(MINUS * (SAMPLE @ wanted).std(), rel=1e-3)


@given(Vectors, Vectors)
def test_of_two_wanted_both_spread_alike(one: np.ndarray, other: np.ndarray) -> None:
    query = aim_at([one * np.float32(50), other], [], SAMPLE).query
    parts = one / (SAMPLE @ one).std() + other / (SAMPLE @ other).std()
    assert query == pytest.approx(parts, rel=1e-3, abs=1e-4)


def test_an_empty_library_and_minus_alone_are_no_trouble() -> None:
    vector = np.ones(DIM, np.float32)
    assert np.isfinite(aim_at([vector], [vector], SAMPLE[:0]).query).all()
    assert (SAMPLE @ aim_at([], [vector], SAMPLE).query)[np.argmax(SAMPLE @ vector)] < 0
