"""The layers of a scene: painted once a shot, then laid over each other as the camera sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np

from indexer.samples.camera import View
from indexer.samples.canvas import Canvas, Colour, UInt8
from indexer.samples.scenes import PAINTERS, Stage

DEPTHS = {"far": 0.2, "middle": 0.55, "ground": 1.0, "near": 1.5}
"""How much of the camera's movement each layer shows."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene as one shot has it."""

    scene: str
    light: str
    tint: Colour
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """A painted layer, from row `top` of the frame down; its middle stands `left` pixels from its left edge.

    `pixels` is uint8 `[H, W, 3]` when opaque, else `[H, W, 4]`: colour premultiplied by alpha, then 255 - alpha,
    so that laying it over a frame is one product and one sum.
    """

    depth: float
    left: float
    top: int
    pixels: UInt8


def paint_layers(setting: Setting, rng: np.random.Generator, reach: float, size: tuple[int, int]) -> list[Layer]:
    """A scene's layers, far to near, for frames of `size` (width, height) and a camera that goes `reach` aside."""
    width, height = size
    across = -height if setting.mirrored else height
    canvases, lefts = {}, {}
    for name, depth in DEPTHS.items():
        lefts[name] = ceil(width / 2 + reach * depth * height) + 2
        pixels = np.zeros((height, 2 * lefts[name], 3 if name == "far" else 4), np.uint8)
        matrix = np.array([[across, 0, lefts[name]], [0, height, 0]], np.float64)
        canvases[name] = Canvas(pixels, matrix, setting.tint)
    PAINTERS[setting.scene](Stage(**canvases, light=setting.light), rng)
    return [_layer(canvases[name].pixels, depth, lefts[name]) for name, depth in DEPTHS.items()]


def _layer(pixels: UInt8, depth: float, left: float) -> Layer:
    if pixels.shape[2] == 3:
        return Layer(depth, left, 0, pixels)
    rows = np.flatnonzero(pixels[..., 3].any(axis=1))
    top = int(rows[0]) if rows.size else pixels.shape[0]
    pixels[..., 3] = 255 - pixels[..., 3]
    return Layer(depth, left, top, pixels[top:])


def composed(layers: Sequence[Layer], view: View, size: tuple[int, int]) -> UInt8:
    """Layers one over the other, as seen in `view`: RGB uint8 `[H, W, 3]`; `size` is width and height."""
    pixels = np.empty((size[1], size[0], 3), np.uint8)
    for layer in layers:
        lay_over(pixels, layer, view)
    return pixels


def lay_over(frame: UInt8, layer: Layer, view: View) -> None:
    """Lays one layer over `frame`, as seen in `view`."""
    height, width = frame.shape[:2]
    matrix = view.matrix(layer.depth, width, height)
    zoom = matrix[0, 0] / height
    row = zoom * layer.top + matrix[1, 2]
    top = max(int(row), 0)
    if top >= height or not layer.pixels.size:
        return
    warp = np.array([[zoom, 0, matrix[0, 2] - zoom * layer.left], [0, zoom, row - top]])
    clear = (0, 0, 0, 255)
    seen = cv2.warpAffine(
        layer.pixels, warp, (width, height - top), borderMode=cv2.BORDER_CONSTANT, borderValue=clear
    )
    if seen.shape[2] == 3:
        frame[:] = seen
        return
    part = frame[top:]
    cv2.multiply(part, cv2.cvtColor(cv2.extractChannel(seen, 3), cv2.COLOR_GRAY2RGB), dst=part, scale=1 / 255)
    cv2.add(part, cv2.cvtColor(seen, cv2.COLOR_RGBA2RGB), dst=part)
