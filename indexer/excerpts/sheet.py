"""Several pictures side by side as one, each with a line of words below it (pure, but for the last function)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from classifiers.scaling import scaled
from indexer.pictures.picture_files import decoded, encoded
from indexer.whole_file import whole_file
from search.contracts import UInt8
from search.errors import UsageError

GAP, CAPTION = 8, 26
"""Pixels between pictures, and of the line below each."""
PAPER, INK = 255, (40, 40, 40)
EMPTY = np.full((180, 320, 3), 128, np.uint8)
SUFFIXES = (".jpeg", ".jpg", ".png")


def sheet(
    pictures: Sequence[UInt8], captions: Sequence[str], *, width: int = 240, columns: int | None = None
) -> UInt8:
    """RGB `[H, W, 3]`: pictures of any sizes, at least one, each `width` pixels wide with its caption below.

    `columns` in a row, by default so many that the sheet is a little wider than high.
    """
    cells = [_cell(picture, caption, width) for picture, caption in zip(pictures, captions, strict=True)]
    columns = min(columns or math.ceil(math.sqrt(len(cells) * 1.8)), len(cells))
    rows = [cells[at : at + columns] for at in range(0, len(cells), columns)]
    heights = [max(cell.shape[0] for cell in row) for row in rows]
    whole = (GAP + sum(height + GAP for height in heights), GAP + columns * (width + GAP), 3)
    page = np.full(whole, PAPER, np.uint8)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            left = GAP + column * (width + GAP)
            page[top : top + cell.shape[0], left : left + width] = cell
        top += height + GAP
    return page


def picture_of(jpeg: bytes | None) -> UInt8:
    """RGB `[H, W, 3]` of a thumbnail; a grey one where there is none."""
    found = decoded(np.frombuffer(jpeg or b"", np.uint8))
    return EMPTY if found is None else found


def require_picture(path: Path) -> None:
    """Raises UsageError for a suffix that no picture is written with."""
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{path.name} is no picture that can be written.", f"End it in {', '.join(SUFFIXES)}.")


def write_sheet(path: Path, picture: UInt8) -> None:
    """Writes a PNG or JPEG, whole or not at all. Raises UsageError for another suffix, DiskFull, CannotGoOn."""
    require_picture(path)
    with whole_file(path) as part:
        part.write_bytes(encoded(picture, path.suffix.lower()))


def _cell(picture: UInt8, caption: str, width: int) -> UInt8:
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    cell = np.full((height + CAPTION, width, 3), PAPER, np.uint8)
    cell[:height] = scaled(picture, width, height)
    words = caption.encode("ascii", "replace").decode()  # OpenCV's letters are ASCII
    cv2.putText(cell, words, (2, height + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.45, INK, 1, cv2.LINE_AA)
    return cell
