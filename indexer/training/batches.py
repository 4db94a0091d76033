"""From examples to what one training step is fed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.training.sources import Example
from search.contracts import Float32, UInt8
from search.encoders.mini.vocabulary import Vocabulary
from search.encoders.text_tower import ascii_words

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips float32 `[V, T, S, S, 3]` in 0..1, word numbers int32 `[N, W]`, and which belong together `[V, N]`."""

    clips: Float32
    tokens: np.ndarray
    positives: Float32


def make_batch(
    examples: Sequence[Example], others: Sequence[str], vocabulary: Vocabulary, rng: np.random.Generator
) -> Batch:
    """One step's clips with all their captions, and `others`: sentences that speak of none of them."""
    clips = np.stack([vary(example.frames, mirrors(example), rng) for example in examples])
    texts = [caption for example in examples for caption in example.captions]
    owners = np.repeat(np.arange(len(examples)), [len(example.captions) for example in examples])
    owners = np.concatenate([owners, np.full(len(others), -1)])
    positives = (np.arange(len(examples))[:, None] == owners[None, :]).astype(np.float32)
    return Batch(clips, vocabulary.tokens([*texts, *others]), positives)


def mirrors(example: Example) -> bool:
    """Whether the captions stay true in a mirror: none speaks of left or right."""
    return not any(word.startswith(SIDES) for caption in example.captions for word in ascii_words(caption))


def vary(frames: UInt8, may_mirror: bool, rng: np.random.Generator) -> Float32:
    """One clip uint8 `[T, S, S, 3]` in another light, perhaps mirrored; float32 in 0..1."""
    gain = rng.uniform(0.85, 1.15) * rng.uniform(0.93, 1.07, size=3)
    offset = rng.uniform(-0.06, 0.06)
    levels = np.arange(256)[:, None] / 255.0
    light = np.clip((levels - 0.5) * gain + 0.5 + offset, 0.0, 1.0).astype(np.float32)
    if may_mirror and rng.random() < 0.5:
        frames = frames[:, :, ::-1]
    return np.stack([light[:, c][frames[..., c]] for c in range(3)], axis=-1)
