"""Training clips made of pictures: a camera moves over each, or stands still.

A folder of pictures holds `pixels.npy` (RGB uint8 `[N, H, H, 3]`), `captions.json` (for each picture a list of
sentences, empty for some) and optionally `targets.npy` (`[N, D]`, where a teacher puts each picture).
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from indexer.training.sources import Example
from search.contracts import Float32, UInt8
from search.encoders.s3d import S3DConfig
from search.errors import UsageError

STILL = 0.3
"""Share of the clips whose camera does not move."""
SMALLEST = 0.6
"""The least side of what the camera sees, in picture sides."""


class MovingPictures:
    """Clips of a folder of pictures."""

    def __init__(self, config: S3DConfig, folder: Path, captions: int = 4) -> None:
        """Raises UsageError when the folder is not as the module says."""
        self._config, self._captions = config, captions
        try:
            self._pixels: UInt8 = np.load(folder / "pixels.npy", mmap_mode="r")
            self._sentences: list[list[str]] = json.loads((folder / "captions.json").read_text("utf-8"))
            targets = folder / "targets.npy"
            self._targets: Float32 | None = np.load(targets, mmap_mode="r") if targets.exists() else None
        except (OSError, ValueError, EOFError) as error:
            raise UsageError(f"{folder} is no folder of pictures: {error}.", _CURE) from error
        files = [self._pixels, self._sentences, *([] if self._targets is None else [self._targets])]
        if len({len(file) for file in files}) > 1:
            raise UsageError(f"The files in {folder} do not speak of the same number of pictures.", _CURE)
        self._described = np.flatnonzero([bool(sentences) for sentences in self._sentences])
        if not len(self._described):
            raise UsageError(f"No picture in {folder} has a sentence.", _CURE)

    def caption(self, rng: np.random.Generator) -> str:
        return str(rng.choice(self._sentences[int(rng.choice(self._described))]))

    def example(self, rng: np.random.Generator) -> Example:
        """One picture in two is one that captions speak of."""
        number = int(rng.choice(self._described) if rng.random() < 0.5 else rng.integers(len(self._pixels)))
        sentences = self._sentences[number]
        told = () if not sentences else tuple(str(s) for s in rng.choice(sentences, self._captions))
        target = None if self._targets is None else np.asarray(self._targets[number], np.float32)
        return Example(moving_clip(self._pixels[number], self._config, rng), told, (), target)


def moving_clip(picture: UInt8, config: S3DConfig, rng: np.random.Generator) -> UInt8:
    """A camera goes from one part of a picture `[H, H, 3]` to another, in even steps; uint8 `[T, S, S, 3]`."""
    start, end = _view(rng), _view(rng)
    if rng.random() < STILL:
        end = start
    progress = np.linspace(0.0, 1.0, config.frames)[:, None]
    side = picture.shape[0]
    frames = np.empty((config.frames, config.size, config.size, 3), np.uint8)
    for frame, (left, top, width) in zip(frames, side * (start + progress * (end - start)), strict=True):
        scale = config.size / width
        moved = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]])
        cv2.warpAffine(picture, moved, (config.size, config.size), dst=frame, flags=cv2.INTER_LINEAR)
    return frames


def _view(rng: np.random.Generator) -> np.ndarray:
    """Left, top and side of a square within the unit square, float64 `[3]`."""
    side = rng.uniform(SMALLEST, 1.0)
    return np.array([*rng.uniform(0, 1 - side, 2), side])


_CURE = "It must hold pixels.npy, captions.json and perhaps targets.npy, in the same order."
