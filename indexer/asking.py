"""Pictures and films as questions: from a file to the vector to search with.

The file may be anybody's, so it is decoded by the child process that decodes films, with limits on its bytes, its
pixels and the time it takes. The encoder sees arrays only.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder, OnProgress
from indexer.decoding.outcome import DecodeOutcome
from indexer.finding.given import did_you_mean
from indexer.pictures.picture_head import is_animated_webp, is_cut_off, stated_size
from indexer.sources.base import MAX_PIXELS
from search.answer import printable
from search.contracts import Encoder, Float32, UInt8
from search.errors import PathNotFound, TooLarge, UsageError

LARGEST_PICTURE = 32 << 20
"""Bytes of a picture file."""
LONGEST_CLIP = 60.0
"""Seconds of a film that are looked at."""
SMALLEST_SIDE = 8
"""Pixels: a smaller picture shows nothing that could be found."""
PATIENCE = 30.0
"""Seconds that decoding may take in all."""
BATCH = 8
"""Clips encoded at once."""


class UnusableFile(UsageError):
    """The file is no picture, or no film, that could be asked with."""

    code = "unusable-file"
    http_status = 422


def encode_picture(picture: Path | bytes, encoder: Encoder, *, name: str = "") -> Float32:
    """The vector of a picture, float32 `[dim]`: that of a clip which shows it, frozen, from beginning to end.

    `name` is what messages call it. Raises UnusableFile for what is no single picture, TooLarge beyond the limits on
    bytes, pixels and time, PathNotFound for no file.
    """
    with _as_file(picture) as path:
        called = _called(name, picture)
        _check_head(path, called)
        frames, outcome = _decode(path, called, encoder, until=0.0)
        if outcome.frames_decoded > 1:
            raise _animated(called)
        if min(outcome.facts.width, outcome.facts.height) < SMALLEST_SIDE:
            size = f"{outcome.facts.width}x{outcome.facts.height}"
            raise UnusableFile(f"{called} is too small ({size}) to show anything.", "Ask with a larger picture.")
        vector: Float32 = encoder.encode_clips(frames[:1])[0]
    return vector


def encode_clip(clip: Path, encoder: Encoder, *, name: str = "") -> Float32:
    """The vector of a film's first minute, float32 `[dim]`: the mean of those of its clips.

    `name` is what messages call it. Raises UnusableFile for what is no film, TooLarge beyond the limits on pixels and
    time.
    """
    frames, _ = _decode(clip, _called(name, clip), encoder, until=LONGEST_CLIP)
    vectors = [encoder.encode_clips(frames[at : at + BATCH]) for at in range(0, len(frames), BATCH)]
    mean: Float32 = np.concatenate(vectors).mean(axis=0)
    return mean


def _called(name: str, source: Path | bytes) -> str:
    """What messages call a file."""
    return printable(name or (source.name if isinstance(source, Path) else "")) or "The file"


def _animated(called: str) -> UnusableFile:
    return UnusableFile(f"{called} has more than one picture.", "Ask with it as a clip, or with one of them.")


def _check_head(path: Path, called: str) -> None:
    """Refuses what a decoder would refuse without a reason, or make something up for."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_PICTURE else None
    except (OSError, ValueError) as error:
        cure = did_you_mean(path) or "Look at how it is written."
        raise PathNotFound(f"There is no file {called} that can be read.", cure) from error
    if data is None:
        raise TooLarge(f"{called} is no picture, or far too large.", f"At most {LARGEST_PICTURE:,} bytes are read.")
    size = stated_size(data)
    if size and size.width * size.height > MAX_PIXELS:
        raise TooLarge(
            f"{called} is too large ({size.width:,}x{size.height:,}).",
            f"Ask with a picture of at most {MAX_PIXELS / 1e6:.0f} million pixels.",
        )
    if is_animated_webp(data):
        raise _animated(called)
    if is_cut_off(data):
        raise UnusableFile(f"{called} is cut off: its end is missing.", "Copy or download it again.")


@contextmanager
def _as_file(picture: Path | bytes) -> Iterator[Path]:
    if isinstance(picture, Path):
        yield picture
        return
    with tempfile.NamedTemporaryFile(prefix="vsearch-picture-") as file:
        file.write(picture)
        file.flush()
        yield Path(file.name)


def _decode(path: Path, called: str, encoder: Encoder, *, until: float) -> tuple[UInt8, DecodeOutcome]:
    """The clips of the first `until` seconds, one at least: uint8 `[N, T, S, S, 3]`."""
    spec = encoder.spec
    plan = ClipPlan(spec.frames, spec.fps, spec.size)
    until = max(until, plan.seconds)
    with Decoder(patience=PATIENCE) as decoder:
        decoded = decoder.decode(path, plan, end=until, thumbnails=False, on_progress=_deadline(called))
        frames = [clip.frames for clip in decoded if clip.frames is not None]
        outcome = decoder.outcome
    if frames:
        return np.stack(frames), outcome
    if outcome.code == "too-large":
        raise TooLarge(f"{called} has {outcome.reason}.", "Ask with a smaller one.")
    raise UnusableFile(
        f"{called} cannot be shown: {outcome.reason.removeprefix('not a video: ')}.",
        "Ask with a JPEG, PNG or WebP picture, or with a film.",
    )


def _deadline(called: str) -> OnProgress:
    began = time.monotonic()

    def check(_reached: float, _promised: float | None) -> None:
        if time.monotonic() - began > PATIENCE:
            raise TooLarge(f"{called} takes too long to decode.", "Ask with a shorter or smaller one.")

    return check
