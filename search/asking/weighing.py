"""How much hits mean in one library: the background sentences and the sample that bands need, kept at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.asking.prepared import PreparedLook
from search.asking.ranked import FoundClips, RankedMoment, Result
from search.background import kept_background_vectors
from search.bands import POSSIBLE, POSSIBLE_STANDING, STRONG, WEAK, Yardstick, band_of, capped, yardstick
from search.contracts import Float32
from search.library import Library

LEVELS = (WEAK, POSSIBLE, STRONG)
OUTSTANDING, FEWEST = 2.0, 30
"""Deviations above the mean of the library's clips from which one is like a picture; and clips that make a mean."""


def is_possible(standing: float | None) -> bool:
    """Whether a moment is at least possible; one of which nothing is known is."""
    return standing is None or band_of(standing) != WEAK


class Weighing:
    """Bands for the results of one library; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._background: Float32 | None = None
        self._made: tuple[Float32, Yardstick] | None = None

    def yardstick(self, generation: int | None = None) -> Yardstick:
        """That of the library as it is now, or at a generation that was just read."""
        sample = self._library.vectors.sample(generation=generation)
        if self._made is None or self._made[0] is not sample:
            if self._background is None:
                self._background = kept_background_vectors(self._library.encoder, self._library.path)
            self._made = sample, yardstick(self._background, sample, len(self._library.vectors))
        return self._made[1]

    def standings(self, moments: Sequence[RankedMoment], look: PreparedLook) -> list[float | None]:
        """Those of the moments' peaks; None where no words say what should be seen in them."""
        if look.text is None or not moments:
            return [None] * len(moments)
        vectors = np.stack([np.zeros_like(look.text) if m.vector is None else m.vector for m in moments])
        found = self.yardstick(look.allowed.table.generation).standings(look.text, vectors @ look.text)
        return [None if m.vector is None else standing for m, standing in zip(moments, found.tolist(), strict=True)]

    def meant(self, found: FoundClips, look: PreparedLook) -> NDArray[np.bool_]:
        """For each clip that was found whether a moment with this peak is more than weak, `[N]`."""
        if look.text is None or not len(found.clips):
            return np.array([clip.score for clip in found.clips], np.float64) >= _least(look)
        standings = self.yardstick(look.allowed.table.generation).standings(look.text, found.vectors @ look.text)
        return standings >= POSSIBLE_STANDING

    def bands(self, results: Sequence[Result], looks: Sequence[PreparedLook]) -> list[str]:
        """For each result that of its weakest moment.

        A moment in which the words are said is possible at least, whatever it shows; where a word that asks for
        something is unknown, none is more.
        """
        by_look = []
        for number, look in enumerate(looks):
            moments = [result.steps[number] for result in results]
            standings = self.standings(moments, look)
            by_look.append([_level(one, at, look) for one, at in zip(moments, standings, strict=True)])
        return [LEVELS[min(levels)] for levels in zip(*by_look, strict=True)]


def _level(ranked: RankedMoment, standing: float | None, look: PreparedLook) -> int:
    alike = POSSIBLE if ranked.moment.score >= _least(look) else WEAK
    seen = alike if standing is None else band_of(capped(standing, look.half_known))
    said = POSSIBLE if ranked.words_rank is not None else WEAK
    return max(LEVELS.index(seen), LEVELS.index(said))


def _least(look: PreparedLook) -> float:
    """The score from which a moment is possible where no words say what should be seen.

    What is like a picture stands out from the library's clips, unless they are too few to tell. What is only unlike
    something need not.
    """
    if look.aim is None or look.text is not None or not look.aim.wanted.any():
        return -math.inf
    if len(look.allowed.table.ids) < FEWEST:
        return -math.inf
    return look.aim.scale.mean + OUTSTANDING * look.aim.scale.deviation
