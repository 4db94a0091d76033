"""Measuring how well an encoder finds described videos: captions in, vectors of spans, figures out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import DecodedClip, Decoder
from indexer.evaluating.captions_file import Candidate, CaptionRow, FoundRows, find_files
from search.contracts import Encoder, EncoderSpec, Float32, Int64
from search.errors import UsageError
from search.metrics import RetrievalMetrics, text_to_video, video_to_text

OnProgress = Callable[[int, int], None]
"""Called with the candidates encoded and how many there are."""


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Both directions of retrieval over one file of captions."""

    candidates: int
    text_to_video: RetrievalMetrics
    video_to_text: RetrievalMetrics
    missing_files: int = 0
    """Files of the captions that are not there and were left out, and their captions."""
    missing_captions: int = 0

    @property
    def what_is_missing(self) -> str:
        """A line for the person; empty where nothing was left out."""
        if not self.missing_files:
            return ""
        return f"{self.missing_files} files are not there; {self.missing_captions} captions were left out with them."


def evaluate_retrieval(
    rows: Sequence[CaptionRow],
    videos: Path,
    encoder: Encoder,
    on_progress: OnProgress | None = None,
    *,
    skip_missing: bool = False,
) -> RetrievalReport:
    """Asks for every caption among all distinct candidates of the rows; scores are dot products.

    Raises PathNotFound for files that are not there, UsageError for one that does not decode.
    """
    found = find_files(rows, videos, skip_missing=skip_missing)
    vectors = encode_candidates(distinct_candidates(found.rows)[0], videos, encoder, on_progress)
    return report_retrieval(found, encoder.encode_texts([row.caption for row in found.rows]), vectors)


def distinct_candidates(rows: Sequence[CaptionRow]) -> tuple[list[Candidate], Int64]:
    """What the rows speak of, each once, in their order; and for each row the number of its own, int64 `[R]`."""
    number: dict[Candidate, int] = {}
    own = [number.setdefault(row.candidate, len(number)) for row in rows]
    return list(number), np.array(own, np.int64)


def encode_candidates(
    candidates: Sequence[Candidate], videos: Path, encoder: Encoder, on_progress: OnProgress | None = None
) -> Float32:
    """The vectors of spans and pictures, float32 `[C, dim]`. Raises UsageError for one that does not decode."""
    vectors = np.empty((len(candidates), encoder.spec.dim), np.float32)
    with Decoder() as decoder:
        for i, candidate in enumerate(candidates):
            clips = decode_candidate(candidate, videos, encoder.spec, decoder)
            vectors[i] = mean_vector(clips, encoder.encode_clips(np.stack([clip.frames for clip in clips])))
            if on_progress:
                on_progress(i + 1, len(candidates))
    return vectors


def decode_candidate(candidate: Candidate, videos: Path, spec: EncoderSpec, decoder: Decoder) -> list[DecodedClip]:
    """The clips of a span as this encoder takes them, at least one. Raises UsageError where there is none."""
    plan = ClipPlan(spec.frames, spec.fps, spec.size)
    film = videos / candidate.path
    clips = list(decoder.decode(film, plan, start=candidate.start, end=candidate.end, thumbnails=False))
    if not clips:
        reason = decoder.outcome.reason or "no frame lies in its span"
        raise UsageError(f"{candidate.path} cannot be used: {reason}.", "Leave its rows out, or mend the file.")
    return clips


def mean_vector(clips: Sequence[DecodedClip], vectors: Float32) -> Float32:
    """The mean of the clips' vectors `[N, dim]`, each counted by the seconds it shows, float32 `[dim]`.

    arXiv 1912.06430 averages a fixed number of windows spread evenly, which overlap in a short span and leave gaps
    in a long one; these follow one another and cover the span once.
    """
    seconds = np.array([max(clip.end - clip.start, 1e-3) for clip in clips], np.float32)
    mean: Float32 = np.average(vectors, axis=0, weights=seconds).astype(np.float32)
    return mean


def report_retrieval(found: FoundRows, texts: Float32, vectors: Float32) -> RetrievalReport:
    """The figures of the rows' captions `[R, dim]` and of their distinct candidates `[C, dim]`."""
    candidates, truth = distinct_candidates(found.rows)
    scores = texts @ vectors.T
    return RetrievalReport(
        candidates=len(candidates),
        text_to_video=text_to_video(scores, truth),
        video_to_text=video_to_text(scores, truth),
        missing_files=found.missing_files,
        missing_captions=found.missing_captions,
    )
