"""A fast fake encoder: colours instead of meaning, NumPy instead of a network."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from search.contracts import EncoderSpec, Float32, UInt8
from search.errors import EncoderMismatch

COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "orange": (255, 128, 0),
    "purple": (128, 0, 128),
    "pink": (255, 150, 200),
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
}
OTHER = 4
"""Dimensions after the colours: spread of red, green and blue, and change from frame to frame."""
FAKE_SPEC = EncoderSpec(name="fake", fingerprint="fa4e" * 16, dim=len(COLOURS) + OTHER, frames=8, fps=5.0, size=32)
ANCHORS = np.array(list(COLOURS.values()), np.float32) / 255
NEARNESS = 0.35
"""How far, in RGB 0..1, a clip's mean colour still counts as a named one."""


class FakeEncoder:
    """A clip is the names of the colours near its mean; a sentence is the colours it names.

    So `red` finds the reddest clip, and any other word finds nothing in particular.
    """

    def __init__(self, spec: EncoderSpec = FAKE_SPEC) -> None:
        self.spec = spec

    def encode_clips(self, clips: UInt8) -> Float32:
        wanted = (self.spec.frames, self.spec.size, self.spec.size, 3)
        if clips.dtype != np.uint8 or clips.shape[1:] != wanted:
            raise EncoderMismatch(f"The fake encoder was given {clips.dtype} {clips.shape}.", "Fix the caller.")
        vectors = [self._encode_clip(clip) for clip in clips]
        return np.stack(vectors) if vectors else np.zeros((0, self.spec.dim), np.float32)

    def _encode_clip(self, clip: UInt8) -> Float32:
        frame_means = clip.reshape(len(clip), -1, 3).mean(axis=1, dtype=np.float64) / 255
        distance = np.linalg.norm(frame_means.mean(axis=0) - ANCHORS, axis=1)
        spread = clip.std(axis=(0, 1, 2), dtype=np.float64) / 255
        change = np.abs(np.diff(frame_means, axis=0)).mean()
        nearness = np.exp(-((distance / NEARNESS) ** 2))
        return np.concatenate([nearness, spread / 10, [change / 10]]).astype(np.float32)

    def encode_texts(self, texts: Sequence[str]) -> Float32:
        vectors = np.full((len(texts), self.spec.dim), 0.01, np.float32)
        names = list(COLOURS)
        for row, text in enumerate(texts):
            for word in words_of(text):
                if word in COLOURS:
                    vectors[row, names.index(word)] = 1.0
        return vectors

    def unknown_words(self, text: str) -> list[str]:
        return [word for word in words_of(text) if word not in COLOURS]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
