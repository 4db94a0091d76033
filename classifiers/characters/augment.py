"""Few labels become many: the same frames in other light, mirrored, cropped, and pasted into one another (pure)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from classifiers.scaling import scaled
from search.contracts import Float32, UInt8

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Strength:
    """How far a picture may be moved; standard deviations unless said otherwise."""

    gamma: float = 0.25
    """Of the logarithm."""
    light: float = 0.2
    """Of the logarithm of the gain."""
    tint: float = 0.12
    """Of the logarithm of each channel's gain: other paints, other film stock."""
    hue: float = 6.0
    """In degrees of OpenCV's circle of 180."""
    saturation: float = 0.3
    """Of the logarithm."""
    smallest_crop: float = 0.8
    """Share of height and width that is left at least."""
    pasted: float = 0.3
    """Share of the pictures that are pasted into one where nobody is."""


def augmented(
    pictures: UInt8, there: NDArray[np.float32], rng: Rng, strength: Strength = Strength()
) -> tuple[UInt8, Float32]:
    """One changed copy of each picture, uint8 `[N, H, W, 3]`, with who is on it then, float32 `[N, C]`.

    `there` may hold NaN for what is not known.
    """
    changed, labels = np.empty_like(pictures), there.copy()
    empty = np.flatnonzero((there == 0).all(axis=1))
    for row, picture in enumerate(pictures):
        view = mirrored(cropped(picture, rng, strength.smallest_crop), rng)
        if len(empty) and rng.random() < strength.pasted:
            view = pasted(pictures[rng.choice(empty)], view, rng)
        changed[row] = relit(view, rng, strength)
    return changed, labels


def relit(picture: UInt8, rng: Rng, strength: Strength) -> UInt8:
    """The same picture `[H, W, 3]` in other light and other paints."""
    levels = np.linspace(0, 1, 256) ** np.exp(rng.normal(0, strength.gamma))
    gains = np.exp(rng.normal(0, strength.light) + rng.normal(0, strength.tint, 3))
    curves = np.clip(255 * levels[:, None] * gains, 0, 255).astype(np.uint8)
    toned = np.stack([curves[picture[..., channel], channel] for channel in range(3)], axis=-1)
    hsv = cv2.cvtColor(toned, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.normal(0, strength.hue)) % 180
    hsv[..., 1] = np.minimum(255, hsv[..., 1] * np.exp(rng.normal(0, strength.saturation)))
    return np.asarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), np.uint8)


def mirrored(picture: UInt8, rng: Rng) -> UInt8:
    """Left and right changed, half of the time."""
    return np.ascontiguousarray(picture[:, ::-1]) if rng.random() < 0.5 else picture


def cropped(picture: UInt8, rng: Rng, smallest: float) -> UInt8:
    """A part of the picture, scaled to its size."""
    height, width = picture.shape[:2]
    share = rng.uniform(smallest, 1)
    high, wide = round(height * share), round(width * share)
    top, left = int(rng.integers(height - high + 1)), int(rng.integers(width - wide + 1))
    return scaled(picture[top : top + high, left : left + wide], width, height)


def pasted(background: UInt8, picture: UInt8, rng: Rng) -> UInt8:
    """The whole picture, smaller, somewhere on the background of the same size."""
    height, width = picture.shape[:2]
    share = rng.uniform(0.4, 0.8)
    high, wide = round(height * share), round(width * share)
    top, left = int(rng.integers(height - high + 1)), int(rng.integers(width - wide + 1))
    combined = background.copy()
    combined[top : top + high, left : left + wide] = scaled(picture, wide, high)
    return combined
