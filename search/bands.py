"""How much a hit means, in three steps. Pure.

A raw score means nothing by itself: it depends on the encoder, the sentence and the library. So a question's scores
are held against those of everyday *background* sentences on the same clips. Each sentence's scores are first
brought to one scale by their mean and spread over a sample of the library; then a clip is a strong hit when the
question fits it better than nearly every background sentence does. The same works for any encoder, untrained.
"""

from __future__ import annotations

import numpy as np

from search.contracts import Float32

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"
STRONG_SHARE, POSSIBLE_SHARE = 0.98, 0.85
"""Shares of background sentences that must fit a clip worse than the question does."""
FEWEST_CLIPS = 8
"""Below this a library is too small to tell a spread."""


def bands(query: Float32, background: Float32, hits: Float32, sample: Float32) -> list[str]:
    """A band for each hit, never rising with rank.

    `query` `[D]`, `background` `[B, D]`: vectors of sentences; `hits` `[K, D]`: vectors of the hits, best first;
    `sample` `[S, D]`: vectors of clips drawn from the whole library.
    """
    if not len(hits):
        return []
    if len(sample) < FEWEST_CLIPS or not len(background):
        return [POSSIBLE] * len(hits)
    sentences = np.concatenate([query[None], background])
    scores = sentences @ sample.T
    mean, spread = scores.mean(axis=1, keepdims=True), scores.std(axis=1, keepdims=True) + 1e-6
    standing = (sentences @ hits.T - mean) / spread
    share = np.minimum.accumulate((standing[1:] < standing[0]).mean(axis=0))
    return [STRONG if s >= STRONG_SHARE else POSSIBLE if s >= POSSIBLE_SHARE else WEAK for s in share]
