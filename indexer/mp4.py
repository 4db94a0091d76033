"""Writing films that every browser plays: H.264 in MP4, yuv420p, its index in front."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from search.errors import CannotGoOn, DiskFull

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


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A `.part` beside `path` to write to; renamed to `path` in the end, removed if anything goes wrong.

    Raises DiskFull or CannotGoOn for what the system says about it.
    """
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    except OSError as error:  # av's errors of the file system are OSErrors, too
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"No space left to write {path}.", "Free some space, or choose another disk.") from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotGoOn(f"Cannot write {path}: {reason}.", "Choose a folder that you may write to.") from error
    finally:
        part.unlink(missing_ok=True)
