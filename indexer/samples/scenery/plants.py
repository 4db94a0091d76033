"""What grows: trees, flowers, cactuses, corals. Each stands on (x, y) and is about `size` tall."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.samples.canvas import WHITE, Canvas, Colour, capsule, shade
from indexer.samples.scenery.palette import BLOSSOM, WIDE, Rng, pick


def fir(canvas: Canvas, x: float, y: float, size: float, colour: Colour, capped: bool = False) -> None:
    canvas.box(x - 0.03 * size, y - 0.16 * size, x + 0.03 * size, y, (104, 74, 52))
    for k in range(4):
        low, half = y - (0.12 + 0.2 * k) * size, (0.3 - 0.055 * k) * size
        top = low - (0.36 - 0.02 * k) * size
        canvas.convex([(x - half, low), (x, top), (x + half, low)], shade(colour, 0.04 * k))
        canvas.convex([(x, top), (x + half, low), (x + 0.15 * half, low)], shade(colour, -0.14 + 0.04 * k))
        if capped:
            canvas.convex([(x - 0.5 * half, (low + top) / 2), (x, top), (x + 0.5 * half, (low + top) / 2)], WHITE)


def leafy_tree(canvas: Canvas, rng: Rng, x: float, y: float, size: float, colour: Colour) -> None:
    canvas.shape(capsule((x, y), (x, y - 0.5 * size), 0.05 * size, 0.035 * size), (120, 84, 58))
    puffs = [(px + rng.uniform(-0.04, 0.04), py, r) for px, py, r in
             ((-0.2, 0.48, 0.2), (0.2, 0.5, 0.2), (0.0, 0.72, 0.24), (0.0, 0.5, 0.24))]  # fmt: skip
    for dx, dy, tone in ((0.02, 0.02, -0.16), (0.0, 0.0, 0.0)):
        for px, py, r in puffs:
            canvas.oval(x + (px + dx) * size, y - (py - dy) * size, r * size, r * size, shade(colour, tone))
    canvas.oval(x - 0.08 * size, y - 0.8 * size, 0.11 * size, 0.09 * size, shade(colour, 0.16))


def palm(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    bend = float(rng.uniform(-0.2, 0.2)) * size
    ups = np.linspace(0, 1, 8)
    trunk = np.stack([x + bend * ups**2, y - size * ups], axis=1)
    for k in range(7):
        canvas.convex(capsule(tuple(trunk[k]), tuple(trunk[k + 1]), 0.035 * size, 0.03 * size),
                      (150, 108, 68) if k % 2 else (166, 122, 78))  # fmt: skip
    tx, ty = trunk[-1]
    for angle in (-2.9, -2.3, -1.2, -0.7, -0.1, 0.35, -3.4):
        along = np.linspace(0, 1, 9)
        spine = np.stack([tx + 0.42 * size * along * cos(angle),
                          ty + 0.42 * size * along * sin(angle) * 0.6 + 0.22 * size * along**2], axis=1)  # fmt: skip
        width = 0.06 * size * np.sin(pi * np.clip(along, 0.06, 1)) ** 0.7
        leaf = np.concatenate(
            [spine - np.stack([0 * width, width], 1), (spine + np.stack([0 * width, width], 1))[::-1]]
        )
        canvas.shape(leaf, (60, 150, 84) if angle > -1.5 else (44, 128, 74))
    canvas.oval(tx - 0.02 * size, ty + 0.03 * size, 0.035 * size, 0.035 * size, (112, 74, 46))


def tufts(
    canvas: Canvas, rng: Rng, count: int, rows: tuple[float, float], colour: Colour, size: float = 0.035
) -> None:
    """Small fans of grass blades."""
    for _ in range(count):
        x, y, tall = rng.uniform(-WIDE, WIDE), rng.uniform(*rows), size * rng.uniform(0.6, 1.2)
        for lean in (-0.5, 0.0, 0.5):
            tip = (x + lean * tall, y - tall * (1 - 0.2 * abs(lean)))
            canvas.convex([(x - 0.12 * tall, y), tip, (x + 0.12 * tall, y)], shade(colour, 0.12 * lean))


def flowers(canvas: Canvas, rng: Rng, count: int, rows: tuple[float, float], size: float) -> None:
    for _ in range(count):
        x, y, tone = rng.uniform(-WIDE, WIDE), rng.uniform(*rows), pick(rng, BLOSSOM)
        canvas.line([(x, y), (x, y + 1.6 * size)], 0.2 * size, (84, 146, 58))
        for k in range(5):
            a = 2 * pi * k / 5
            canvas.oval(x + 0.5 * size * cos(a), y + 0.5 * size * sin(a), 0.4 * size, 0.4 * size, tone)
        canvas.oval(x, y, 0.3 * size, 0.3 * size, (255, 196, 60) if tone[2] > 90 else (255, 250, 220))


def mushroom(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.shape(capsule((x, y), (x, y - size), 0.3 * size, 0.22 * size), (246, 234, 214))
    cap = [(x + size * 0.85 * cos(a), y - 0.8 * size + 0.8 * size * sin(a)) for a in np.linspace(pi, 2 * pi, 16)]
    canvas.shape(cap, (222, 62, 56))
    for px, py in ((-0.4, 1.1), (0.1, 1.35), (0.45, 1.05)):
        canvas.oval(x + px * size, y - py * size, 0.13 * size, 0.11 * size, (255, 244, 236))


def cactus(canvas: Canvas, x: float, y: float, size: float) -> None:
    green: Colour = (70, 150, 88)
    for side, low, reach in ((-1, 0.35, 0.3), (1, 0.5, 0.24)):
        elbow = (x + 0.26 * side * size, y - low * size)
        canvas.convex(capsule((x, y - low * size), elbow, 0.07 * size, 0.07 * size), shade(green, -0.1))
        canvas.convex(
            capsule(elbow, (elbow[0], elbow[1] - reach * size), 0.07 * size, 0.065 * size), shade(green, -0.1)
        )
    canvas.convex(capsule((x, y), (x, y - 0.92 * size), 0.1 * size, 0.1 * size), green)
    canvas.line([(x - 0.03 * size, y), (x - 0.03 * size, y - 0.92 * size)], 0.018 * size, shade(green, 0.2))
    canvas.oval(x, y - 1.03 * size, 0.05 * size, 0.04 * size, (250, 112, 150))


def sea_grass(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    for blade in range(3):
        ups = np.linspace(0, 1, 10)
        phase = rng.uniform(0, 6)
        spine = np.stack([x + 0.035 * (blade - 1) + 0.03 * np.sin(6 * ups + phase) * ups, y - size * ups], axis=1)
        width = np.stack([0.014 * (1 - ups**2), 0 * ups], axis=1)
        canvas.shape(np.concatenate([spine - width, (spine + width)[::-1]]), (40 + 20 * blade, 150, 104))


def coral(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    tone = pick(rng, ((244, 96, 120), (250, 150, 90), (190, 104, 214), (250, 190, 110)))
    for angle, reach in ((-0.7, 0.75), (-0.3, 0.95), (0.05, 1.05), (0.4, 0.9), (0.8, 0.7)):
        tip = (x + reach * size * sin(angle), y - reach * size * cos(angle))
        canvas.convex(capsule((x, y), tip, 0.12 * size, 0.075 * size), tone)
        fork = (x + 0.6 * reach * size * sin(angle), y - 0.6 * reach * size * cos(angle))
        twig = (fork[0] + 0.3 * size * sin(angle + 0.8), fork[1] - 0.3 * size * cos(angle + 0.8))
        canvas.convex(capsule(fork, twig, 0.07 * size, 0.055 * size), shade(tone, 0.12))
