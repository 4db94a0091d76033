"""Measuring whether an encoder tells twins apart: films that are equal but for one thing, which a caption says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from indexer.evaluating.captions_file import Candidate, CaptionRow, cell, find_files, read_rows
from indexer.evaluating.retrieval import OnProgress, distinct_candidates, encode_candidates
from search.contracts import Encoder
from search.errors import UsageError


@dataclass(frozen=True, slots=True)
class Pair:
    """A caption, what it speaks of, and what it does not speak of."""

    row: CaptionRow
    twin: Candidate
    contrast: str
    """What the two differ in."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How often the right one of two was chosen."""

    n: int
    """Captions."""
    right: float
    """A fraction 0..1; lots would reach 0.5."""


@dataclass(frozen=True, slots=True)
class PairsReport:
    """The choices together, and those of each contrast in the order of the rows."""

    all: Choices
    contrasts: dict[str, Choices]


def evaluate_pairs(
    pairs: Sequence[Pair], videos: Path, encoder: Encoder, on_progress: OnProgress | None = None
) -> PairsReport:
    """Two-alternative forced choice: a caption is right if its own span scores higher than the twin.

    Equal scores count as wrong. Raises PathNotFound for files that are not there, UsageError for one that does not
    decode.
    """
    rows = [pair.row for pair in pairs]
    of_twins = [replace(pair.row, candidate=pair.twin) for pair in pairs]
    candidates, chosen = distinct_candidates(find_files([*rows, *of_twins], videos).rows)
    vectors = encode_candidates(candidates, videos, encoder, on_progress)
    own, twins = np.split(vectors[chosen], 2)
    texts = encoder.encode_texts([row.caption for row in rows])
    right = np.sum(texts * (own - twins), axis=1) > 0
    contrasts = np.array([pair.contrast for pair in pairs])
    return PairsReport(
        _choices(right), {name: _choices(right[contrasts == name]) for name in dict.fromkeys(contrasts.tolist())}
    )


def read_pairs(path: Path) -> list[Pair]:
    """The rows of a CSV `path,caption,twin[,contrast][,start,end]`; the same span of `twin` is the other choice.

    Raises what `read_rows` raises, and UsageError where there is no twin.
    """
    pairs = [
        Pair(row, replace(row.candidate, path=cell(line, "twin")), cell(line, "contrast"))
        for row, line in read_rows(path)
    ]
    for pair in pairs:
        if pair.twin.path in ("", pair.row.candidate.path):
            raise UsageError(
                f"{path} names no twin of {pair.row.candidate.path}.",
                "Every row needs another file in its column twin.",
            )
    return pairs


def _choices(right: np.ndarray) -> Choices:
    return Choices(len(right), float(right.mean()))
