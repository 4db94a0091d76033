"""Measuring how well an encoder finds described videos: captions in, vectors of spans, figures out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.clips import ClipPlan
from indexer.decode import Decoder
from search.contracts import Encoder, Float32
from search.errors import PathNotFound, UsageError
from search.metrics import RetrievalMetrics, text_to_video, video_to_text

OnProgress = Callable[[int, int], None]
"""Called with the candidates encoded and how many there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a video, or a picture, that captions speak of."""

    path: str
    """Below the folder of videos."""
    start: float = 0.0
    """Seconds."""
    end: float | None = None
    """Seconds; None is the end of the video."""


@dataclass(frozen=True, slots=True)
class CaptionRow:
    candidate: Candidate
    caption: str


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Both directions of retrieval over one file of captions."""

    candidates: int
    text_to_video: RetrievalMetrics
    video_to_text: RetrievalMetrics


def evaluate_retrieval(
    rows: Sequence[CaptionRow], videos: Path, encoder: Encoder, on_progress: OnProgress | None = None
) -> RetrievalReport:
    """Asks for every caption among all distinct candidates of the rows; scores are dot products.

    Raises PathNotFound for files that are not there, UsageError for one that does not decode.
    """
    candidates = list(dict.fromkeys(row.candidate for row in rows))
    require_files(candidates, videos)
    vectors = np.empty((len(candidates), encoder.spec.dim), np.float32)
    with Decoder() as decoder:
        for i, candidate in enumerate(candidates):
            vectors[i] = encode_candidate(candidate, videos, encoder, decoder)
            if on_progress:
                on_progress(i + 1, len(candidates))
    number = {candidate: i for i, candidate in enumerate(candidates)}
    truth = np.array([number[row.candidate] for row in rows])
    scores = encoder.encode_texts([row.caption for row in rows]) @ vectors.T
    return RetrievalReport(len(candidates), text_to_video(scores, truth), video_to_text(scores, truth))


def encode_candidate(candidate: Candidate, videos: Path, encoder: Encoder, decoder: Decoder) -> Float32:
    """The mean of the clip vectors of a span, float32 `[dim]`, each clip counted by the seconds it shows."""
    spec = encoder.spec
    plan = ClipPlan(spec.frames, spec.fps, spec.size)
    film = videos / candidate.path
    clips = list(decoder.decode(film, plan, start=candidate.start, end=candidate.end, thumbnails=False))
    if not clips:
        reason = decoder.outcome.reason or "no frame lies in its span"
        raise UsageError(f"{candidate.path} cannot be used: {reason}.", "Leave its rows out, or mend the file.")
    vectors = encoder.encode_clips(np.stack([clip.frames for clip in clips]))
    seconds = np.array([max(clip.end - clip.start, 1e-3) for clip in clips], np.float32)
    mean: Float32 = np.average(vectors, axis=0, weights=seconds).astype(np.float32)
    return mean


def read_captions(path: Path, *, first_only: bool = False) -> list[CaptionRow]:
    """The rows of a CSV `path,caption[,start,end]` (UTF-8; seconds; empty start and end: the whole file).

    `first_only` keeps the first caption of each candidate. Raises PathNotFound for no such file, UsageError for
    missing columns and for the first row that makes no sense, by its line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in ("path", "caption") if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"{path} has no column {' and no column '.join(missing)}.",
                    "Its first line must name the columns: path,caption or path,caption,start,end.",
                )
            rows = [_read_row(row, f"{path}, line {reader.line_num}") for row in reader]
    except (FileNotFoundError, IsADirectoryError) as error:
        raise PathNotFound(f"There is no file {path}.", "Name a CSV with the columns path,caption.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "It must be CSV in UTF-8.") from error
    if not rows:
        raise UsageError(f"{path} holds no caption.", "Add rows below its first line.")
    return _first_of_each(rows) if first_only else rows


def _first_of_each(rows: Sequence[CaptionRow]) -> list[CaptionRow]:
    first: dict[Candidate, CaptionRow] = {}
    for row in rows:
        first.setdefault(row.candidate, row)
    return list(first.values())


def require_files(candidates: Sequence[Candidate], videos: Path) -> None:
    """Raises PathNotFound naming what is not in the folder."""
    if not videos.is_dir():
        raise PathNotFound(f"There is no folder {videos}.", "Name with --videos the folder that holds the films.")
    missing = list(dict.fromkeys(c.path for c in candidates if not (videos / c.path).is_file()))
    if missing:
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise PathNotFound(f"{videos} lacks {named}.", "The paths in the CSV are relative to the folder of --videos.")


def _read_row(row: dict[str, str | None], place: str) -> CaptionRow:
    path, caption = (row["path"] or "").strip(), (row["caption"] or "").strip()
    start, end = ((row.get(name) or "").strip() for name in ("start", "end"))
    try:
        candidate = Candidate(path, float(start or 0), float(end) if end else None)
    except ValueError:
        candidate = None
    if candidate is None or not path or not caption or not _is_span(candidate):
        raise UsageError(
            f"{place} is no caption of a span.",
            "A row needs a path, a caption, and either no times or a start before its end, in seconds.",
        )
    return CaptionRow(candidate, caption)


def _is_span(candidate: Candidate) -> bool:
    return 0 <= candidate.start < (np.inf if candidate.end is None else candidate.end)
