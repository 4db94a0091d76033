"""What was built out of doors: houses, fences, lamps, boats, snowmen. Each stands on (x, y)."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.samples.canvas import Canvas, Colour, box, capsule, mix, shade
from indexer.samples.scenery.palette import WIDE, Rng, pick


def towers(canvas: Canvas, rng: Rng, y: float, heights: tuple[float, float], colour: Colour, windows: float) -> None:
    """A row of houses with `windows` (a share) of their windows lit."""
    plain = Canvas(canvas.pixels, canvas.matrix)
    x = -WIDE
    while x < WIDE:
        wide, tall = rng.uniform(0.16, 0.3), rng.uniform(*heights)
        tone = shade(colour, float(rng.uniform(-0.1, 0.12)))
        plain.box(x, y - tall, x + wide, 1.1, tone)
        if rng.random() < 0.4:
            plain.line([(x + wide / 2, y - tall), (x + wide / 2, y - tall - 0.06)], 0.006, tone)
        lamp = pick(rng, ((255, 214, 120), (255, 190, 96), (190, 220, 255)))
        columns, rows = int(wide / 0.048), int(tall / 0.06)
        lit = rng.random((columns, rows)) < windows
        gap = wide / columns
        for i, k in np.argwhere(lit):
            px, py = x + (i + 0.5) * gap, y - tall + 0.035 + 0.06 * k
            plain.box(px - 0.012, py - 0.014, px + 0.012, py + 0.014, mix(lamp, tone, 0.15))
        x += wide + rng.uniform(0.0, 0.05)


def street_lamp(canvas: Canvas, x: float, y: float) -> None:
    plain = Canvas(canvas.pixels, canvas.matrix)
    plain.line([(x, y), (x, y - 0.34), (x + 0.06, y - 0.37)], 0.012, (24, 24, 40))
    plain.oval(x + 0.07, y - 0.36, 0.034, 0.018, (255, 232, 160))
    for k, tone in enumerate(((86, 82, 100), (112, 106, 116))):
        plain.oval(x + 0.07, y + 0.035, 0.2 - 0.07 * k, 0.03 - 0.01 * k, tone)


def barn(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.box(x - 0.5 * size, y - 0.6 * size, x + 0.5 * size, y, (190, 70, 58))
    canvas.shape([(x - 0.6 * size, y - 0.58 * size), (x - 0.35 * size, y - 0.95 * size), (x, y - 1.1 * size),
                  (x + 0.35 * size, y - 0.95 * size), (x + 0.6 * size, y - 0.58 * size)], (112, 62, 56))  # fmt: skip
    canvas.box(x - 0.18 * size, y - 0.4 * size, x + 0.18 * size, y, (246, 236, 222))
    canvas.box(x - 0.14 * size, y - 0.36 * size, x + 0.14 * size, y, (150, 52, 46))


def windmill(canvas: Canvas, x: float, y: float, size: float, turn: float) -> None:
    canvas.convex([(x - 0.22 * size, y), (x - 0.13 * size, y - 0.8 * size), (x + 0.13 * size, y - 0.8 * size),
                   (x + 0.22 * size, y)], (240, 228, 208))  # fmt: skip
    canvas.convex(
        [(x - 0.17 * size, y - 0.78 * size), (x, y - size), (x + 0.17 * size, y - 0.78 * size)], (176, 84, 70)
    )
    canvas.box(x - 0.05 * size, y - 0.2 * size, x + 0.05 * size, y, (130, 88, 64))
    for k in range(4):
        a = turn + k * pi / 2
        hub, tip = (x, y - 0.78 * size), (x + 0.62 * size * cos(a), y - 0.78 * size + 0.62 * size * sin(a))
        canvas.convex(capsule(hub, tip, 0.02 * size, 0.065 * size), (255, 250, 238))
    canvas.oval(x, y - 0.78 * size, 0.045 * size, 0.045 * size, (110, 80, 66))


def cabin(canvas: Canvas, x: float, y: float, size: float, lit: bool) -> None:
    canvas.box(x - 0.5 * size, y - 0.5 * size, x + 0.5 * size, y, (142, 94, 62))
    for k in range(1, 5):
        canvas.line(
            [(x - 0.5 * size, y - 0.1 * k * size), (x + 0.5 * size, y - 0.1 * k * size)], 0.004, (112, 72, 48)
        )
    canvas.box(x + 0.2 * size, y - 1.0 * size, x + 0.33 * size, y - 0.6 * size, (150, 84, 74))
    canvas.convex([(x - 0.65 * size, y - 0.46 * size), (x, y - 1.0 * size), (x + 0.65 * size, y - 0.46 * size)],
                  (248, 250, 255))  # fmt: skip
    canvas.box(x - 0.1 * size, y - 0.32 * size, x + 0.1 * size, y, (92, 58, 42))
    plain = Canvas(canvas.pixels, canvas.matrix)
    for side in (-1, 1):
        px = x + 0.3 * side * size
        pane: Colour = (255, 214, 110) if lit else (176, 210, 232)
        plain.box(px - 0.08 * size, y - 0.34 * size, px + 0.08 * size, y - 0.18 * size, pane)


def fence(canvas: Canvas, y: float) -> None:
    wood: Colour = (236, 222, 196)
    for rail in (0.035, 0.075):
        canvas.box(-WIDE, y - rail - 0.012, WIDE, y - rail, shade(wood, -0.1))
    for x in np.arange(-WIDE, WIDE, 0.16):
        canvas.shape([(x, y), (x, y - 0.1), (x + 0.016, y - 0.118), (x + 0.032, y - 0.1), (x + 0.032, y)], wood)


def snowman(canvas: Canvas, x: float, y: float, size: float) -> None:
    for up, r in ((0.45, 0.5), (1.1, 0.36), (1.6, 0.26)):
        canvas.oval(x, y - up * size, r * size, r * size, (214, 226, 242))
        canvas.oval(x - 0.03 * size, y - (up + 0.03) * size, 0.93 * r * size, 0.93 * r * size, (252, 254, 255))
    for dx in (-0.08, 0.08):
        canvas.oval(x + dx * size, y - 1.66 * size, 0.035 * size, 0.035 * size, (40, 40, 52))
    canvas.convex([(x, y - 1.62 * size), (x + 0.26 * size, y - 1.55 * size), (x, y - 1.52 * size)], (246, 136, 50))
    canvas.convex(box(x, y - 1.36 * size, 0.28 * size, 0.07 * size, 0.05 * size), (206, 62, 70))


def parasol(canvas: Canvas, rng: Rng, x: float, y: float) -> None:
    tone = pick(rng, ((232, 78, 84), (70, 142, 206), (250, 176, 60), (60, 170, 140)))
    canvas.line([(x, y), (x, y - 0.24)], 0.012, (240, 240, 240))
    for k in range(6):
        a0, a1 = pi + k * pi / 6, pi + (k + 1) * pi / 6
        rim = [(x + 0.17 * cos(a), y - 0.2 + 0.12 * sin(a)) for a in np.linspace(a0, a1, 5)]
        canvas.shape([(x + 0.04 * cos((a0 + a1) / 2), y - 0.2), *rim], tone if k % 2 else shade(tone, 0.75))


def sandcastle(canvas: Canvas, x: float, y: float, size: float) -> None:
    sand: Colour = (224, 184, 118)
    canvas.box(x - size, y - 0.6 * size, x + size, y, sand)
    for side in (-1, 0, 1):
        top = y - (1.5 if side == 0 else 1.0) * size
        px = x + 0.75 * side * size
        canvas.box(px - 0.25 * size, top, px + 0.25 * size, y, shade(sand, -0.06 if side else 0.08))
        canvas.convex([(px - 0.3 * size, top), (px, top - 0.4 * size), (px + 0.3 * size, top)], shade(sand, -0.18))
    canvas.line([(x, y - 1.9 * size), (x, y - 2.3 * size)], 0.008, (120, 90, 60))
    canvas.convex([(x, y - 2.3 * size), (x + 0.4 * size, y - 2.15 * size), (x, y - 2.0 * size)], (236, 72, 72))


def sailing_boat(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.shape([(x - size, y - 0.1 * size), (x + size, y - 0.1 * size), (x + 0.7 * size, y + 0.3 * size),
                  (x - 0.7 * size, y + 0.3 * size)], (186, 66, 60))  # fmt: skip
    canvas.convex([(x, y - 0.2 * size), (x, y - 1.9 * size), (x + 0.9 * size, y - 0.2 * size)], (255, 252, 240))
    mast = x - 0.08 * size
    canvas.convex([(mast, y - 0.2 * size), (mast, y - 1.5 * size), (x - 0.7 * size, y - 0.2 * size)], (240, 226, 200))


def rocket(canvas: Canvas, x: float, y: float, size: float) -> None:
    for side in (-1, 1):
        fin = side * size
        canvas.convex([(x + 0.14 * fin, y - 0.36 * size), (x + 0.34 * fin, y), (x + 0.12 * fin, y - 0.08 * size)],
                      (222, 68, 72))  # fmt: skip
    canvas.oval(x, y - 0.52 * size, 0.19 * size, 0.48 * size, (240, 240, 248))
    tip = [(x + 0.19 * size * cos(a), y - 0.52 * size + 0.48 * size * sin(a)) for a in np.linspace(-2.5, -0.64, 12)]
    canvas.shape(tip, (222, 68, 72))
    canvas.oval(x, y - 0.6 * size, 0.085 * size, 0.085 * size, (92, 120, 160))
    canvas.oval(x, y - 0.6 * size, 0.06 * size, 0.06 * size, (150, 214, 244))
