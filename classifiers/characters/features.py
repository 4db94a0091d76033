"""What a frozen network says of frames: a feature for each part that is looked at."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from classifiers.backbones import BUNDLED, open_backbone
from classifiers.characters.looks import cut_looks
from classifiers.characters.windows import WindowFeatures
from classifiers.scaling import scaled
from search.contracts import Float32, UInt8

View = Literal["whole", "looks", "windows"]
"""The frame squeezed into one square, as the tutorial has it; the squares of `looks.py`; those of `windows.py`."""
AT_ONCE = 8
"""Frames that the network sees together."""


class FeatureExtractor(Protocol):
    """A frozen network, and what it is shown of a frame."""

    def features(self, frames: UInt8) -> Float32:
        """RGB uint8 `[N, H, W, 3]`, N at least 1, to float32 `[N, K, dim]`; K = 1 for whole frames."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hexadecimal; of all that decides the features."""
        ...


def open_extractor(backbone: str, view: View) -> FeatureExtractor:
    """Raises what `open_backbone` raises; `windows` are those of the bundled backbone."""
    return WindowFeatures() if view == "windows" else BackboneFeatures(backbone, view)


def parts_view(backbone: str) -> View:
    """How the parts of a frame are looked at: only of the bundled backbone the blocks are known."""
    return "windows" if backbone.lower() == BUNDLED else "looks"


def frame_features(extractor: FeatureExtractor, frames: UInt8) -> Float32:
    """As `FeatureExtractor.features`, of any number of frames, of which few are in work at a time."""
    return np.concatenate(
        [extractor.features(frames[start : start + AT_ONCE]) for start in range(0, len(frames), AT_ONCE)]
    )


class BackboneFeatures:
    """A backbone of square pictures, shown the whole frame or squares of it."""

    def __init__(self, backbone: str, view: View) -> None:
        """Raises what `open_backbone` raises."""
        self._backbone = open_backbone(backbone)
        self._view = view

    def features(self, frames: UInt8) -> Float32:
        size = self._backbone.size
        if self._view == "looks":
            squares = cut_looks(frames, size)
        else:
            squares = np.stack([scaled(frame, size, size) for frame in frames])[:, None]
        features = self._backbone.features(squares.reshape(-1, size, size, 3))
        return features.reshape(len(frames), -1, self._backbone.dim)

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for weight in self._backbone.network.get_weights():
            digest.update(np.ascontiguousarray(weight).tobytes())
        return digest.hexdigest()[:32]
