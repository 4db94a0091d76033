"""Captioned films or pictures with the vectors of an encoder, made once and kept."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from indexer.evaluating.captions_file import Candidate, CaptionRow, cell, read_rows
from indexer.evaluating.retrieval import distinct_candidates, encode_candidates
from search.contracts import Encoder, Float32, Int64
from search.encoders.registry import open_encoder


@dataclass(frozen=True, slots=True)
class Encoded:
    """What can be found, and what captions speak of. Times in seconds; videos are numbered as the CSV has them.

    Of films: their clips, as indexing makes them. Of pictures: each as one clip.
    """

    own: Int64
    """The span of each caption, `[R]`."""
    span_video: Int64
    """`[S]`."""
    span_start: Float32
    span_end: Float32
    clip_video: Int64
    """`[C]`, by video and time."""
    clip_start: Float32
    clip_end: Float32
    clip_vectors: Float32
    """`[C, D]`."""


def what_is_asked(about: str | None) -> tuple[Encoder, list[CaptionRow], Encoded]:
    """What a benchmark's command line names: an encoder, captions, and what they speak of."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("csv", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", default="mini")
    parser.add_argument("--split", default="", help="Rows of this split alone.")
    parser.add_argument("--kept", type=Path, help="An .npz in which the vectors are kept.")
    wanted = parser.parse_args()
    encoder, rows = open_encoder(wanted.encoder), captions_of(wanted.csv, wanted.split)
    return encoder, rows, encoded(rows, wanted.folder, encoder, wanted.kept)


def captions_of(csv: Path, split: str = "") -> list[CaptionRow]:
    """The rows of a CSV; with `split`, those whose column of that name says so."""
    return [row for row, line in read_rows(csv) if not split or cell(line, "split") == split]


def encoded(rows: Sequence[CaptionRow], folder: Path, encoder: Encoder, kept: Path | None = None) -> Encoded:
    """Read from `kept` (`.npz`) where that is there, else made, and written to it."""
    if kept and kept.exists():
        with np.load(kept) as arrays:
            return Encoded(**arrays)
    made = _encode(rows, folder, encoder)
    if kept:
        np.savez(kept, **{field.name: getattr(made, field.name) for field in fields(made)})
    return made


def _encode(rows: Sequence[CaptionRow], folder: Path, encoder: Encoder) -> Encoded:
    spans, own = distinct_candidates(rows)
    paths = list(dict.fromkeys(span.path for span in spans))
    number = {path: i for i, path in enumerate(paths)}
    films = {span.path for span in spans if span.end is not None}
    if films:
        times, vectors = _clips([path for path in paths if path in films], number, folder, encoder)
    else:
        times = np.array([(number[span.path], 0, np.inf) for span in spans])
        vectors = encode_candidates(spans, folder, encoder)
    return Encoded(
        own=own,
        span_video=np.array([number[span.path] for span in spans], np.int64),
        span_start=np.array([span.start for span in spans], np.float32),
        span_end=np.array([_end(span) for span in spans], np.float32),
        clip_video=times[:, 0].astype(np.int64),
        clip_start=times[:, 1].astype(np.float32),
        clip_end=times[:, 2].astype(np.float32),
        clip_vectors=vectors,
    )


def _end(span: Candidate) -> float:
    return np.inf if span.end is None else span.end


def _clips(
    paths: Sequence[str], number: dict[str, int], folder: Path, encoder: Encoder
) -> tuple[np.ndarray, Float32]:
    """Video, start and end of each clip, `[C, 3]`, and its vector, `[C, D]`."""
    plan = ClipPlan(encoder.spec.frames, encoder.spec.fps, encoder.spec.size)
    times, vectors = [], []
    with Decoder() as decoder:
        for path in paths:
            clips = list(decoder.decode(folder / path, plan, thumbnails=False))
            times += [(number[path], clip.start, clip.end) for clip in clips]
            vectors.append(encoder.encode_clips(np.stack([clip.frames for clip in clips])))
    return np.array(times), np.concatenate(vectors)
