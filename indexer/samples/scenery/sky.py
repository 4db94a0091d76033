"""Above: the hour's sky, clouds, stars, planets, and light that falls through water."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from indexer.samples.canvas import Canvas, Colour, shade
from indexer.samples.scenery.palette import SKY, Rng, pick

SUNS: dict[str, tuple[float, Colour, Colour]] = {
    "day": (0.15, (255, 244, 188), (255, 246, 200)),
    "dusk": (0.44, (255, 224, 140), (255, 150, 90)),
}
"""How high the sun stands, its colour and that of the air about it."""


def overhead(canvas: Canvas, rng: Rng, light: str, bottom: float) -> None:
    """A gradient with sun and clouds by day and dusk, moon and stars by night."""
    plain = Canvas(canvas.pixels, canvas.matrix)  # the sky is the light: it is not tinted by it
    plain.gradient(0.0, bottom, *SKY[light])
    x = float(rng.uniform(-0.65, 0.65))
    if light == "night":
        stars(plain, rng, 70, bottom * 0.8)
        plain.glow(x, 0.16, 0.3, (190, 200, 255), 0.5)
        plain.oval(x, 0.16, 0.062, 0.062, (248, 244, 220))
        plain.oval(x + 0.02, 0.148, 0.014, 0.014, (228, 222, 196))
        plain.oval(x - 0.018, 0.178, 0.01, 0.01, (228, 222, 196))
        return
    y, disc, halo = SUNS[light]
    plain.glow(x, y, 0.42, halo, 0.8)
    plain.oval(x, y, 0.07, 0.07, disc)
    for _ in range(5):
        cloud(plain, rng, rng.uniform(-1.5, 1.5), rng.uniform(0.07, 0.32), rng.uniform(0.08, 0.17), light)


def cloud(canvas: Canvas, rng: Rng, x: float, y: float, size: float, light: str) -> None:
    tone: Colour = (255, 255, 255) if light == "day" else (246, 176, 160)
    puffs = [(0.0, 0.0, 0.5), (-0.55, 0.1, 0.34), (0.52, 0.1, 0.38), (-0.2, -0.14, 0.36), (0.95, 0.2, 0.22)]
    squash = float(rng.uniform(0.55, 0.8))
    for lift, colour in ((0.08, shade(tone, -0.1)), (0.0, tone)):
        for px, py, radius in puffs:
            canvas.oval(x + px * size, y + (py + lift) * size * squash, radius * size, radius * size * squash, colour)


def stars(canvas: Canvas, rng: Rng, count: int, bottom: float) -> None:
    for _ in range(count):
        x, y, r = rng.uniform(-1.6, 1.6), rng.uniform(0, bottom), rng.uniform(0.002, 0.0055)
        canvas.oval(x, y, r, r, pick(rng, ((255, 255, 255), (200, 214, 255), (255, 236, 190))))


def planet(canvas: Canvas, rng: Rng, x: float, y: float, size: float) -> None:
    tone = pick(rng, ((240, 170, 110), (126, 190, 226), (226, 126, 150), (150, 206, 150)))
    canvas.oval(x, y, size, size, tone)
    for dy, r in ((-0.35, 0.75), (0.1, 0.92), (0.5, 0.68)):
        canvas.oval(x, y + dy * size, r * size, 0.09 * size, shade(tone, 0.25))
    ring = [
        (x + 1.7 * size * cos(a), y + 0.42 * size * sin(a) - 0.3 * size * cos(a))
        for a in np.linspace(-0.35, pi + 0.2, 30)
    ]
    canvas.line(ring, 0.014, (246, 230, 200))


def light_rays(canvas: Canvas, rng: Rng, colour: Colour) -> None:
    veil = canvas.pixels.copy()
    beams = Canvas(veil, canvas.matrix, canvas.tint)
    for _ in range(7):
        x, w, lean = rng.uniform(-1.4, 1.4), rng.uniform(0.04, 0.12), rng.uniform(-0.35, -0.15)
        beams.convex([(x, -0.02), (x + w, -0.02), (x + w * 2 + lean, 0.95), (x - w + lean, 0.95)], colour)
    fade = np.linspace(0.3, 0.0, veil.shape[0], dtype=np.float32)[:, None, None]
    canvas.pixels[:] = canvas.pixels * (1 - fade) + veil * fade
