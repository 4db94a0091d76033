"""What tells one animal from another: ears, noses and tails, drawn on a turned head or body."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import pi, sin

import numpy as np

from indexer.samples.canvas import WHITE, Colour, Figure, box, capsule, mix, shade
from indexer.samples.faces import INK, Head

Feature = Callable[[Figure, Head, Colour, Colour, float], None]
"""Adds shapes to a figure: head (or body), its colour, the accent colour, seconds for what moves by itself."""


def no_feature(_figure: Figure, _head: Head, _colour: Colour, _accent: Colour, _seconds: float) -> None:
    """Nothing: a robot has no tail."""


def floppy_ears(figure: Figure, head: Head, _colour: Colour, accent: Colour, seconds: float) -> None:
    for side in (-1, 1):
        x, y = head.beside(0.98 * side, -0.05)
        figure.oval(x, y, 0.075, 0.165, accent, -0.25 * side + 0.08 * sin(5 * seconds), outlined=True)


def pointed_ears(figure: Figure, head: Head, colour: Colour, accent: Colour, _seconds: float) -> None:
    for side in (-1, 1):
        root, tip, end = (head.beside(u * side, v) for u, v in ((0.95, -0.35), (0.86, -1.5), (0.2, -0.85)))
        figure.add([root, tip, end], colour, outlined=True)
        if head.facing(0) > 0:
            figure.add([_between(p, (root, tip, end), 0.42) for p in (root, tip, end)], accent)


def long_ears(figure: Figure, head: Head, colour: Colour, accent: Colour, seconds: float) -> None:
    for side in (-1, 1):
        x, y = head.beside(0.42 * side, -1.55)
        sway = 0.16 * side + 0.07 * sin(4 * seconds + side)
        figure.oval(x, y, 0.075, 0.23, colour, sway, outlined=True)
        if head.facing(0) > 0:
            figure.oval(x, y + 0.02, 0.035, 0.16, accent, sway)


def folded_ears(figure: Figure, head: Head, colour: Colour, accent: Colour, _seconds: float) -> None:
    for side in (-1, 1):
        corners = [head.beside(u * side, v) for u, v in ((0.9, -0.42), (1.12, -0.78), (0.8, -1.18), (0.3, -0.92))]
        figure.add(corners, colour, outlined=True)
        figure.add([_between(p, tuple(corners), 0.4) for p in corners], accent)


def bulging_eyes(figure: Figure, head: Head, colour: Colour, _accent: Colour, _seconds: float) -> None:
    for side in (-1, 1):
        x, y = head.beside(0.5 * side, -0.72, 0.3)
        figure.oval(x, y, 0.115, 0.125, colour, outlined=True)


def antenna(figure: Figure, head: Head, colour: Colour, accent: Colour, seconds: float) -> None:
    x, y = head.beside(0.0, -1.0)
    sway = 0.02 * sin(9 * seconds)
    figure.add(capsule((x, y), (x + sway, y - 0.15), 0.016, 0.016), shade(colour, -0.3), outlined=True)
    lit = mix(accent, WHITE, 0.35 if seconds % 1 < 0.5 else 0.0)
    figure.oval(x + sway, y - 0.17, 0.042, 0.042, lit, outlined=True)
    for side in (-1, 1):
        x, y = head.beside(1.05 * side, 0.0)
        figure.add(box(x, y, 0.035, 0.07, 0.02), shade(colour, -0.25), outlined=True)


def tuft(figure: Figure, head: Head, colour: Colour, _accent: Colour, seconds: float) -> None:
    x, y = head.beside(0.0, -0.95)
    for angle in (-0.5, 0.0, 0.5):
        lean = angle + 0.15 * sin(6 * seconds)
        figure.oval(x + 0.09 * sin(lean), y - 0.06, 0.025, 0.075, colour, lean, outlined=True)


def muzzle(figure: Figure, head: Head, colour: Colour, _accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.42)
    figure.oval(x, y, 0.56 * head.rx, 0.44 * head.ry, shade(colour, 0.55))
    x, y = head.at(0.0, 0.16)
    figure.oval(x, y, 0.055, 0.04, INK)
    figure.oval(x - 0.015, y - 0.014, 0.014, 0.009, WHITE)


def whiskers(figure: Figure, head: Head, colour: Colour, accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.2)
    figure.add([(x - 0.034, y - 0.02), (x + 0.034, y - 0.02), (x, y + 0.025)], accent)
    for side in (-1, 1):
        for tilt in (-0.03, 0.02):
            x, y = head.at(0.62 * side, 0.3)
            figure.add(capsule((x, y + tilt), (x + 0.14 * side, y + 2 * tilt), 0.005, 0.004), shade(colour, -0.6))
    for u in (-0.2, 0.0, 0.2):
        x, y = head.at(u, -0.74)
        figure.add(capsule((x, y - 0.035), (x, y + 0.035), 0.014, 0.009), shade(colour, -0.32))


def small_nose(figure: Figure, head: Head, _colour: Colour, accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.2)
    figure.oval(x, y, 0.034, 0.025, accent)
    x, y = head.at(0.0, 0.66)
    figure.add(box(x, y, 0.035, 0.035, 0.01), WHITE)


def snout(figure: Figure, head: Head, colour: Colour, _accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.18)
    figure.oval(x, y, 0.105, 0.07, shade(colour, -0.3))
    figure.oval(x, y - 0.004, 0.096, 0.062, shade(colour, -0.1))
    for side in (-1, 1):
        figure.oval(x + 0.035 * side, y, 0.016, 0.026, shade(colour, -0.5))


def beak(figure: Figure, head: Head, _colour: Colour, accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.16)
    forward = 0.05 * sin(head.turn)
    figure.add([(x - 0.08, y - 0.015), (x, y - 0.055), (x + 0.08, y - 0.015), (x + forward, y + 0.07)], accent)
    figure.add([(x - 0.08, y - 0.015), (x + 0.08, y - 0.015), (x + forward, y + 0.012)], shade(accent, 0.35))


def white_face(figure: Figure, head: Head, colour: Colour, accent: Colour, seconds: float) -> None:
    if head.facing(0) > 0.15:
        for u in (-0.36, 0.36):
            x, y = head.at(u, 0.05)
            figure.oval(x, y, 0.46 * head.rx * max(0.3, head.facing(u)), 0.6 * head.ry, (246, 246, 250))
        x, y = head.at(0.0, 0.4)
        figure.oval(x, y, 0.6 * head.rx * head.facing(0), 0.5 * head.ry, (246, 246, 250))
    beak(figure, head, colour, accent, seconds)


def screen(figure: Figure, head: Head, colour: Colour, _accent: Colour, _seconds: float) -> None:
    x, y = head.at(0.0, 0.08)
    figure.add(box(x, y, 0.82 * head.rx * max(0.2, head.facing(0)), 0.72 * head.ry, 0.06), shade(colour, 0.62))


def wagging_tail(figure: Figure, body: Head, colour: Colour, _accent: Colour, seconds: float) -> None:
    x, y = body.beside(0.35, 0.35, -0.9)
    wag = 0.1 * sin(11 * seconds)
    figure.add(capsule((x, y), (x + 0.17, y - 0.22 + wag), 0.042, 0.03), colour, outlined=True)


def curling_tail(figure: Figure, body: Head, colour: Colour, _accent: Colour, seconds: float) -> None:
    x, y = body.beside(0.4, 0.5, -0.9)
    turns = np.linspace(0, 1, 9)
    bend = 0.06 * np.sin(3 * seconds + 4 * turns) * turns
    spine = np.stack([x + 0.27 * np.sin(turns * pi * 0.62) + bend, y - 0.42 * turns**1.6], axis=1)
    for start, end in pairwise(spine.tolist()):
        figure.add(capsule(start, end, 0.034, 0.034), colour, outlined=True)


def puff_tail(figure: Figure, body: Head, colour: Colour, _accent: Colour, _seconds: float) -> None:
    x, y = body.beside(0.0, 0.6, -0.95)
    figure.oval(x, y, 0.085, 0.08, shade(colour, 0.5), outlined=True)


def ringlet_tail(figure: Figure, body: Head, colour: Colour, _accent: Colour, seconds: float) -> None:
    x, y = body.beside(0.5, 0.2, -0.95)
    turns = np.linspace(0, 1, 10)
    spine = np.stack(
        [x + 0.16 * turns + 0.02 * np.sin(12 * turns), y - 0.05 * np.sin(12 * turns + 3 * seconds)], axis=1
    )
    for start, end in pairwise(spine.tolist()):
        figure.add(capsule(start, end, 0.016, 0.016), shade(colour, -0.12), outlined=True)


def _between(
    point: tuple[float, float], corners: tuple[tuple[float, float], ...], share: float
) -> tuple[float, float]:
    """`point` moved towards the middle of `corners` by `share`."""
    x = sum(corner[0] for corner in corners) / len(corners)
    y = sum(corner[1] for corner in corners) / len(corners)
    return point[0] + (x - point[0]) * share, point[1] + (y - point[1]) * share
