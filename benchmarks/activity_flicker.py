"""Label changes a minute of a `frames` model, with and without rolling prediction averaging.

    python -m benchmarks.activity_flicker MODEL FILM…

Every frame is scored, 25 a second, as in the tutorial; K is the number of frames that are averaged, the last ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from classifiers.activity.network import ActivityNetwork
from classifiers.smoothing import rolling_average
from indexer.decoding.clips import ClipPlan
from indexer.decoding.decode import Decoder
from search.contracts import Float32

FPS = 25.0
WINDOWS = (1, 128)


def frame_scores(film: Path, model: ActivityNetwork, decoder: Decoder) -> Float32:
    """Of every frame of the film, `[N, L]`."""
    look = model.look
    plan = ClipPlan(frames=64, fps=FPS, size=look.size, fit=look.fit)
    clips = list(decoder.decode(film, plan, thumbnails=False))
    frames = round(clips[-1].end * FPS)
    return np.concatenate([model.scores(clip.frames) for clip in clips])[:frames]


def changes_a_minute(scores: Float32, window: int) -> float:
    labels = rolling_average(scores, window, trailing=True).argmax(axis=1)
    return float((np.diff(labels) != 0).sum() / (len(labels) / FPS / 60))


def main(model: Path, films: list[Path]) -> None:
    network = ActivityNetwork(model)
    print("| film | seconds | " + " | ".join(f"K = {window}" for window in WINDOWS) + " | label |")
    print("| --- " * (3 + len(WINDOWS)) + "|")
    with Decoder() as decoder:
        for film in films:
            scores = frame_scores(film, network, decoder)
            label = network.spec.labels[int(scores.mean(axis=0).argmax())]
            changes = " | ".join(f"{changes_a_minute(scores, window):.1f}" for window in WINDOWS)
            print(f"| {film.stem} | {len(scores) / FPS:.0f} | {changes} | {label} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
