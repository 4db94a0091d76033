"""Finding faces in frames, with two of the frontal Haar cascades that OpenCV 4 brings (Viola and Jones, 2001)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.emotion.networks import SIZE
from classifiers.scaling import scaled
from search.contracts import UInt8
from search.errors import CannotGoOn

FINDS, CONFIRMS = "haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml"
"""The cookbook's cascade also sees faces in jugs and cars; another one, trained otherwise, rarely in the same."""
SCALE = 1.1
"""How much larger each size tried is, as in the cookbook."""
NEIGHBOURS = {FINDS: 5, CONFIRMS: 3}
"""How many overlapping finds make a face."""
SMALLEST = 1 / 8
"""The side of the smallest face, as a share of the frame's shorter side."""
LEAST = 24
"""Pixels below which a cascade finds nothing."""
SETTINGS = f"{NEIGHBOURS} {SCALE} {SMALLEST} {SIZE}"
"""What decides which faces are found."""


@dataclass(frozen=True, slots=True)
class Box:
    """A square in pixels of its frame."""

    left: int
    top: int
    side: int


def find_faces(frame: UInt8) -> list[tuple[Box, UInt8]]:
    """The faces of an RGB frame `[H, W, 3]`, the largest first, each with its grey picture `[48, 48]`.

    Raises CannotGoOn where OpenCV has no cascades.
    """
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY)
    found = _search(FINDS, grey, round(min(grey.shape) * SMALLEST))
    boxes = sorted(found, key=lambda box: (-box.side, box.top, box.left))
    return [(box, _picture(grey, box)) for box in boxes if _confirmed(grey, box)]


def _search(name: str, grey: Any, smallest: int) -> list[Box]:
    least = max(LEAST, smallest)
    found = _cascade(name).detectMultiScale(grey, SCALE, NEIGHBOURS[name], minSize=(least, least))
    return [Box(*map(int, square[:3])) for square in found]


def _confirmed(grey: Any, box: Box) -> bool:
    """Whether the other cascade finds a face of about that size thereabouts."""
    around = box.side // 4
    top, left = max(0, box.top - around), max(0, box.left - around)
    near = grey[top : box.top + box.side + around, left : box.left + box.side + around]
    return bool(_search(CONFIRMS, np.ascontiguousarray(near), round(box.side * 0.6)))


def _picture(grey: Any, box: Box) -> UInt8:
    return scaled(grey[box.top : box.top + box.side, box.left : box.left + box.side], SIZE, SIZE)


@cache
def _cascade(name: str) -> Any:
    import cv2

    if not hasattr(cv2, "CascadeClassifier"):
        raise CannotGoOn(
            f"OpenCV {cv2.__version__} has no Haar cascades, so no faces can be found.",
            "Install opencv-python 4 (`pip install 'opencv-python<5'`), or index with --no-emotion.",
        )
    from cv2 import data

    cascade = cv2.CascadeClassifier(str(Path(data.haarcascades) / name))
    if cascade.empty():
        raise CannotGoOn(f"OpenCV cannot read its {name}.", "Install opencv-python again.")
    return cascade
