"""What the Keras networks answer with weights carried over from PyTorch: `python -m tests.still_keras FOLDER`.

In a process of its own: TensorFlow and what PyTorch's optimizers load (triton) do not bear each other in one.
FOLDER holds `start.npz` and `asked.npz` (pictures float32 `[N, S, S, 3]`, tokens int32 `[M, W]`); `answers.npz` is
written beside them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from indexer.training.start import Start
from search.encoders.s3d import text_network, video_network
from tests.still_material import TINY


def answer(folder: Path) -> None:
    start, asked = Start.read(folder / "start.npz"), np.load(folder / "asked.npz")
    video, text = video_network(TINY), text_network(TINY, len(start.words))
    start.put_into(video, text)
    clips = np.repeat(asked["pictures"][:, None], TINY.frames, axis=1)
    places = np.asarray(video(clips, training=False)["video_embedding"])
    np.savez(folder / "answers.npz", places=places, vectors=np.asarray(text(asked["tokens"])))


if __name__ == "__main__":
    answer(Path(sys.argv[1]))
