"""How well sentences find clips, and clips sentences: recall at k, median rank, mean reciprocal rank. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class RetrievalMetrics:
    """One direction of retrieval. Recalls and `mrr` are fractions 0..1, ranks begin at 1."""

    n: int
    """Questions asked."""
    r1: float
    r5: float
    r10: float
    medr: float
    mrr: float


def text_to_video(scores: Floats, truth: Ints) -> RetrievalMetrics:
    """Sentences asked, clips ranked.

    `scores` is float `[sentences, clips]`, `truth` int `[sentences]` the clip each sentence speaks of.
    """
    return summarise(ranks(scores, truth[:, None] == np.arange(scores.shape[1])[None, :]))


def video_to_text(scores: Floats, truth: Ints) -> RetrievalMetrics:
    """Clips asked, sentences ranked: the rank of a clip is that of the best of its sentences.

    Arguments as for `text_to_video`; clips no sentence speaks of are not asked.
    """
    correct = np.arange(scores.shape[1])[:, None] == truth[None, :]
    asked = correct.any(axis=1)
    return summarise(ranks(scores.T[asked], correct[asked]))


def ranks(scores: Floats, correct: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rank of the best correct answer to each question, int64 `[Q]`, from 1.

    `scores` is float `[Q, A]`, `correct` bool `[Q, A]` with at least one answer true in each row. Ties count against
    the encoder: a wrong answer with the same score ranks before. NaN is worse than any number.
    """
    known = np.where(np.isnan(scores), -np.inf, scores)
    best = np.where(correct, known, -np.inf).max(axis=1, keepdims=True)
    before: NDArray[np.int64] = np.count_nonzero((known >= best) & ~correct, axis=1)
    return before + 1


def summarise(ranks: Ints) -> RetrievalMetrics:
    """The figures of some ranks (int `[Q]`, from 1); all zero where nothing was asked."""
    if len(ranks) == 0:
        return RetrievalMetrics(0, 0.0, 0.0, 0.0, 0.0, 0.0)
    r1, r5, r10 = (float(np.mean(ranks <= k)) for k in (1, 5, 10))
    return RetrievalMetrics(len(ranks), r1, r5, r10, float(np.median(ranks)), float(np.mean(1.0 / ranks)))
