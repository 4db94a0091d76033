"""A picture of who is on screen when: a lane a character, time to the right. As SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import cv2
import numpy as np

from classifiers.screen_time import ScreenTime
from search.printing import clock

WIDTH, MARGIN, NAMES = 960, 16, 150
LANE, BAR, TITLE, SCALE = 22, 14, 26, 20
"""Heights in pixels: a lane, the bar in it, a film's title above its lanes and its time scale below."""
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
MOST_TICKS = 10
COLOURS = ("#3366aa", "#cc4444", "#2f8a3c", "#b3701d", "#7a52a8", "#2a8c93", "#b0477f", "#6b6b2a")
PALE, GREY, INK = "#eef0f3", "#777777", "#222222"


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text that begins at x; y is its baseline."""

    x: float
    y: float
    text: str
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Lanes:
    """A laid out picture: boxes first, words over them."""

    height: int
    boxes: list[Box]
    words: list[Words]


def lay_out(films: Sequence[tuple[str, ScreenTime]]) -> Lanes:
    """One block for each film (its title and its times), one below the other; a character keeps its colour."""
    lanes = Lanes(0, [], [])
    labels = sorted({one.label for _, told in films for one in told.characters})
    colours = {label: COLOURS[i % len(COLOURS)] for i, label in enumerate(labels)}
    y = MARGIN
    for title, told in films:
        lanes.words.append(Words(MARGIN, y + 14, f"{title}  {clock(told.duration)}"))
        y += TITLE
        scale = (WIDTH - 2 * MARGIN - NAMES) / max(told.duration, 1e-9)
        for one in told.characters:
            lanes.words.append(Words(MARGIN, y + 12, f"{one.label}  {one.share:.0%}"))
            lanes.boxes.append(Box(MARGIN + NAMES, y, told.duration * scale, BAR, PALE))
            for start, end in one.ranges:
                left = MARGIN + NAMES + start * scale
                lanes.boxes.append(Box(left, y, max(1.0, (end - start) * scale), BAR, colours[one.label]))
            y += LANE
        for second in _ticks(told.duration):
            lanes.words.append(Words(MARGIN + NAMES + second * scale, y + 8, clock(second), GREY))
        y += SCALE
    return Lanes(y + MARGIN, lanes.boxes, lanes.words)


def svg(lanes: Lanes) -> str:
    """A text that browsers and editors show as it is."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {lanes.height}" width="{WIDTH}"'
        f' height="{lanes.height}" font-family="sans-serif" font-size="12">'
    )
    boxes = [
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height}" fill="{box.colour}"/>'
        for box in lanes.boxes
    ]
    words = [
        f'<text x="{word.x:.1f}" y="{word.y:.1f}" fill="{word.colour}">{escape(word.text)}</text>'
        for word in lanes.words
    ]
    paper = f'<rect width="{WIDTH}" height="{lanes.height}" fill="white"/>'
    return "\n".join([head, paper, *boxes, *words, "</svg>\n"])


def png(lanes: Lanes) -> bytes:
    """At twice the size. Letters that OpenCV's font lacks become question marks."""
    picture = np.full((2 * lanes.height, 2 * WIDTH, 3), 255, np.uint8)
    for box in lanes.boxes:
        corner, opposite = (box.x, box.y), (box.x + box.width, box.y + box.height)
        cv2.rectangle(picture, _twice(corner), _twice(opposite), _bgr(box.colour), cv2.FILLED)
    for word in lanes.words:
        text = word.text.encode("ascii", "replace").decode()
        place = _twice((word.x, word.y))
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.75, _bgr(word.colour), 1, cv2.LINE_AA)
    return cv2.imencode(".png", picture)[1].tobytes()


def _ticks(duration: float) -> Sequence[int]:
    step = next((step for step in TICKS if duration / step <= MOST_TICKS), TICKS[-1])
    return range(0, int(duration) + 1, step)


def _twice(point: tuple[float, float]) -> tuple[int, int]:
    return round(2 * point[0]), round(2 * point[1])


def _bgr(colour: str) -> tuple[int, int, int]:
    return int(colour[5:7], 16), int(colour[3:5], 16), int(colour[1:3], 16)
