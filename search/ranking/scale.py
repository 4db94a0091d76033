"""Scores of different sentences on one scale. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from search.contracts import Float32


@dataclass(frozen=True, slots=True)
class Scale:
    """How the scores of one question lie in the library: their mean and standard deviation."""

    mean: float = 0.0
    deviation: float = 1.0

    def standardise(self, score: float) -> float:
        """How many deviations a score lies above the mean; 0 where all scores are equal."""
        return (score - self.mean) / self.deviation if self.deviation > 0 else 0.0


def scale_of(query: Float32, sample: Float32) -> Scale:
    """The scale of a question `[D]`, from a sample `[S, D]` of the library's clips; the plain one where S is 0."""
    if not len(sample):
        return Scale()
    scores = sample @ query
    return Scale(float(scores.mean()), float(scores.std()))
