"""How much a hit means. Pure.

A raw score means nothing by itself: it depends on the encoder, the sentence and the library. So a hit is held against
everyday *background* sentences, which were written without knowing the library; most describe nothing that is in it.
Each of them has a best clip there all the same. A hit's *standing* is the share of them whose best score is lower. A
question about something absent is one more such sentence, so that it reaches a standing of s in 1 - s of all cases
only, with any encoder and any library: the argument of conformal anomaly detection (Laxhammar and Falkman, Annals of
Mathematics and Artificial Intelligence 74, 2015). docs/bands.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.contracts import Float32
from search.directions import unit

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"
STRONG_STANDING, POSSIBLE_STANDING = 0.85, 0.5
BELOW_STRONG = float(np.nextafter(np.float32(STRONG_STANDING), np.float32(0)))
NEAREST = 80
"""Background sentences that a question is held against: those nearest to it, for they are of its kind."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The background sentences as one library answers them: all that weighing a question needs of either."""

    centre: Float32
    """The mean of the sentences' directions, `[D]`."""
    directions: Float32
    """Of each sentence from there, `[B, D]`."""
    best: Float32
    """The best score of each sentence in the library, `[B]`."""

    def standings(self, query: Float32, scores: Float32) -> Float32:
        """The standing of each hit, 0..1, float32 `[K]`; `query` `[D]` and its hits' dot products `[K]`."""
        if not len(self.best):
            return np.full(len(scores), POSSIBLE_STANDING, np.float32)
        nearness = self.directions @ (unit(query) - self.centre)
        best = self.best[np.argsort(-nearness)[:NEAREST]]
        lower = best < scores[:, None] / (np.linalg.norm(query) + np.float32(1e-12))
        standing: Float32 = (lower.sum(axis=1) / (len(best) + 1)).astype(np.float32)
        return standing


def yardstick(background: Float32, sample: Float32, clips: int) -> Yardstick:
    """`background` `[B, D]`: vectors of background sentences; `sample` `[S, D]`: vectors of clips drawn evenly from
    the `clips` of the library. Without either nothing is known, and every hit is possible.
    """
    if not len(background) or not len(sample):
        return Yardstick(np.empty(0, np.float32), background, np.empty(0, np.float32))
    # Where an encoder does not make its sentences unit length, their lengths tell how many words they have.
    sentences = unit(background)
    centre: Float32 = sentences.mean(axis=0)
    return Yardstick(centre, unit(sentences - centre), _best_scores(sentences @ sample.T, clips))


def capped(standing: float, half_known: bool) -> float:
    """A hit's standing; where a word that asks for something is unknown, too low to be strong."""
    return min(standing, BELOW_STRONG) if half_known else standing


def band_of(standing: float) -> str:
    if standing >= STRONG_STANDING:
        return STRONG
    return POSSIBLE if standing >= POSSIBLE_STANDING else WEAK


def standings(query: Float32, scores: Float32, background: Float32, sample: Float32, clips: int) -> Float32:
    """The standing of each hit, 0..1, float32 `[K]`: see `yardstick` and `Yardstick.standings`."""
    return yardstick(background, sample, clips).standings(query, scores)


def _best_scores(scores: Float32, clips: int) -> Float32:
    """The best score of each sentence in a library of `clips`, from its scores on a sample `[B, S]`: float32 `[B]`.

    The largest of n normal numbers lies about sqrt(2 ln n) deviations above their mean.
    """
    sample = scores.shape[1]
    best: Float32 = scores.max(axis=1)
    if clips > sample > 1:
        mean = scores.mean(axis=1)
        best = mean + (best - mean) * np.float32(np.sqrt(np.log(clips) / np.log(sample)))
    return best
