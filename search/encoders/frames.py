"""Models of pictures as encoders of clips: each frame is encoded by itself, and a clip is the mean of its frames.

So CLIP finds film without being trained on film ("mean pooling" in arXiv 2104.08860, Luo et al., 2021). It sees who
and where, and hardly which way something moves.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from search.contracts import EncoderSpec, Float32, UInt8
from search.directions import unit
from search.encoders.clip_shape import require_clips
from search.encoders.notes import Notes
from search.encoders.signatures import FETCH_AGAIN, first_line
from search.errors import EncoderMismatch, ModelUnavailable, VsearchError

FRAMES, FPS = 8, 2.5
"""8 frames, as the published figures of averaged frames have it, over 3.2 seconds: the length of an S3D clip, so that
libraries of different encoders cut a film at the same places."""
PIXELS_AT_ONCE = 1 << 21
"""About 40 frames of 224 x 224."""
TEXTS_AT_ONCE = 64


class FrameEncoder(ABC):
    """An encoder from a model of pictures and sentences; safe to use from several threads.

    Opening one is cheap: what the spec says is noted beside the models, and the model is loaded when first run.
    """

    runtime: ClassVar[str]
    """What runs it, for cards."""
    normalise = True
    """Whether vectors have length 1."""

    def __init__(self, name: str, models: Path) -> None:
        """`name` is the whole one, as it stands in a library; `models` is where notes are kept."""
        self.name = name
        self._notes = Notes(name, models)

    @cached_property
    def spec(self) -> EncoderSpec:
        """Loads the model the first time it is met, and again when its files have changed."""
        known = self._notes.read(self.local_files() or None)
        if set(known) != {field.name for field in fields(EncoderSpec)}:
            frames, fps, size = self._sampling()
            dim = self._answer(self._encode_texts, [""]).shape[1]
            known = asdict(EncoderSpec(self.name, self.compute_fingerprint(), dim, frames, fps, size))
            self._notes.write(self.files(), known)
        return EncoderSpec(**known)

    @property
    def is_here(self) -> bool:
        """Whether it can be run without a download, as far as is known without loading it."""
        return bool(self.local_files() or self._notes.read())

    @abstractmethod
    def local_files(self) -> list[Path]:
        """The files that decide its vectors, where a person named them; empty for a published model."""

    def files(self) -> list[Path]:
        """The files that decide its vectors. Raises ModelUnavailable when they cannot be had."""
        return self.local_files()

    @abstractmethod
    def compute_fingerprint(self) -> str:
        """The fingerprint, from the weights as they are now, whatever is noted."""

    @abstractmethod
    def _sampling(self) -> tuple[int, float, int]:
        """Frames a clip, frames a second, and their height and width in pixels."""

    @abstractmethod
    def _encode_frames(self, frames: UInt8) -> Float32:
        """RGB uint8 `[B, size, size, 3]` to float32 `[B, dim]`."""

    @abstractmethod
    def _encode_texts(self, texts: list[str]) -> Float32:
        """B sentences of valid Unicode to float32 `[B, dim]`."""

    def encode_clips(self, clips: UInt8) -> Float32:
        """RGB uint8 `[N, frames, size, size, 3]` to float32 `[N, dim]`, some frames at a time.

        Raises EncoderMismatch for another shape or dtype, ModelUnavailable when the model cannot be run.
        """
        spec = self.spec
        require_clips(clips, spec)
        frames = clips.reshape(-1, *clips.shape[2:])
        vectors = self._run(self._encode_frames, frames, max(1, PIXELS_AT_ONCE // spec.size**2))
        mean: Float32 = vectors.reshape(len(clips), spec.frames, spec.dim).mean(axis=1, dtype=np.float32)
        return unit(mean) if self.normalise else mean

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        """N sentences to float32 `[N, dim]`. Raises ModelUnavailable when the model cannot be run."""
        valid = [text.encode("utf-8", "ignore").decode() for text in texts]
        return self._run(self._encode_texts, valid, TEXTS_AT_ONCE)

    def unknown_words(self, text: str) -> list[str]:
        """None: a tokenizer of word pieces takes any word apart into known ones."""
        return []

    def _run(self, encode: Callable[[Any], Float32], items: Any, at_once: int) -> Float32:
        dim = self.spec.dim
        starts = range(0, len(items), at_once)
        vectors = [self._answer(encode, items[start : start + at_once]) for start in starts]
        if any(part.shape[1] != dim for part in vectors):
            raise EncoderMismatch(
                f"{self.name} answers vectors of {vectors[0].shape[1]} numbers, not of {dim}.",
                "Pictures and sentences must become vectors of one length: export the model again.",
            )
        return np.concatenate(vectors) if vectors else np.zeros((0, dim), np.float32)

    def _answer(self, encode: Callable[[Any], Float32], batch: Any) -> Float32:
        """One vector for each of the batch, float32 `[B, D]`. Raises ModelUnavailable for anything else."""
        try:
            vectors = np.asarray(encode(batch), np.float32)
        except VsearchError:
            raise
        except Exception as error:  # each runtime has errors of its own
            raise ModelUnavailable(f"{self.name} failed: {first_line(error)}.", FETCH_AGAIN) from error
        if vectors.ndim != 2 or len(vectors) != len(batch) or not np.isfinite(vectors).all():
            raise ModelUnavailable(
                f"{self.name} does not answer one vector of finite numbers for each of {len(batch)}, but "
                f"{list(vectors.shape)}.",
                FETCH_AGAIN,
            )
        return unit(vectors) if self.normalise else vectors


def normalise_pixels(frames: UInt8, mean: Sequence[float], std: Sequence[float]) -> Float32:
    """RGB uint8 `[B, S, S, 3]` to float32 of the same shape: 0..1, less the mean, over the standard deviation."""
    scale: Float32 = np.reciprocal(np.multiply(255, std, dtype=np.float32))
    shift: Float32 = np.divide(mean, std, dtype=np.float32)
    pixels: Float32 = np.multiply(frames, scale, dtype=np.float32) - shift
    return pixels
