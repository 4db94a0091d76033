"""Below: hills and mountains, and what lies or swims on and over the ground."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.samples.canvas import WHITE, Canvas, Colour, shade
from indexer.samples.scenery.palette import WIDE, Rng, pick


def hills(canvas: Canvas, rng: Rng, y: float, swing: float, colour: Colour) -> None:
    """Ground from a rolling line at `y` down to the bottom, with a lighter rim."""
    xs = np.linspace(-WIDE, WIDE, 90)
    low, high, a, b = rng.uniform(1.2, 2.0), rng.uniform(2.6, 4.2), *rng.uniform(0, 2 * pi, 2)
    ys = y + swing * (np.sin(low * xs + a) + 0.5 * np.sin(high * xs + b))
    edge = np.stack([xs, ys], axis=1)
    end = [(WIDE, 1.2), (-WIDE, 1.2)]
    canvas.shape(np.concatenate([edge, end]), shade(colour, 0.22))
    canvas.shape(np.concatenate([edge + np.array((0, 0.012)), end]), colour)
    canvas.shape(np.concatenate([edge + np.array((0, 0.1 + 1.2 * swing)), end]), shade(colour, -0.05))


def mountains(canvas: Canvas, rng: Rng, y: float, colour: Colour) -> None:
    for x in np.arange(-1.6, 1.7, 0.42):
        px, top, half = x + rng.uniform(-0.1, 0.1), y - rng.uniform(0.2, 0.38), rng.uniform(0.3, 0.42)
        canvas.convex([(px - half, y), (px, top), (px + half, y)], colour)
        canvas.convex([(px, top), (px + half, y), (px + 0.1, y)], shade(colour, -0.12))
        cap = (y - top) * 0.34
        side = half * 0.34
        zigzag = [(px + side, top + cap), (px + side * 0.4, top + cap * 0.8), (px, top + cap * 1.15)]
        canvas.shape(
            [(px - side, top + cap), (px, top), *zigzag, (px - side * 0.5, top + cap * 0.8)], (246, 250, 255)
        )


def mesas(canvas: Canvas, rng: Rng, y: float, colour: Colour) -> None:
    for x in np.arange(-1.5, 1.6, 0.75):
        px, top, half = x + rng.uniform(-0.2, 0.2), y - rng.uniform(0.12, 0.3), rng.uniform(0.12, 0.22)
        outline = [(px - half * 1.5, y), (px - half, top + 0.05), (px - half * 0.95, top), (px + half * 0.95, top)]
        canvas.shape([*outline, (px + half, top + 0.05), (px + half * 1.5, y)], colour)
        canvas.box(px - half, top + 0.045, px + half, top + 0.07, shade(colour, 0.15))
        canvas.convex([(px + half * 0.4, top), (px + half * 0.95, top), (px + half * 1.5, y), (px + half * 0.6, y)],
                      shade(colour, -0.14))  # fmt: skip


def craters(canvas: Canvas, rng: Rng, count: int) -> None:
    for _ in range(count):
        x, y, r = rng.uniform(-WIDE, WIDE), rng.uniform(0.83, 0.99), rng.uniform(0.02, 0.06)
        canvas.oval(x, y, r, 0.32 * r, (190, 186, 208))
        canvas.oval(x, y + 0.05 * r, 0.86 * r, 0.25 * r, (124, 120, 150))


def specks(canvas: Canvas, rng: Rng, count: int, rows: tuple[float, float], radii: tuple[float, float],
           colours: tuple[Colour, ...]) -> None:  # fmt: skip
    for _ in range(count):
        x, y, r = rng.uniform(-WIDE, WIDE), rng.uniform(*rows), rng.uniform(*radii)
        canvas.oval(x, y, r, 0.5 * r, pick(rng, colours))


def ripples(canvas: Canvas, rng: Rng, colour: Colour) -> None:
    for _ in range(22):
        x, y, w = rng.uniform(-WIDE, WIDE), rng.uniform(0.83, 1.0), rng.uniform(0.06, 0.16)
        xs = np.linspace(-1, 1, 9)
        canvas.line(np.stack([x + w * xs, y + 0.008 * np.cos(pi * xs)], axis=1), 0.005, colour)


def glitter(canvas: Canvas, rng: Rng, top: float, bottom: float) -> None:
    for _ in range(40):
        x, y, w = rng.uniform(-1.6, 1.6), rng.uniform(top, bottom), rng.uniform(0.02, 0.08)
        canvas.oval(x, y, w, 0.003, (170, 226, 238))


def stone(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    tone = pick(rng, ((178, 124, 88), (196, 146, 106), (156, 108, 82)))
    canvas.oval(x, y, size, 0.6 * size, shade(tone, -0.2))
    canvas.oval(x - 0.08 * size, y - 0.1 * size, 0.86 * size, 0.46 * size, tone)


def starfish(canvas: Canvas, rng: Rng) -> None:
    for _ in range(5):
        x, y, r = rng.uniform(-WIDE, WIDE), rng.uniform(0.86, 0.98), rng.uniform(0.022, 0.034)
        spin, tone = rng.uniform(0, pi), pick(rng, ((240, 112, 86), (250, 160, 90), (232, 96, 128)))
        arms = [(r if k % 2 == 0 else 0.45 * r, spin + k * pi / 5) for k in range(10)]
        canvas.shape([(x + reach * sin(a), y + 0.6 * reach * cos(a)) for reach, a in arms], tone)


def fish(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    tone = pick(rng, ((255, 176, 60), (250, 112, 110), (250, 226, 110), (170, 220, 250)))
    ahead = size if rng.random() < 0.5 else -size
    tail = x - 1.5 * ahead
    canvas.convex([(x - 0.7 * ahead, y), (tail, y - 0.5 * size), (tail, y + 0.5 * size)], shade(tone, -0.12))
    canvas.oval(x, y, size, 0.58 * size, tone)
    canvas.oval(x - 0.1 * ahead, y, 0.12 * size, 0.52 * size, shade(tone, 0.55))
    canvas.oval(x + 0.55 * ahead, y - 0.14 * size, 0.13 * size, 0.13 * size, WHITE)
    canvas.oval(x + 0.58 * ahead, y - 0.14 * size, 0.07 * size, 0.07 * size, (30, 30, 40))
