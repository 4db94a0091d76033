"""Bands tell a question that fits from one that does not, with any encoder and any library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.bands import NEAREST, POSSIBLE, STRONG, STRONG_STANDING, WEAK, band_of, standings
from search.contracts import Float32

DIM = 48
SUBJECTS, SHOWN = 400, 40
Numbers = st.integers(0, 1000)


def world(seed: int, clips: int) -> tuple[Float32, Float32]:
    """A direction for every subject, and clips that each show one of the first few of them."""
    rng = np.random.default_rng(seed)
    subjects = rng.normal(size=(SUBJECTS, DIM)).astype(np.float32)
    shown = subjects[rng.integers(0, SHOWN, clips)] + 0.6 * rng.normal(size=(clips, DIM))
    return subjects, shown.astype(np.float32)


def bands(query: Float32, scores: Float32, background: Float32, sample: Float32, clips: int) -> list[str]:
    return [band_of(standing) for standing in standings(query, scores, background, sample, clips).tolist()]


def first_band(query: Float32, background: Float32, clips: Float32, sample: int = 500) -> str:
    return bands(query, (clips @ query).max(keepdims=True), background, clips[:sample], len(clips))[0]


def first_bands(questions: range, clips: int) -> list[str]:
    """The bands of first hits for subjects by number, all others being the background."""
    found = []
    for seed in range(5):
        subjects, library = world(seed, clips)
        found += [first_band(subjects[q], np.delete(subjects, q, axis=0), library) for q in questions]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("clips", [200, 5000])
def test_what_is_there_is_strong_and_what_is_absent_is_not(clips: int) -> None:
    present, absent = first_bands(range(20), clips), first_bands(range(SHOWN, SHOWN + 40), clips)
    assert present.count(STRONG) >= 0.9 * len(present)
    assert absent.count(STRONG) <= 0.2 * len(absent)


@given(seed=Numbers, k=st.integers(0, 30), background=st.integers(0, 200))
def test_a_band_never_rises_with_rank(seed: int, k: int, background: int) -> None:
    rng = np.random.default_rng(seed)
    query, sentences = rng.normal(size=DIM).astype(np.float32), rng.normal(size=(background, DIM)).astype(np.float32)
    clips = rng.normal(size=(50, DIM)).astype(np.float32)
    found = bands(query, np.sort(clips @ query)[::-1][:k], sentences, clips, 50)
    order = [STRONG, POSSIBLE, WEAK]
    assert len(found) == k
    assert [order.index(band) for band in found] == sorted(order.index(band) for band in found)


@given(seed=Numbers, scale=st.floats(0.01, 100), length=st.floats(0.01, 100))
def test_neither_the_scale_of_scores_nor_the_length_of_a_sentence_counts(
    seed: int, scale: float, length: float
) -> None:
    subjects, clips = world(seed, 60)
    query, scores = subjects[0], clips @ subjects[0]
    plain = standings(query, scores, subjects[1:], clips, 60)
    scaled = standings(
        np.float32(length) * query,
        np.float32(scale * length) * scores,
        subjects[1:],
        np.float32(scale) * clips,
        60,
    )
    assert np.abs(plain - scaled).max() <= 1.5 / NEAREST  # one sentence may change sides by rounding


def test_a_hit_is_worth_the_same_among_few_clips_and_among_all() -> None:
    subjects, clips = world(1, 300)
    query, scores = subjects[3], np.sort(clips @ subjects[3])[::-1]
    every = bands(query, scores, subjects[10:], clips, 300)
    assert bands(query, scores[5:9], subjects[10:], clips, 300) == every[5:9]


def test_a_large_library_is_not_taken_for_its_sample() -> None:
    """Among more clips, the best of them fits better by chance: the same score means less."""
    subjects, clips = world(2, 500)
    score = np.quantile(clips @ subjects[50], [0.999]).astype(np.float32)
    small, large = (standings(subjects[50], score, subjects[60:], clips, n)[0] for n in (500, 500_000))
    assert large < small


def test_only_sentences_like_the_question_count() -> None:
    """Sentences of another world score low on every clip; beside them each question would seem to fit."""
    rng = np.random.default_rng(3)
    clips = rng.normal(size=(100, DIM)).astype(np.float32)
    clips[:, 0] = 3.0
    near = rng.normal(size=(NEAREST + 20, DIM)).astype(np.float32)
    near[:, 0] = 3.0
    far = rng.normal(size=(1000, DIM)).astype(np.float32)
    far[:, 0] = -3.0
    found = [first_band(near[i], np.concatenate([np.delete(near, i, axis=0), far]), clips) for i in range(len(near))]
    assert found.count(STRONG) <= 0.3 * len(found)


def test_one_clip_can_be_weighed() -> None:
    subjects, clips = world(4, 1)
    right = int((subjects[:SHOWN] @ clips[0]).argmax())
    assert first_band(subjects[right], np.delete(subjects, right, axis=0), clips) == STRONG


def test_without_a_background_nothing_is_claimed() -> None:
    few = np.ones((3, DIM), np.float32)
    none = np.empty((0, DIM), np.float32)
    assert bands(few[0], few[:, 0], none, few, 3) == [POSSIBLE] * 3


def test_a_handful_of_sentences_proves_nothing_strong() -> None:
    subjects, clips = world(5, 50)
    few = int(1 / (1 - STRONG_STANDING)) - 1
    assert first_band(subjects[0], subjects[100 : 100 + few], clips) != STRONG
