"""Many small pictures on one sheet, in rows, each in a cell of one size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from indexer.pictures.picture_files import decoded, encoded

CELL = 160, 90
"""Width and height in pixels."""
QUALITY = 60
"""Of 100; a cell is seen for a moment, under a finger or a mouse."""


def sprite_sheet(jpegs: Sequence[bytes], columns: int) -> bytes:
    """A JPEG of JPEGs, at least one, row by row; each keeps its shape, and what cannot be read stays black."""
    width, height = CELL
    sheet = np.zeros((height * math.ceil(len(jpegs) / columns), width * columns, 3), np.uint8)
    for number, jpeg in enumerate(jpegs):
        row, column = divmod(number, columns)
        _paint(sheet[row * height : (row + 1) * height, column * width : (column + 1) * width], jpeg)
    return encoded(sheet, quality=QUALITY)


def _paint(cell: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], jpeg: bytes) -> None:
    picture = decoded(np.frombuffer(jpeg, np.uint8))
    if picture is None:
        return
    share = min(cell.shape[1] / picture.shape[1], cell.shape[0] / picture.shape[0])
    width, height = (max(1, round(side * share)) for side in (picture.shape[1], picture.shape[0]))
    left, top = (cell.shape[1] - width) // 2, (cell.shape[0] - height) // 2
    cell[top : top + height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
