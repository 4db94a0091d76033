"""What is known of a frame, drawn on it (pure)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from indexer.annotating.seen import Activity, Appearance, Face, Seen
from search.contracts import UInt8

Colour = tuple[int, int, int]
COLOURS: dict[str, Colour] = {
    "angry": (226, 74, 51),
    "scared": (148, 103, 189),
    "happy": (245, 190, 45),
    "sad": (70, 130, 220),
    "surprised": (60, 190, 170),
    "neutral": (170, 170, 170),
}
WHITE, DARK, DIM = (255, 255, 255), (24, 24, 24), (150, 150, 150)
HIGH = 360
"""Pixels of height at which letters have their natural size; they grow and shrink with the picture."""
SHADE = 0.55
"""How dark the ground under words is made, 0..1."""
MOST = 8
"""Characters that are listed."""


def annotate(picture: UInt8, seen: Seen, labels: Sequence[str]) -> UInt8:
    """A copy of RGB `[H, W, 3]` with the face's box and bars, the activity, and the characters on it.

    `labels` are those of the face's probabilities. Letters are ASCII; others become question marks.
    """
    page = np.ascontiguousarray(picture).copy()
    size = max(0.35, page.shape[0] / HIGH)
    if seen.face is not None:
        _draw_face(page, seen.face, labels, size)
    if seen.activity is not None:
        _draw_activity(page, seen.activity, size)
    if seen.characters:
        _draw_characters(page, seen.characters, size)
    return page


def _draw_face(page: UInt8, face: Face, labels: Sequence[str], size: float) -> None:
    height, width = page.shape[:2]
    best = int(face.probabilities.argmax())
    colour = COLOURS.get(labels[best], WHITE)
    corners = (
        (round(face.left * width), round(face.top * height)),
        (round(face.right * width), round(face.bottom * height)),
    )
    cv2.rectangle(page, *corners, colour, max(1, round(2 * size)), cv2.LINE_AA)
    line, bar = round(18 * size), round(90 * size)
    left, top = round(8 * size), height - len(labels) * line - round(8 * size)
    _shade(page, left, top, left + round(80 * size) + bar + round(46 * size), height - round(8 * size))
    for row, (label, share) in enumerate(zip(labels, face.probabilities.tolist(), strict=True)):
        base = top + row * line + round(13 * size)
        _write(page, label, (left + round(4 * size), base), size, WHITE if row == best else DIM)
        begin = left + round(80 * size)
        _fill(
            page, begin, base - round(9 * size), begin + max(1, round(bar * share)), base, COLOURS.get(label, WHITE)
        )
        _write(page, f"{share:.0%}", (begin + bar + round(6 * size), base), size, WHITE if row == best else DIM)


def _draw_activity(page: UInt8, activity: Activity, size: float) -> None:
    words = f"{activity.label} {activity.score:.0%}"
    margin = round(8 * size)
    _shade(page, margin, margin, 2 * margin + _width(words, size), margin + round(22 * size))
    _write(page, words, (margin + round(4 * size), margin + round(15 * size)), size, WHITE)


def _draw_characters(page: UInt8, characters: Sequence[Appearance], size: float) -> None:
    listed = sorted(characters, key=lambda one: (-one.seconds, one.label))[:MOST]
    words = [f"{one.label} {one.seconds:.1f} s" for one in listed]
    margin, line = round(8 * size), round(18 * size)
    left = page.shape[1] - margin - max(_width(each, size) for each in words) - round(12 * size)
    _shade(page, left, margin, page.shape[1] - margin, margin + line * len(words) + round(4 * size))
    for row, (one, each) in enumerate(zip(listed, words, strict=True)):
        _write(
            page,
            each,
            (left + round(6 * size), margin + line * row + round(14 * size)),
            size,
            WHITE if one.here else DIM,
        )


def _shade(page: UInt8, left: int, top: int, right: int, bottom: int) -> None:
    """Darkens a rectangle, or what of it is on the page."""
    part = page[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    part[:] = cv2.addWeighted(part, 1 - SHADE, np.full_like(part, DARK), SHADE, 0) if part.size else part


def _fill(page: UInt8, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
    page[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = colour


def _write(page: UInt8, words: str, place: tuple[int, int], size: float, colour: Colour) -> None:
    letters = words.encode("ascii", "replace").decode()
    cv2.putText(page, letters, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42 * size, colour, max(1, round(size)), cv2.LINE_AA)


def _width(words: str, size: float) -> int:
    return round(cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, 0.42 * size, max(1, round(size)))[0][0])
