"""From a script to pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from indexer.samples import weather
from indexer.samples.camera import View, view_at
from indexer.samples.canvas import Canvas, Colour, UInt8, lit, mix
from indexer.samples.cast import draw_character
from indexer.samples.layers import DEPTHS, Setting, composed, lay_over, paint_layers
from indexer.samples.motions import MOTIONS, Beat, heading_of, travels
from indexer.samples.scenery.palette import TINTS
from indexer.samples.scenes import GROUND
from indexer.samples.script import FPS, PACES, Film, Shot

OVERSAMPLING = 2


@dataclass(frozen=True, slots=True)
class Actor:
    """One character's part in a shot; what the seed decided about it."""

    name: str
    x: float
    y: float
    height: float
    head_start: float
    """Seconds of motion before the shot."""
    tempo: float
    heading: int
    gaze: float
    hue: Colour


def draw_shot(shot: Shot, times: Sequence[float], width: int, height: int) -> UInt8:
    """Draws a shot at `times` (seconds from its start): RGB uint8 `[len(times), height, width, 3]`.

    Deterministic; a square picture is the middle of the wide one.
    """
    frames = np.empty((len(times), height, width, 3), np.uint8)
    for frame, drawn in zip(frames, _frames(shot, times, width, height), strict=True):
        frame[:] = drawn
    return frames


def film_frames(film: Film, width: int, height: int) -> Iterator[UInt8]:
    """Every frame of a film at `FPS` a second, one at a time: RGB uint8 `[height, width, 3]`."""
    for shot in film.shots:
        yield from _frames(shot, (np.arange(round(shot.duration * FPS)) / FPS).tolist(), width, height)


def _frames(shot: Shot, times: Sequence[float], width: int, height: int) -> Iterator[UInt8]:
    size = (width * OVERSAMPLING, height * OVERSAMPLING)
    rng = np.random.default_rng(shot.seed)
    mirrored = bool(rng.random() < 0.5)
    heading = heading_of(shot.activity, -1 if rng.random() < 0.5 else 1)
    red, green, blue = rng.uniform(0.93, 1.06, 3).tolist()
    tint = lit(TINTS[shot.light], (red, green, blue))
    actors = _actors(shot, heading, rng)
    travel = heading * PACES[shot.pace] * travels(shot.activity)
    views = [view_at(shot.camera, t, shot.duration, travel) for t in times]
    reach = max((abs(view.x) for view in views), default=0.0)
    layers = paint_layers(Setting(shot.scene, shot.light, tint, mirrored), rng, reach, size)
    drifting = weather.drift(shot.scene, rng)
    backdrop: UInt8 | None = None
    seen: View | None = None
    for t, view in zip(times, views, strict=True):
        if backdrop is None or view != seen:  # a camera at rest sees the same backdrop
            backdrop, seen = composed(layers[:-1], view, size), view
        pixels = backdrop.copy()
        ground = Canvas(pixels, view.matrix(DEPTHS["ground"], *size), mix(tint, (1, 1, 1), 0.5))
        for actor in actors:
            _perform(ground, actor, shot, float(t), view)
        lay_over(pixels, layers[-1], view)
        weather.draw(Canvas(pixels, view.matrix(0.8, *size), tint), drifting, float(t))
        yield np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _actors(shot: Shot, heading: int, rng: np.random.Generator) -> list[Actor]:
    count = len(shot.characters)
    actors = []
    for k, name in enumerate(shot.characters):
        spread = 0.0 if count == 1 else 0.24 * (2 * k - 1)
        actors.append(Actor(
            name=name,
            x=spread + float(rng.uniform(-0.1, 0.1)) / count,
            y=GROUND + float(rng.uniform(-0.015, 0.04)),
            height=float(rng.uniform(0.44, 0.56)) * (1.0 if count == 1 else 0.84),
            head_start=float(rng.uniform(0, 20)),
            tempo=float(rng.uniform(0.85, 1.2)) * PACES[shot.pace],
            heading=heading,
            gaze=float(rng.uniform(-0.45, 0.45)),
            hue=(float(rng.uniform(0.92, 1.06)), float(rng.uniform(0.94, 1.05)), float(rng.uniform(0.92, 1.06))),
        ))  # fmt: skip
    return actors


def _perform(ground: Canvas, actor: Actor, shot: Shot, seconds: float, view: View) -> None:
    beat = Beat(actor.head_start + seconds * actor.tempo, seconds / shot.duration, actor.heading)
    pose = MOTIONS[shot.activity](beat)
    pose = pose.facing(actor.gaze * (0.3 if travels(shot.activity) else 1.0))
    x = actor.x + (view.x if travels(shot.activity) else 0.0)
    lift = max(0.0, -pose.y) * actor.height
    if pose.y < 0.2:
        fade = max(0.0, 1 - 1.4 * lift)
        reach = actor.height * pose.size * (0.3 - 0.12 * min(1.0, lift))
        ground.shadow(x + actor.height * pose.x, actor.y, reach, 0.22 * reach, 0.45 * fade)
    draw_character(
        ground,
        actor.name,
        pose,
        shot.emotion,
        place=(x, actor.y),
        height=actor.height,
        seconds=actor.head_start + seconds,
        hue=actor.hue,
    )
