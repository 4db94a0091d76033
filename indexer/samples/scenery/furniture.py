"""Indoors: walls, windows, floors and what stands on them."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.samples.canvas import Canvas, Colour, box, capsule, mix, shade
from indexer.samples.scenery.palette import BLOSSOM, SKY, WIDE, Rng, pick


def wallpaper(canvas: Canvas, colour: Colour) -> None:
    canvas.box(-WIDE, -0.1, WIDE, 1.1, colour)
    for x in np.arange(-WIDE, WIDE, 0.16):
        canvas.box(x, -0.1, x + 0.07, 1.1, shade(colour, 0.25))


def window(canvas: Canvas, rng: Rng, x: float, y: float, light: str) -> None:
    plain = Canvas(canvas.pixels, canvas.matrix)
    top, low = SKY[light]
    canvas.box(x - 0.21, y - 0.21, x + 0.21, y + 0.21, (250, 246, 238))
    for k in range(8):
        plain.box(x - 0.185, y - 0.185 + 0.04625 * k, x + 0.185, y - 0.138 + 0.04625 * k, mix(top, low, k / 7))
    if light == "night":
        plain.oval(x + rng.uniform(-0.1, 0.1), y - 0.08, 0.03, 0.03, (248, 244, 220))
    else:
        plain.oval(x - 0.07, y + 0.08, 0.05, 0.02, shade(low, 0.5))
        plain.oval(x + 0.06, y - 0.02, 0.06, 0.02, shade(low, 0.5))
    canvas.box(x - 0.009, y - 0.19, x + 0.009, y + 0.19, (250, 246, 238))
    canvas.box(x - 0.19, y - 0.009, x + 0.19, y + 0.009, (250, 246, 238))
    curtain = pick(rng, ((214, 96, 92), (92, 142, 168), (240, 190, 90), (146, 116, 176)))
    for side in (-1, 1):
        canvas.shape([(x + 0.25 * side, y - 0.24), (x + 0.1 * side, y - 0.24), (x + 0.17 * side, y + 0.05),
                      (x + 0.15 * side, y + 0.26), (x + 0.26 * side, y + 0.26)], curtain)  # fmt: skip
    canvas.line([(x - 0.28, y - 0.24), (x + 0.28, y - 0.24)], 0.014, (140, 96, 66))


def picture(canvas: Canvas, rng: Rng, x: float, y: float) -> None:
    canvas.box(x - 0.09, y - 0.075, x + 0.09, y + 0.075, (150, 104, 70))
    canvas.box(x - 0.075, y - 0.06, x + 0.075, y + 0.06, (244, 238, 222))
    canvas.convex([(x - 0.07, y + 0.055), (x - 0.01, y - 0.02), (x + 0.05, y + 0.055)], pick(rng, BLOSSOM))
    canvas.oval(x + 0.04, y - 0.025, 0.018, 0.018, pick(rng, BLOSSOM))


def floorboards(canvas: Canvas, y: float, colour: Colour) -> None:
    canvas.box(-WIDE, y, WIDE, 1.1, colour)
    for k, row in enumerate((0.0, 0.035, 0.085, 0.15)):
        canvas.line([(-WIDE, y + row), (WIDE, y + row)], 0.004, shade(colour, -0.18))
        for x in np.arange(-WIDE + 0.13 * k, WIDE, 0.5):
            canvas.line([(x, y + row), (x, y + row + 0.05)], 0.003, shade(colour, -0.14))


def sofa(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    for side in (-1, 1):
        canvas.box(x + 0.3 * side - 0.015, y - 0.03, x + 0.3 * side + 0.015, y + 0.02, (92, 64, 48))
    canvas.convex(box(x, y - 0.17, 0.36, 0.13, 0.05), shade(colour, -0.12))
    for side in (-1, 1):
        canvas.convex(box(x + 0.165 * side, y - 0.19, 0.155, 0.1, 0.04), colour)
        canvas.convex(box(x + 0.165 * side, y - 0.075, 0.165, 0.035, 0.03), shade(colour, 0.12))
    canvas.convex(box(x, y - 0.035, 0.36, 0.03, 0.02), shade(colour, -0.2))
    for side in (-1, 1):
        canvas.convex(box(x + 0.37 * side, y - 0.09, 0.05, 0.09, 0.04), shade(colour, 0.06))


def pot_plant(canvas: Canvas, x: float, y: float) -> None:
    for k in range(7):
        a = -pi / 2 + (k - 3) * 0.36
        tip = (x + 0.2 * cos(a), y - 0.12 + 0.24 * sin(a))
        canvas.convex(capsule((x, y - 0.11), tip, 0.01, 0.026), (74, 150, 88) if k % 2 else (56, 126, 76))
    canvas.shape([(x - 0.06, y - 0.12), (x + 0.06, y - 0.12), (x + 0.042, y), (x - 0.042, y)], (206, 112, 74))
    canvas.box(x - 0.068, y - 0.13, x + 0.068, y - 0.1, (220, 128, 88))


def floor_lamp(canvas: Canvas, x: float, y: float, lit: bool) -> None:
    plain = Canvas(canvas.pixels, canvas.matrix) if lit else canvas
    canvas.line([(x, y), (x, y - 0.36)], 0.012, (110, 82, 66))
    canvas.oval(x, y, 0.06, 0.014, (110, 82, 66))
    plain.convex([(x - 0.09, y - 0.34), (x - 0.055, y - 0.48), (x + 0.055, y - 0.48), (x + 0.09, y - 0.34)],
                 (255, 226, 146) if lit else (240, 222, 190))  # fmt: skip
