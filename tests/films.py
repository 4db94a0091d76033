"""Tiny films drawn on the spot: plain colours, H.264 in MP4."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from indexer.mp4 import write_mp4
from tests.fakes import COLOURS

RATE = 10
SIDE = 64


def draw_film(path: Path, *colours: str, seconds: float = 1.0) -> Path:
    """A film that shows each colour for so many seconds; old enough to count as complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [np.full((SIDE, SIDE, 3), COLOURS[colour], np.uint8) for colour in colours]
    frames = (picture for picture in pictures for _ in range(round(seconds * RATE)))
    write_mp4(path, frames, SIDE, SIDE, RATE)
    age(path)
    return path


def age(path: Path, seconds: float = 3600.0) -> None:
    """Makes a file look as if it had been written so long ago."""
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
