"""In-between frames by the network of TF Hub: 14 of them, 64 x 64 pixels (Li et al., arXiv 1905.10240).

It was trained on a robot's arm that pushes things about, and is of little use for anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from classifiers.scaling import scaled
from search.contracts import UInt8
from search.encoders.default_signature import DefaultSignature, folder_of, load_default
from search.settings import Settings

HANDLE = "https://tfhub.dev/google/tweening_conv3d_bair/1"
SIDE, FRAMES = 64, 14


class HubTweening:
    """Two frames to those between them, as `flow.between` does, but 64 x 64 pixels and at 14 times only."""

    def __init__(self, model: DefaultSignature) -> None:
        self._model = model

    def __call__(self, first: UInt8, second: UInt8, times: Sequence[float]) -> Iterator[UInt8]:
        """RGB uint8 `[64, 64, 3]`, the middle square of frames `[H, W, 3]`, nearest to each time 0..1.

        Raises ModelUnavailable.
        """
        ends = np.stack([middle_square(first), middle_square(second)])
        # The published module takes 16 pairs and no other number.
        batch = np.repeat(ends[None].astype(np.float32), self._model.batch or 1, axis=0)
        answer = self._model(batch, (FRAMES, SIDE, SIDE, 3))[0]
        row = [ends[0], *np.clip(answer + 0.5, 0, 255).astype(np.uint8), ends[1]]
        for time in times:
            yield row[round(min(max(time, 0.0), 1.0) * (FRAMES + 1))]


def middle_square(frame: UInt8) -> UInt8:
    """`[H, W, 3]` to `[64, 64, 3]`."""
    side = min(frame.shape[:2])
    top, left = (frame.shape[0] - side) // 2, (frame.shape[1] - side) // 2
    return scaled(np.ascontiguousarray(frame[top : top + side, left : left + side]), SIDE, SIDE)


def open_hub(settings: Settings) -> HubTweening:
    """The model in the cache, else it is fetched. Raises ModelUnavailable, DiskFull."""
    cure = "Connect this machine, set VSEARCH_HUB to a mirror, or use `--method flow`."
    return HubTweening(load_default(folder_of(HANDLE, settings, "tweening", cure)))
