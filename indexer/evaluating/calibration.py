"""Measuring whether bands tell what is in a library from what is not.

Every question is asked twice: in a library that holds its span (*present*), and in one from which that span is taken
with all that shares its content (*absent*). A span shares the content of a question if two words of weight in the
question stand in its captions too, or the only one. That leaves some spans which do show what was asked, only nobody
said so: a strong hit on them counts against the bands, so the figures of `absent` are, if anything, too bad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.evaluating.captions_file import CaptionRow, find_files
from indexer.evaluating.retrieval import OnProgress, distinct_candidates, encode_candidates
from search.background import background_vectors
from search.bands import POSSIBLE, POSSIBLE_STANDING, STRONG, STRONG_STANDING, WEAK, band_of, capped, standings
from search.contracts import Encoder, Float32, Int64
from search.errors import UsageError
from search.query import unknown_weighty
from search.vectors.live import SAMPLE

CURVE = (0.3, 0.4, POSSIBLE_STANDING, 0.6, 0.7, 0.75, 0.8, STRONG_STANDING, 0.9, 0.95)
SHARED_WORDS = 2
FEWEST_CLIPS = 2
"""Questions that would be asked in a smaller library are left out."""
SEED = 9
WEIGHTLESS = frozenset(
    re.findall(
        r"\w+",
        """a an the in on of and with is are at to by from while as it its his her their for through near into over up
        down out off there two three one some another other person people man men woman women boy boys girl girls
        child children young old small little large front behind next standing stands sitting sits wearing wears who
        that this be has have looking looks walking walks holding holds playing plays around along each several group
        background something someone we see video""",
    )
)
"""Words that most captions could have."""


@dataclass(frozen=True, slots=True)
class BandShares:
    """The bands of first hits, as fractions 0..1 of `n` questions."""

    n: int
    strong: float
    possible: float
    weak: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Fractions of present and absent questions whose first hit stands at least so high."""

    standing: float
    present: float
    absent: float


@dataclass(frozen=True, slots=True)
class BandsReport:
    candidates: int
    clips: int | None
    """How large a library each question was asked in; None is all that the rows speak of."""
    background: int
    """Background sentences that the encoder knows."""
    present: BandShares
    absent: BandShares
    curve: list[CurvePoint]


def evaluate_bands(
    rows: Sequence[CaptionRow],
    videos: Path,
    encoder: Encoder,
    *,
    absent: Sequence[str] = (),
    clips: int | None = None,
    on_progress: OnProgress | None = None,
) -> BandsReport:
    """The bands of the first hits for every caption of the rows.

    `absent`: questions that are known to be about nothing in the rows; then these are asked in whole libraries in
    place of the rows' own captions in thinned ones. `clips` draws for every question a library of that many spans.
    Raises PathNotFound for files that are not there, UsageError for one that does not decode.
    """
    found = find_files(rows, videos).rows
    candidates, own = distinct_candidates(found)
    captions = [row.caption for row in found]
    vectors = encode_candidates(candidates, videos, encoder, on_progress)
    judge = Judge(vectors, background_vectors(encoder), clips)
    questions = Questions.asked(captions, encoder)
    nothing = np.zeros(len(candidates), bool)
    present = judge.first_hits(questions, (judge.library(nothing, span) for span in own))
    if absent:
        unfound = judge.first_hits(Questions.asked(absent, encoder), (judge.library(nothing) for _ in absent))
    else:
        unfound = judge.first_hits(questions, (judge.library(shared) for shared in sharing(captions, own)))
    if not len(present) or not len(unfound):
        raise UsageError(
            "No library is left to ask in: there are too few spans, or all share the content of the questions.",
            "Give captions of more films, fewer --clips, or questions about something else with --absent.",
        )
    curve = [CurvePoint(s, float(np.mean(present >= s)), float(np.mean(unfound >= s))) for s in CURVE]
    return BandsReport(len(candidates), clips, len(judge.background), _shares(present), _shares(unfound), curve)


@dataclass(frozen=True, slots=True)
class Questions:
    """Sentences as an encoder understands them."""

    vectors: Float32
    """`[Q, dim]`"""
    half_known: list[bool]
    """Whether a word of weight is unknown."""

    @classmethod
    def asked(cls, sentences: Sequence[str], encoder: Encoder) -> Questions:
        half_known = [bool(unknown_weighty(sentence, encoder)) for sentence in sentences]
        return cls(encoder.encode_texts(sentences), half_known)


class Judge:
    """Asks questions in parts of a library."""

    def __init__(self, vectors: Float32, background: Float32, clips: int | None) -> None:
        """`vectors` `[C, dim]` of the spans, `background` `[B, dim]` of sentences."""
        self.vectors = vectors
        self.background = background
        self.clips = clips
        self._rng = np.random.default_rng(SEED)

    def library(self, gone: NDArray[np.bool_], own: int | None = None) -> Int64:
        """Spans of a library without those `gone` `[C]`, and with `own`; none where it would be too small."""
        left = np.flatnonzero(~gone)
        wanted = len(left) if self.clips is None else self.clips
        if len(left) < max(wanted, FEWEST_CLIPS):
            return np.empty(0, np.int64)
        if own is None:
            return self._rng.permutation(left)[:wanted]
        return np.append(self._rng.permutation(left[left != own])[: wanted - 1], own)

    def first_hits(self, questions: Questions, libraries: Iterable[Int64]) -> Float32:
        """The standing of each question's first hit in its library; those without a library are passed over."""
        asked = zip(questions.vectors, questions.half_known, libraries, strict=True)
        return np.array(
            [self._first(text, half, library) for text, half, library in asked if len(library)], np.float32
        )

    def _first(self, text: Float32, half_known: bool, library: Int64) -> float:
        vectors = self.vectors[library]
        best = (vectors @ text).max(keepdims=True)
        standing = float(standings(text, best, self.background, vectors[:SAMPLE], len(library))[0])
        return capped(standing, half_known)


def sharing(captions: Sequence[str], own: Int64) -> NDArray[np.bool_]:
    """Which spans share the content of which caption, bool `[captions, spans]`; `own` `[captions]` is its span."""
    words = [weighty_words(caption) for caption in captions]
    told: list[set[str]] = [set() for _ in range(int(own.max()) + 1)]
    for span, said in zip(own, words, strict=True):
        told[span] |= said
    shared = np.array([[len(said & all_said) >= min(SHARED_WORDS, len(said)) for all_said in told] for said in words])
    shared[np.arange(len(own)), own] = True
    return shared


def weighty_words(caption: str) -> set[str]:
    """The lower-case words of a caption that say what is to be seen, without their plural s."""
    words = re.findall(r"[^\W\d_]+", caption.lower())
    return {word if len(word) < 4 else word.removesuffix("s") for word in words if word not in WEIGHTLESS}


def _shares(standing: Float32) -> BandShares:
    bands = [band_of(s) for s in standing.tolist()]
    return BandShares(len(bands), *(bands.count(band) / len(bands) for band in (STRONG, POSSIBLE, WEAK)))
