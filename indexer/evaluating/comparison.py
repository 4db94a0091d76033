"""Several encoders side by side on the same captions: quality, speed and size."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from indexer.decoding.decode import Decoder
from indexer.evaluating.captions_file import Candidate, CaptionRow, FoundRows, find_files
from indexer.evaluating.retrieval import (
    OnProgress,
    RetrievalReport,
    decode_candidate,
    distinct_candidates,
    mean_vector,
    report_retrieval,
)
from search.contracts import Encoder, EncoderSpec, Float32

TEXTS_AT_ONCE = 32
VECTOR_ITEM = 2
"""Bytes of a number in a library: vectors are kept as float16."""


@dataclass(frozen=True, slots=True)
class EncoderFigures:
    """What one encoder is worth and what it costs."""

    spec: EncoderSpec
    retrieval: RetrievalReport
    clips: int
    clip_ms: float
    """Milliseconds to encode a clip, decoding left out; the median over the candidates."""
    texts_per_second: float
    """From the median over the parts that the captions were encoded in."""

    @property
    def bytes_per_clip(self) -> int:
        """What a clip's vector takes in a library."""
        return VECTOR_ITEM * self.spec.dim


def compare_encoders(
    rows: Sequence[CaptionRow],
    videos: Path,
    encoders: Sequence[Encoder],
    on_progress: OnProgress | None = None,
    *,
    skip_missing: bool = False,
) -> list[EncoderFigures]:
    """Takes the encoders through the same captions, candidate by candidate in turn.

    So whatever else the machine does meets all of them alike. Raises as `evaluate_retrieval` does.
    """
    found = find_files(rows, videos, skip_missing=skip_missing)
    candidates, _ = distinct_candidates(found.rows)
    courses = [_Course(encoder) for encoder in encoders]
    with Decoder() as decoder:
        for i, candidate in enumerate(candidates):
            for course in courses:
                course.take_candidate(candidate, videos, decoder)
            if on_progress:
                on_progress(i + 1, len(candidates))
    captions = [row.caption for row in found.rows]
    for start in range(0, len(captions), TEXTS_AT_ONCE):
        for course in courses:
            course.take_texts(captions[start : start + TEXTS_AT_ONCE])
    return [course.figures(found) for course in courses]


class _Course:
    """One encoder's way through the candidates and captions: vectors and times."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder, self._spec = encoder, encoder.spec
        self._videos: list[Float32] = []
        self._texts: list[Float32] = []
        self._clips = 0
        self._clip_seconds: list[float] = []
        self._text_seconds: list[float] = []
        # What loads when first needed loads here, so that no measured clip or text waits for it.
        encoder.encode_clips(np.zeros((1, self._spec.frames, self._spec.size, self._spec.size, 3), np.uint8))
        encoder.encode_texts(["warm"])

    def take_candidate(self, candidate: Candidate, videos: Path, decoder: Decoder) -> None:
        clips = decode_candidate(candidate, videos, self._spec, decoder)
        frames = np.stack([clip.frames for clip in clips])
        began = time.perf_counter()
        vectors = self._encoder.encode_clips(frames)
        self._clip_seconds.append((time.perf_counter() - began) / len(clips))
        self._videos.append(mean_vector(clips, vectors))
        self._clips += len(clips)

    def take_texts(self, captions: Sequence[str]) -> None:
        began = time.perf_counter()
        self._texts.append(self._encoder.encode_texts(captions))
        self._text_seconds.append((time.perf_counter() - began) / len(captions))

    def figures(self, found: FoundRows) -> EncoderFigures:
        return EncoderFigures(
            spec=self._spec,
            retrieval=report_retrieval(found, np.concatenate(self._texts), np.stack(self._videos)),
            clips=self._clips,
            clip_ms=1e3 * median(self._clip_seconds),
            texts_per_second=1 / max(median(self._text_seconds), 1e-9),
        )
