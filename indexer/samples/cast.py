"""The characters: who they are by shape and colour, and how each is drawn in a pose."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np

from indexer.samples.canvas import Canvas, Colour, Figure, Float, box, capsule, lit, mix, oval, shade
from indexer.samples.faces import INK, FacePlan, Head, draw_face
from indexer.samples.features import (
    Feature,
    antenna,
    beak,
    bulging_eyes,
    curling_tail,
    floppy_ears,
    folded_ears,
    long_ears,
    muzzle,
    no_feature,
    pointed_ears,
    puff_tail,
    ringlet_tail,
    screen,
    small_nose,
    snout,
    tuft,
    wagging_tail,
    whiskers,
    white_face,
)  # fmt: skip
from indexer.samples.motions import Pose

OUTLINE = 0.014
ROUND_FACE = FacePlan()


@dataclass(frozen=True, slots=True)
class Look:
    """One character. Lengths are in heights of a body; its feet stand at y 0 and up is negative."""

    colour: Colour
    belly: Colour
    accent: Colour
    head: tuple[float, float, float] = (0.68, 0.29, 0.25)
    """Height of its middle, half width, half height."""
    body: tuple[float, float, float] = (0.29, 0.2, 0.22)
    ears: Feature = no_feature
    ears_in_front: bool = False
    nose: Feature = no_feature
    tail: Feature = no_feature
    face: FacePlan = ROUND_FACE
    foot: Colour | None = None
    limb: float = 0.055
    build: str = "legs"
    """`legs`, `boxes` (of metal), `sheet` (hovering) or `tentacles`."""


LOOKS: dict[str, Look] = {
    "dog": Look((178, 116, 66), (236, 206, 168), (104, 62, 36), ears=floppy_ears, ears_in_front=True, nose=muzzle,
                tail=wagging_tail, face=FacePlan(eye_v=-0.22, mouth_v=0.56)),
    "cat": Look((244, 150, 54), (255, 224, 178), (250, 134, 140), ears=pointed_ears, nose=whiskers, tail=curling_tail,
                face=FacePlan(eye_v=-0.1, mouth_v=0.55)),
    "rabbit": Look((240, 232, 236), (255, 255, 255), (246, 158, 178), head=(0.64, 0.26, 0.23), ears=long_ears,
                   nose=small_nose, tail=puff_tail, face=FacePlan(mouth_v=0.5)),
    "robot": Look((96, 150, 178), (60, 92, 118), (236, 70, 62), head=(0.7, 0.28, 0.22), ears=antenna, nose=screen,
                  build="boxes", face=FacePlan(eye_u=0.36, eye_v=-0.12)),
    "penguin": Look((44, 56, 88), (246, 246, 250), (255, 164, 40), head=(0.7, 0.25, 0.23), body=(0.32, 0.24, 0.28),
                    nose=white_face, foot=(255, 164, 40), face=FacePlan(eye_u=0.36, eye_v=-0.16, mouth_v=0.58)),
    "frog": Look((98, 186, 72), (214, 238, 158), (60, 132, 44), head=(0.6, 0.31, 0.21), body=(0.26, 0.22, 0.2),
                 ears=bulging_eyes,
                 face=FacePlan(eye_u=0.48, eye_v=-0.78, eye_size=0.32, mouth_v=0.3, mouth_size=1.6)),
    "pig": Look((248, 160, 178), (255, 202, 210), (226, 116, 142), body=(0.3, 0.25, 0.24), ears=folded_ears,
                ears_in_front=True, nose=snout, tail=ringlet_tail, face=FacePlan(eye_v=-0.25, mouth_v=0.62)),
    "ghost": Look((208, 204, 246), (226, 224, 255), (160, 150, 220), head=(0.66, 0.27, 0.27), body=(0.3, 0.27, 0.2),
                  build="sheet",
                  face=FacePlan(eye_v=0.0, mouth_v=0.56)),
    "chick": Look((255, 214, 60), (255, 236, 140), (244, 128, 30), head=(0.62, 0.24, 0.22), body=(0.29, 0.25, 0.21),
                  ears=tuft, nose=beak, foot=(244, 128, 30), face=FacePlan(eye_u=0.42, eye_v=-0.16, mouth_v=0.6)),
    "octopus": Look((154, 92, 196), (196, 146, 226), (118, 62, 160), head=(0.62, 0.32, 0.32), build="tentacles",
                    face=FacePlan(eye_v=0.08, mouth_v=0.56)),
}  # fmt: skip


def draw_character(
    canvas: Canvas,
    name: str,
    pose: Pose,
    emotion: str,
    *,
    place: tuple[float, float],
    height: float,
    seconds: float,
    hue: Colour = (1, 1, 1),
) -> None:
    """Draws a character whose feet stand at `place`, `height` tall, both in the canvas's coordinates.

    `seconds` moves what moves by itself (tail, eyelids); `hue` multiplies the colour of its coat.
    """
    look = LOOKS[name]
    figure = Figure()
    coat = lit(look.colour, hue)
    head = Head(0.0, -look.head[0], look.head[1], look.head[2], pose.turn)
    body = Head(0.0, -look.body[0], look.body[1], look.body[2], pose.turn)
    away = cos(pose.turn) < 0
    if not away:
        look.tail(figure, body, coat, look.accent, seconds)
    BUILDS[look.build](figure, look, body, pose, coat, seconds)
    if away:
        look.tail(figure, body, coat, look.accent, seconds)
    if not look.ears_in_front:
        look.ears(figure, head, coat, look.accent, seconds)
    figure.add(_skull(look, head), coat, outlined=True)
    if look.ears_in_front:
        look.ears(figure, head, coat, look.accent, seconds)
    if not away:
        look.nose(figure, head, coat, look.accent, seconds)
        skin = (246, 246, 250) if look.nose is white_face else coat
        draw_face(figure, head, look.face, emotion, seconds, skin)
    _arms(figure, look, body, pose, coat)
    figure.paint(canvas.placed(_stance(pose, place, height)), mix(shade(coat, -0.72), INK, 0.5), OUTLINE)


def _stance(pose: Pose, place: tuple[float, float], height: float) -> Float:
    """The matrix `[2, 3]` from a body's own coordinates to the canvas's."""
    scale = height * pose.size
    sx, sy = scale / pose.stretch, scale * pose.stretch
    c, s = cos(pose.lean), sin(pose.lean)
    turned = np.array([[c * sx, -s * sy], [s * sx, c * sy]])
    pivot = np.array([0.0, -pose.pivot])
    origin = np.array(place) + height * np.array([pose.x, pose.y])
    return np.column_stack([turned, origin + (sx, sy) * pivot - turned @ pivot])


def _skull(look: Look, head: Head) -> Float:
    if look.build == "boxes":
        return box(head.x, head.y, head.rx * (0.82 + 0.18 * abs(cos(head.turn))), head.ry, 0.07)
    return oval(head.x, head.y, head.rx, head.ry)


def _arms(figure: Figure, look: Look, body: Head, pose: Pose, coat: Colour) -> None:
    if look.build == "tentacles":
        return
    for side, angle in zip((-1, 1), pose.arms, strict=True):
        x, y = body.beside(0.85 * side, -0.45)
        hand = (x + 0.25 * side * sin(angle), y + 0.25 * cos(angle))
        tone = shade(coat, -0.1)
        figure.add(capsule((x, y), hand, look.limb, look.limb * 0.9), tone, outlined=True)
        if look.build == "boxes":
            figure.oval(*hand, 0.06, 0.06, shade(coat, -0.35), outlined=True)


def _standing(figure: Figure, look: Look, body: Head, pose: Pose, coat: Colour, _seconds: float) -> None:
    for side, (dx, dy) in zip((-1, 1), pose.feet, strict=True):
        hip = body.beside(0.5 * side, 0.6)
        foot = (hip[0] + dx + 0.015 * side, dy - 0.035)
        figure.add(capsule(hip, foot, 0.055, 0.05), look.foot or shade(coat, -0.1), outlined=True)
        toe = 0.035 * sin(pose.turn)
        figure.oval(foot[0] + toe, foot[1], 0.085, 0.048, look.foot or shade(coat, -0.1), outlined=True)
    figure.oval(body.x, body.y, body.rx, body.ry, coat, outlined=True)
    _belly(figure, look, body)


def _of_metal(figure: Figure, look: Look, body: Head, pose: Pose, coat: Colour, seconds: float) -> None:
    for side, (dx, dy) in zip((-1, 1), pose.feet, strict=True):
        hip = body.beside(0.5 * side, 0.7)
        foot = (hip[0] + dx, dy - 0.035)
        figure.add(capsule(hip, foot, 0.035, 0.035), shade(coat, -0.35), outlined=True)
        figure.add(box(foot[0], foot[1], 0.085, 0.042, 0.03), shade(coat, -0.2), outlined=True)
    figure.add(box(body.x, body.y, body.rx, body.ry, 0.05), coat, outlined=True)
    if body.facing(0) > 0.1:
        x, y = body.at(0.0, -0.1)
        figure.add(box(x, y, 0.13 * body.facing(0), 0.1, 0.02), look.belly)
        for k, lamp in enumerate(((236, 70, 62), (250, 204, 70), (96, 214, 120))):
            glimmer = 0.0 if (2 * seconds + k) % 3 < 1.5 else -0.45
            x, y = body.at(0.35 * (k - 1), -0.1)
            figure.oval(x, y, 0.026 * body.facing(0), 0.026, shade(lamp, glimmer))


def _sheet(figure: Figure, look: Look, body: Head, pose: Pose, coat: Colour, seconds: float) -> None:
    drift = 0.05 * (pose.feet[1][0] - pose.feet[0][0])
    hem = np.linspace(-1, 1, 25)
    wave = -0.06 + 0.035 * np.sin(hem * 9 + 5 * seconds) + drift * hem
    edge = [(0.27 * (1 + 0.08 * sin(3 * seconds)) * float(u), float(y)) for u, y in zip(hem, wave, strict=True)]
    figure.add([(-look.head[1], -look.head[0]), *edge, (look.head[1], -look.head[0])], coat, outlined=True)
    _belly(figure, look, body)


def _tentacles(figure: Figure, look: Look, _body: Head, pose: Pose, coat: Colour, seconds: float) -> None:
    lift = (pose.arms[0] - 0.5, pose.arms[1] - 0.5)
    for k, u in enumerate((-0.9, -0.55, -0.2, 0.2, 0.55, 0.9)):
        raised = lift[0] if u < 0 else lift[1]
        foot = pose.feet[0] if u < 0 else pose.feet[1]
        curl = 0.04 * sin(4 * seconds + 1.3 * k)
        root = (0.24 * u, -0.42)
        outer = abs(u) > 0.8
        spread = 0.4 * u + curl + foot[0] + (0.12 * u * min(2.0, abs(raised)) if outer else 0.0)
        rise = -0.04 + foot[1] - (0.2 * max(-0.2, raised) if outer else 0.0)
        figure.add(capsule(root, (spread, rise), 0.075, 0.042), shade(coat, -0.08 if k % 2 else 0.0), outlined=True)
        figure.oval(spread, rise, 0.022, 0.022, look.belly)


def _belly(figure: Figure, look: Look, body: Head) -> None:
    if body.facing(0) > 0.1:
        x, y = body.at(0.0, 0.12)
        figure.oval(x, y, 0.66 * body.rx * body.facing(0), 0.72 * body.ry, look.belly)


BUILDS = {"legs": _standing, "boxes": _of_metal, "sheet": _sheet, "tentacles": _tentacles}
