"""From examples to what one training step is fed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.scaling import scaled
from indexer.training.sources import Example
from indexer.training.twins import mirrored
from search.contracts import Float32, UInt8
from search.encoders.mini.vocabulary import Vocabulary

SMALLEST = 0.8
"""The least side of the part of a clip that is shown, in sides of the clip."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step is fed."""

    clips: Float32
    """`[V, T, S, S, 3]` in 0..1."""
    tokens: np.ndarray
    """Word numbers int32 `[N, W]`."""
    positives: Float32
    """0 or 1 `[V, N]`: which sentence speaks of which clip."""
    targets: Float32
    """`[V, D]`: where a teacher puts a clip; zeros where none does."""


def make_batch(
    examples: Sequence[Example],
    others: Sequence[str],
    vocabulary: Vocabulary,
    *,
    size: int,
    dim: int,
    rng: np.random.Generator,
) -> Batch:
    """One step's clips with all their captions, and `others`: sentences that speak of none of them.

    Every other clip that may be is seen in a mirror.
    """
    examples = [mirrored(it) if it.mirrors and rng.random() < 0.5 else it for it in examples]
    clips = np.stack([vary(example.frames, size, rng) for example in examples])
    texts = [caption for example in examples for caption in example.captions]
    others = [*others, *(caption for example in examples for caption in example.false)]
    owners = np.repeat(np.arange(len(examples)), [len(example.captions) for example in examples])
    owners = np.concatenate([owners, np.full(len(others), -1)])
    positives = (np.arange(len(examples))[:, None] == owners[None, :]).astype(np.float32)
    nothing = np.zeros(dim, np.float32)
    targets = np.stack([nothing if example.target is None else example.target for example in examples])
    return Batch(clips, vocabulary.tokens([*texts, *others]), positives, targets)


def vary(frames: UInt8, size: int, rng: np.random.Generator) -> Float32:
    """Most of a clip uint8 `[T, H, H, 3]` in another light: float32 `[T, size, size, 3]`, 0..1."""
    gain = rng.uniform(0.85, 1.15) * rng.uniform(0.93, 1.07, size=3)
    offset = rng.uniform(-0.06, 0.06)
    levels = np.arange(256)[:, None] / 255.0
    light = np.clip((levels - 0.5) * gain + 0.5 + offset, 0.0, 1.0).astype(np.float32)
    frames = resized(_crop(frames, rng), size)
    return np.stack([light[:, c][frames[..., c]] for c in range(3)], axis=-1)


def _crop(frames: UInt8, rng: np.random.Generator) -> UInt8:
    """The same square part of each frame."""
    whole = frames.shape[1]
    side = round(whole * rng.uniform(SMALLEST, 1.0))
    top, left = rng.integers(whole - side + 1, size=2)
    return frames[:, top : top + side, left : left + side]


def resized(frames: UInt8, size: int) -> UInt8:
    """uint8 `[T, H, H, 3]` to `[T, size, size, 3]`."""
    return np.stack([scaled(frame, size, size) for frame in frames])
