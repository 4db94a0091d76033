"""How much hits mean in one library: the background sentences and the sample that bands need, kept at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.asking.prepared import PreparedLook
from search.asking.ranked import RankedMoment, Result
from search.background import kept_background_vectors
from search.bands import POSSIBLE, STRONG, WEAK, Yardstick, band_of, yardstick
from search.contracts import Float32
from search.library import Library

LEVELS = (WEAK, POSSIBLE, STRONG)


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

    def bands(self, results: Sequence[Result], looks: Sequence[PreparedLook]) -> list[str]:
        """For each result that of its weakest moment.

        A moment in which the words are said is possible at least, whatever it shows.
        """
        by_look = []
        for number, look in enumerate(looks):
            moments = [result.steps[number] for result in results]
            by_look.append([_level(one, at) for one, at in zip(moments, self.standings(moments, look), strict=True)])
        return [LEVELS[min(levels)] for levels in zip(*by_look, strict=True)]


def _level(ranked: RankedMoment, standing: float | None) -> int:
    band = POSSIBLE if standing is None or ranked.words_rank is not None else WEAK
    return max(LEVELS.index(band), LEVELS.index(WEAK if standing is None else band_of(standing)))
