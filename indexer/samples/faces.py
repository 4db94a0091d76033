"""Faces: eyes, brows and a mouth that show an emotion, on a round head that can turn."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, pi, sin

import numpy as np

from indexer.samples.canvas import WHITE, Colour, Figure, mix

INK: Colour = (38, 30, 44)
MOUTH: Colour = (120, 34, 48)
TONGUE: Colour = (238, 116, 124)
TEAR: Colour = (112, 196, 250)
UPPER_ARC = np.linspace(pi, 2 * pi, 13).tolist()
DROP_ARC = np.linspace(-0.35, pi + 0.35, 12).tolist()


@dataclass(frozen=True, slots=True)
class Head:
    """A ball at (x, y) with half axes rx, ry; `turn` as in `Pose`."""

    x: float
    y: float
    rx: float
    ry: float
    turn: float = 0.0

    def at(self, u: float, v: float) -> tuple[float, float]:
        """The place of a spot on the front; u and v are -1..1 across and down the unturned head."""
        return self.x + self.rx * sin(asin(max(-1.0, min(1.0, u))) + self.turn), self.y + self.ry * v

    def facing(self, u: float) -> float:
        """How much a spot on the front faces the viewer: 1 fully, 0 sideways, negative not at all."""
        return cos(asin(max(-1.0, min(1.0, u))) + self.turn)

    def beside(self, u: float, v: float, depth: float = 0.0) -> tuple[float, float]:
        """The place of something that stands off the head: u across, `depth` towards the viewer, both in rx."""
        return self.x + self.rx * (u * cos(self.turn) + depth * sin(self.turn)), self.y + self.ry * v


@dataclass(frozen=True, slots=True)
class Feeling:
    """An emotion as measures of a face; lengths are in half heights of a head."""

    brow_lift: float
    brow_tilt: float
    """Positive draws the inner ends down."""
    eye: float
    pupil: float
    lid: float
    """How much of the eye the upper lid covers, 0..1."""
    mouth: tuple[float, float, float]
    """Half width, curve (positive smiles), opening."""
    blush: Colour | None = None
    blush_strength: float = 0.0


FEELINGS = {
    "happy": Feeling(0.06, 0.0, 1.0, 1.0, 0.0, (0.34, 0.2, 0.3), (255, 110, 120), 0.5),
    "sad": Feeling(0.0, -0.16, 0.95, 0.95, 0.3, (0.24, -0.17, 0.0)),
    "angry": Feeling(-0.1, 0.2, 0.95, 0.72, 0.22, (0.3, -0.13, 0.12), (230, 40, 30), 0.6),
    "surprised": Feeling(0.24, 0.0, 1.25, 0.72, 0.0, (0.15, 0.0, 0.42)),
    "scared": Feeling(0.18, -0.18, 1.22, 0.42, 0.0, (0.32, -0.06, 0.13), (120, 150, 255), 0.45),
    "neutral": Feeling(0.0, 0.0, 0.9, 1.0, 0.08, (0.17, 0.03, 0.0)),
}


@dataclass(frozen=True, slots=True)
class FacePlan:
    """Where a character's face sits on its head; u and v as in `Head.at`."""

    eye_u: float = 0.4
    eye_v: float = -0.08
    eye_size: float = 0.25
    mouth_v: float = 0.5
    mouth_size: float = 1.0


def draw_face(figure: Figure, head: Head, plan: FacePlan, emotion: str, seconds: float, skin: Colour) -> None:
    """Adds eyes, brows, mouth, and the tear or the sweat of `emotion`; `seconds` drives blinking and tears."""
    feeling = FEELINGS[emotion]
    if feeling.blush is not None:
        tone = mix(skin, feeling.blush, feeling.blush_strength)
        for u in (-0.68, 0.68):
            if head.facing(u) > 0.1:
                x, y = head.at(u, plan.mouth_v - 0.18)
                figure.oval(x, y, 0.15 * head.rx * head.facing(u) + 0.01, 0.11 * head.ry, tone)
    if head.facing(0) > -0.1:
        _mouth(figure, head, plan, emotion)
    for side in (-1, 1):
        if head.facing(side * plan.eye_u) > 0.12:
            _eye(figure, head, plan, feeling, side, lid=None if seconds % 2.7 > 2.6 else mix(skin, INK, 0.12))
    if emotion == "sad" and head.facing(plan.eye_u) > 0.12:
        drop = (seconds * 0.9) % 1
        x, y = head.at(plan.eye_u, plan.eye_v + plan.eye_size + 0.1 + 0.7 * drop)
        figure.add(_drop(x, y, 0.035 + 0.012 * drop), TEAR)
    if emotion == "scared" and head.facing(0.75) > 0.0:
        x, y = head.at(0.8, -0.45 + 0.25 * ((seconds * 0.7) % 1))
        figure.add(_drop(x, y, 0.045), TEAR)


def _eye(figure: Figure, head: Head, plan: FacePlan, feeling: Feeling, side: int, *, lid: Colour | None) -> None:
    """One eye with its brow; `lid` is the colour of its lid, None while it blinks."""
    u = side * plan.eye_u
    x, y = head.at(u, plan.eye_v)
    narrow = head.facing(u) / cos(asin(plan.eye_u))
    ry = plan.eye_size * head.ry * feeling.eye
    rx = 0.82 * ry * min(1.0, max(0.25, narrow))
    lift = y - ry - (0.1 + feeling.brow_lift) * head.ry
    tilt = -feeling.brow_tilt * head.ry * side
    if lid is None:
        figure.line([(x - rx, y), (x, y + 0.3 * ry), (x + rx, y)], 0.014, INK)
    else:
        figure.oval(x, y, rx + 0.009, ry + 0.009, INK)
        figure.oval(x, y, rx, ry, WHITE)
        gaze = 0.25 * rx * sin(head.turn) - 0.12 * rx * side
        px, py = x + gaze, y + 0.1 * ry
        figure.oval(px, py, 0.66 * rx * feeling.pupil, 0.66 * ry * feeling.pupil, INK)
        figure.oval(px - 0.2 * rx, py - 0.28 * ry, 0.24 * rx, 0.22 * ry, WHITE)
        if feeling.lid:
            figure.add(_lid(x, y, rx + 0.012, ry + 0.012, feeling, side), lid)
    if narrow > 0.5:  # seen from the side it would stand off the head
        brow = [(x - 1.15 * rx, lift - tilt), (x, lift - 0.06 * head.ry), (x + 1.15 * rx, lift + tilt)]
        figure.line(brow, 0.02, INK)


def _lid(x: float, y: float, rx: float, ry: float, feeling: Feeling, side: int) -> list[tuple[float, float]]:
    """The upper part of an eye, cut off along the brow's slope."""
    arc = [(x + rx * cos(a), y + ry * sin(a)) for a in UPPER_ARC]
    edge = y - ry + 2 * ry * feeling.lid
    slope = -feeling.brow_tilt * 1.6 * side
    return [(px, min(py, edge + slope * (px - x))) for px, py in arc]


def _mouth(figure: Figure, head: Head, plan: FacePlan, emotion: str) -> None:
    half, curve, opening = FEELINGS[emotion].mouth
    us = np.linspace(-half, half, 11) * plan.mouth_size
    bow = 1 - (us / us[-1]) ** 2
    middle = plan.mouth_v - curve * 0.5
    if emotion == "surprised":
        x, y = head.at(0, plan.mouth_v + 0.06)
        rx, ry = half * head.rx * plan.mouth_size * max(0.3, head.facing(0)), 0.5 * opening * head.ry
        figure.oval(x, y, rx + 0.01, ry + 0.01, INK)
        figure.oval(x, y, rx, ry, MOUTH)
        figure.oval(x, y + 0.45 * ry, 0.6 * rx, 0.4 * ry, TONGUE)
        return
    wave = 0.07 * np.sin(np.arange(11) * pi / 2 * 1.2) if emotion == "scared" else 0.0
    top = [head.at(u, middle + curve * b + w) for u, b, w in zip(us, bow, np.broadcast_to(wave, 11), strict=True)]
    if not opening:
        figure.line(top, 0.016, INK)
        return
    drop = opening * (bow if curve > 0 else np.minimum(1.0, bow * 2.5))
    low = [(x, y + d * head.ry) for (x, y), d in zip(top, drop, strict=True)]
    figure.add(top + low[::-1], MOUTH if curve > 0 else WHITE)
    if curve > 0:
        tongue = [(x, y - 0.3 * d * head.ry) for (x, y), d in zip(low[3:8], drop[3:8], strict=True)]
        figure.add(low[3:8] + tongue[::-1], TONGUE)
    else:  # clenched or chattering teeth
        for (x0, y0), (x1, y1) in zip(top[2:10:2], low[2:10:2], strict=True):
            figure.line([(x0, y0), (x1, y1)], 0.007, INK)
    figure.line([*top, *low[::-1], top[0]], 0.012, INK)


def _drop(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    round_part = [(x + radius * cos(a), y + radius * sin(a)) for a in DROP_ARC]
    return [*round_part, (x, y - 2 * radius)]
