"""Several phrasings of one question, averaged: as it was written, without its small words, and part by part.

The text towers of `mini` and S3D keep, of all words of a sentence, the strongest for each feature; in its parts,
words that drown in the whole are heard as well. docs/ranking.md has the figures.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from search.contracts import Encoder, Float32
from search.directions import unit
from search.query import FILLERS, WORD

PHRASED = frozenset(["mini"])
"""Encoders by name with which it was found to help."""
PART_WORDS = 3
MOST_PARTS = 24
PARTS_WEIGHT = 0.4
"""Of all parts together, where each of the other phrasings has 1."""


def question_vector(encoder: Encoder, text: str) -> Float32:
    """The vector `[D]` that clips are ranked by for a text: of its phrasings where that helps, else its own."""
    if encoder.spec.name in PHRASED:
        return phrased_vector(encoder, text)
    vector: Float32 = encoder.encode_texts([text])[0]
    return vector


def phrased_vector(encoder: Encoder, text: str) -> Float32:
    """The average of the phrasings' vectors, `[D]`."""
    unknown = {word.lower() for word in WORD.findall(text) if encoder.unknown_words(word)}
    return average(encoder.encode_texts(phrasings(text, unknown)))


def phrasings(text: str, unknown: Collection[str] = ()) -> list[str]:
    """The text; then its words without small and `unknown` (lower-case) ones; then, of
    more than three such words, every three neighbours (of the first 24)."""
    words = [word for word in WORD.findall(text) if word.lower() not in FILLERS and word.lower() not in unknown]
    if not words:
        return [text]
    parts = min(len(words) - PART_WORDS + 1, MOST_PARTS) if len(words) > PART_WORDS else 0
    return [text, " ".join(words), *(" ".join(words[i : i + PART_WORDS]) for i in range(parts))]


def average(vectors: Float32) -> Float32:
    """One vector `[D]` of those of some phrasings `[P, D]`, as long as the first, so that scores keep their scale."""
    directions = unit(vectors)
    total = directions[:2].sum(axis=0)
    if len(directions) > 2:
        total = total + np.float32(PARTS_WEIGHT) * directions[2:].mean(axis=0)
    averaged: Float32 = unit(total) * np.linalg.norm(vectors[0])
    return averaged
