"""Writing films that every browser plays: H.264 in MP4, yuv420p, its index in front."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from indexer.whole_file import whole_file

THREADS = 2
"""Fixed: another number of threads makes other bytes."""
ENCODER = {"crf": "20", "preset": "veryfast", "x264-params": "mbtree=0"}
"""Without x264's macroblock tree, as that makes other bytes from the same frames now and then."""


def write_mp4(path: Path, frames: Iterable[NDArray[np.uint8]], width: int, height: int, fps: int) -> None:
    """Writes RGB uint8 frames `[height, width, 3]` to `path`, `fps` a second; width and height are even.

    The film appears whole or not at all: it is written to `path` + `.part` and renamed. Equal frames give equal
    bytes. Raises DiskFull, or CannotGoOn where the folder does not take it.
    """
    with whole_file(path) as part:
        options = {"movflags": "+faststart"}
        with av.open(str(part), "w", format="mp4", options=options) as container:
            stream = container.add_stream("libx264", rate=fps, options=ENCODER)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.codec_context.thread_count = THREADS
            stream.codec_context.gop_size = 2 * fps  # a browser seeks to a key frame
            for frame in frames:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
            container.mux(stream.encode(None))
