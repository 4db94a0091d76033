"""Anti-aliased flat drawing in unit coordinates: y from 0 (top) to 1 (bottom), x from the middle, to the right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import atan2, cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]
Float = NDArray[np.float64]
Colour = tuple[float, float, float]
"""Red, green, blue, each 0..255."""
Points = Sequence[tuple[float, float]] | Float

WHITE: Colour = (255, 255, 255)
FRACTION_BITS = 4  # cv2 takes sixteenths of a pixel
CORNERS = 36
CIRCLE = np.stack([np.cos(np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)),
                   np.sin(np.linspace(0, 2 * np.pi, CORNERS, endpoint=False))], axis=1)  # fmt: skip


def mix(a: Colour, b: Colour, amount: float) -> Colour:
    """`a` moved towards `b` by `amount` 0..1."""
    return (a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount)


def lit(colour: Colour, gain: Colour) -> Colour:
    """A colour under a light, part by part; never above 255."""
    return (min(colour[0] * gain[0], 255.0), min(colour[1] * gain[1], 255.0), min(colour[2] * gain[2], 255.0))


def shade(colour: Colour, amount: float) -> Colour:
    """Darker for a negative amount, lighter for a positive one; -1 is black, 1 is white."""
    return mix(colour, WHITE if amount > 0 else (0, 0, 0), abs(amount))


def oval(x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> Float:
    """The corners of an ellipse, turned by `angle` radians: float `[36, 2]`."""
    c, s = cos(angle), sin(angle)
    points: Float = CIRCLE @ np.array(((rx * c, rx * s), (-ry * s, ry * c))) + (x, y)
    return points


def capsule(start: tuple[float, float], end: tuple[float, float], radius: float, tip: float) -> Float:
    """A limb with round ends, `radius` at its start and `tip` at its end: float `[36, 2]`."""
    angle = atan2(end[1] - start[1], end[0] - start[0]) - pi / 2
    c, s = cos(angle), sin(angle)
    arc = CIRCLE @ np.array(((c, s), (-s, c)))
    half = CORNERS // 2
    return np.concatenate([arc[:half] * tip + end, arc[half:] * radius + start])


def box(x: float, y: float, rx: float, ry: float, corner: float) -> Float:
    """A rectangle with rounded corners about (x, y): float `[36, 2]`."""
    corner = min(corner, rx, ry)
    inner = np.sign(np.round(CIRCLE, 6) + 1e-9) * (rx - corner, ry - corner)
    return CIRCLE * corner + inner + (x, y)


class Canvas:
    """Draws on uint8 `[H, W, 3]`, or on `[H, W, 4]` with alpha premultiplied.

    `matrix` is float `[2, 3]`, from unit coordinates to pixels; `tint` multiplies every colour (the light).
    """

    def __init__(self, pixels: UInt8, matrix: Float, tint: Colour = (1, 1, 1)) -> None:
        self.pixels = pixels
        self.matrix = matrix
        self.tint = tint
        self.scale = float(abs(matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]) ** 0.5)

    def placed(self, local: Float) -> Canvas:
        """The same pixels under further coordinates: `local` float `[2, 3]` maps them into the present ones."""
        turned = self.matrix[:, :2] @ local
        turned[:, 2] += self.matrix[:, 2]
        return Canvas(self.pixels, turned, self.tint)

    def shape(self, points: Points, colour: Colour) -> None:
        """Fills a polygon."""
        cv2.fillPoly(self.pixels, [self.fixed(points)], self.ink(colour), cv2.LINE_AA, FRACTION_BITS)

    def convex(self, points: Points, colour: Colour) -> None:
        """Fills a convex polygon, which is quicker."""
        cv2.fillConvexPoly(self.pixels, self.fixed(points), self.ink(colour), cv2.LINE_AA, FRACTION_BITS)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, angle: float = 0.0) -> None:
        self.convex(oval(x, y, rx, ry, angle), colour)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A small disc, which is quicker than an oval."""
        (a, b, c), (d, e, f) = self.matrix.tolist()
        unit = 1 << FRACTION_BITS
        centre = (round((a * x + b * y + c) * unit), round((d * x + e * y + f) * unit))
        cv2.circle(self.pixels, centre, round(radius * self.scale * unit), self.ink(colour), -1, cv2.LINE_AA,
                   FRACTION_BITS)  # fmt: skip

    def line(self, points: Points, width: float, colour: Colour) -> None:
        """Strokes a line; `width` in unit coordinates, never under one pixel."""
        thickness = max(1, round(width * self.scale))
        cv2.polylines(self.pixels, [self.fixed(points)], False, self.ink(colour), thickness, cv2.LINE_AA,
                      FRACTION_BITS)  # fmt: skip

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        self.convex([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def gradient(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """Fills the full width between two heights, from one colour to the other (upright canvases only)."""
        rows = self.pixels.shape[0]
        y0, y1 = (round(self.matrix[1, 1] * y + self.matrix[1, 2]) for y in (top, bottom))
        ramp = np.linspace(self.ink(first), self.ink(last), max(y1 - y0, 1))
        shown = slice(max(y0, 0), min(y1, rows))
        self.pixels[shown] = ramp[shown.start - y0 : shown.stop - y0, None, : self.pixels.shape[2]].round()

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Adds a soft round light, fading from `strength` 0..1 to nothing at `radius`."""
        cx, cy = self.matrix @ (x, y, 1)
        reach = radius * self.scale
        left, top = max(int(cx - reach), 0), max(int(cy - reach), 0)
        part = self.pixels[top : max(int(cy + reach), 0), left : max(int(cx + reach), 0), :3]
        ys, xs = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
        fade = 1 - np.sqrt((xs - cx) ** 2 + (ys - cy) ** 2) / reach
        weight = (strength * np.clip(fade, 0, 1) ** 2)[..., None].astype(np.float32)
        part[:] = (part * (1 - weight) + np.array(self.ink(colour)[:3], np.float32) * weight).round()

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float) -> None:
        """Darkens a soft ellipse by `strength` 0..1."""
        cx, cy = self.matrix @ (x, y, 1)
        px, py = max(rx * self.scale, 1), max(ry * self.scale, 1)
        left, top = max(int(cx - px), 0), max(int(cy - py), 0)
        part = self.pixels[top : max(int(cy + py) + 1, 0), left : max(int(cx + px) + 1, 0)]
        if part.size:
            ys, xs = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
            ys, xs = ((ys - cy) / py).astype(np.float32), ((xs - cx) / px).astype(np.float32)
            weight = 1 - strength * np.clip(1.6 * (1 - xs**2 - ys**2), 0, 1)
            part[:] = part * weight[..., None]

    def ink(self, colour: Colour) -> tuple[float, float, float, float]:
        """A colour in this light, with full alpha, as cv2 wants it."""
        return (*lit(colour, self.tint), 255.0)

    def fixed(self, points: Points) -> NDArray[np.int32]:
        """Points in pixels as cv2 takes them: int32 `[N, 2]`, with `FRACTION_BITS` bits of fraction."""
        pixels = np.asarray(points, np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]
        return np.rint(pixels * (1 << FRACTION_BITS)).astype(np.int32)


class Figure:
    """Shapes collected in order, then painted with one dark outline about those that want it, all together."""

    def __init__(self) -> None:
        self._shapes: list[tuple[Points, Colour, bool, float]] = []

    def add(self, points: Points, colour: Colour, outlined: bool = False) -> None:
        self._shapes.append((points, colour, outlined, 0.0))

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, angle: float = 0.0, *, outlined: bool = False
    ) -> None:
        self.add(oval(x, y, rx, ry, angle), colour, outlined)

    def line(self, points: Points, width: float, colour: Colour) -> None:
        """A stroke, in its turn among the shapes; never outlined."""
        self._shapes.append((points, colour, False, width))

    def paint(self, canvas: Canvas, ink: Colour, width: float) -> None:
        """Paints all; `width` of the outline, like every measure, in the canvas's coordinates."""
        thickness = max(1, round(2 * width * canvas.scale))
        step = 1 if canvas.scale > 300 else 2  # a small outline needs fewer corners
        every = canvas.fixed(np.concatenate([points for points, *_ in self._shapes]))
        ends = list(accumulate(len(points) for points, *_ in self._shapes))
        parts = [every[start:end] for start, end in pairwise([0, *ends])]
        dark = canvas.ink(ink)
        for part, (_, _, outlined, _) in zip(parts, self._shapes, strict=True):
            if outlined:
                rim = part[::step].copy() if len(part) >= CORNERS else part
                cv2.polylines(canvas.pixels, [rim], True, dark, thickness, cv2.LINE_AA, FRACTION_BITS)
        for part, (_, colour, _, stroke) in zip(parts, self._shapes, strict=True):
            if stroke:
                cv2.polylines(canvas.pixels, [part], False, canvas.ink(colour), max(1, round(stroke * canvas.scale)),
                              cv2.LINE_AA, FRACTION_BITS)  # fmt: skip
            else:
                cv2.fillPoly(canvas.pixels, [part], canvas.ink(colour), cv2.LINE_AA, FRACTION_BITS)
