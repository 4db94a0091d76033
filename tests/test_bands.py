"""Bands tell a question that fits from one that does not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search.bands import POSSIBLE, STRONG, WEAK, bands

DIM = 32


def world(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Clips each of one of 40 subjects, and a direction for every subject."""
    rng = np.random.default_rng(seed)
    subjects = rng.normal(size=(40, DIM)).astype(np.float32)
    clips = subjects[rng.integers(0, 20, 300)] + 0.3 * rng.normal(size=(300, DIM)).astype(np.float32)
    return subjects, clips.astype(np.float32)


def first_band(subject: int, seed: int) -> str:
    subjects, clips = world(seed)
    background = np.delete(subjects, subject, axis=0)
    hits = clips[np.argsort(-(clips @ subjects[subject]))[:5]]
    return bands(subjects[subject], background, hits, clips)[0]


def test_what_is_there_is_strong_and_what_is_absent_is_not() -> None:
    present = [first_band(subject, seed) for seed in range(5) for subject in range(20)]
    absent = [first_band(subject, seed) for seed in range(5) for subject in range(20, 40)]
    assert present.count(STRONG) >= 0.9 * len(present)
    assert absent.count(STRONG) <= 0.2 * len(absent)


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(0, 30))
def test_a_band_never_rises_with_rank(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    query, background = rng.normal(size=DIM).astype(np.float32), rng.normal(size=(20, DIM)).astype(np.float32)
    clips = rng.normal(size=(50, DIM)).astype(np.float32)
    hits = clips[np.argsort(-(clips @ query))[:k]]
    found = bands(query, background, hits, clips)
    order = [STRONG, POSSIBLE, WEAK]
    assert len(found) == k
    assert [order.index(band) for band in found] == sorted(order.index(band) for band in found)


def test_a_library_too_small_to_tell_says_possible() -> None:
    few = np.ones((3, DIM), np.float32)
    assert bands(few[0], few, few, few) == [POSSIBLE] * 3
