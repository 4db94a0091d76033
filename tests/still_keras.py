"""What the Keras networks answer with weights carried over from PyTorch: `python -m tests.still_keras FOLDER`.

In a process of its own, so that TensorFlow and PyTorch do not meet in one.
FOLDER holds `start.npz` and `asked.npz` (pictures float32 `[N, S, S, 3]`, tokens int32 `[M, W]`); `answers.npz` is
written beside them.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexer.training.start import Start
from search.encoders.s3d import text_network, video_network
from tests.still_material import TINY


def answer(folder: Path) -> None:
    start, asked = Start.read(folder / "start.npz"), np.load(folder / "asked.npz")
    config = replace(TINY, size=asked["pictures"].shape[1])
    video, text = video_network(config), text_network(config, len(start.words))
    start.put_into(video, text)
    clips = np.repeat(asked["pictures"][:, None], config.frames, axis=1)
    places = np.asarray(video(clips, training=False)["video_embedding"])
    np.savez(folder / "answers.npz", places=places, vectors=np.asarray(text(asked["tokens"])))


if __name__ == "__main__":
    answer(Path(sys.argv[1]))
