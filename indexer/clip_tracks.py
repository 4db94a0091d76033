"""What is said of clips that lie as their shots do, as a track of even rows (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from search.catalog.records import Track


def even_track(track: Track, spans: Sequence[tuple[float, float]], step: float) -> Track:
    """A track with a row for each clip, as one with a row every `step` seconds.

    `spans`: start and end of the clips, in seconds, in the order of time. A row says the mean of what is said of the
    clips that show its middle; every clip counts in one row at least.
    """
    if not spans:
        return replace(track, step=step, span=step)
    count = max(1, int(np.ceil(spans[-1][1] / step - 1e-6)))
    sums = np.zeros((count, len(track.labels)), np.float32)
    clips = np.zeros(count, np.int64)
    for (start, end), scores in zip(spans, track.scores, strict=True):
        first = min(int(np.ceil(start / step - 0.5)), count - 1)
        rows = slice(first, max(first + 1, int(np.ceil(end / step - 0.5))))
        sums[rows] += scores
        clips[rows] += 1
    # Only the last row can be without a clip: where its middle lies behind the film.
    told = np.maximum.accumulate(np.where(clips > 0, np.arange(count), 0))
    means = (sums[told] / clips[told][:, None]).astype(np.float32)
    return replace(track, step=step, span=step, scores=means)
