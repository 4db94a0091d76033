"""How a body moves: from an activity and a time to a pose. No single pose tells the activity; its course does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import cos, pi, sin

TAU = 2 * pi


@dataclass(frozen=True, slots=True)
class Pose:
    """A body at one moment. Lengths are in heights of a body, angles in radians, growing clockwise."""

    x: float = 0.0
    y: float = 0.0
    """How far off its place; negative is up."""
    lean: float = 0.0
    pivot: float = 0.0
    """The height about which it leans: 0 its feet, 0.5 its middle."""
    stretch: float = 1.0
    """Taller above 1, and thinner for it."""
    size: float = 1.0
    turn: float = 0.0
    """Where it faces: 0 the viewer, positive to the right, pi away."""
    arms: tuple[float, float] = (0.5, 0.5)
    """Left and right on the screen: 0 hangs down, pi/2 points outwards, pi up."""
    feet: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    """Left and right, off their place."""

    def facing(self, gaze: float) -> Pose:
        """The same pose, looking `gaze` radians further round."""
        return replace(self, turn=self.turn + gaze)


@dataclass(frozen=True, slots=True)
class Beat:
    """When in a motion we are."""

    seconds: float
    """Since some time before the shot, at the body's own tempo."""
    progress: float
    """0 at the shot's start, 1 at its end."""
    heading: int
    """-1 leftward, 1 rightward; for motions that have no side of their own."""


def bouncing(beat: Beat) -> Pose:
    height = abs(sin(pi * 1.7 * beat.seconds))
    return Pose(y=-0.3 * height, stretch=0.86 + 0.24 * height**0.6, arms=(0.5 + 0.7 * height,) * 2)


def jumping(beat: Beat) -> Pose:
    phase = (beat.seconds / 1.5) % 1
    if phase < 0.3:  # gathers itself
        crouch = sin(pi * phase / 0.3)
        return Pose(stretch=1 - 0.28 * crouch, arms=(0.4 - 0.5 * crouch,) * 2)
    if phase < 0.82:
        air = (phase - 0.3) / 0.52
        height = 4 * air * (1 - air)
        tuck = -0.07 * height
        return Pose(y=-0.55 * height, stretch=1.02 + 0.1 * abs(1 - 2 * air), arms=(0.5 + 2.2 * height**0.5,) * 2,
                    feet=((0.03, tuck), (-0.03, tuck)))  # fmt: skip
    land = sin(pi * (phase - 0.82) / 0.18)
    return Pose(stretch=1 - 0.2 * land, arms=(0.5 + 0.4 * land,) * 2)


def running(beat: Beat) -> Pose:
    stride = TAU * 2.3 * beat.seconds
    swing = 0.9 * sin(stride)
    near, far = ((0.17 * sin(stride + k), -0.13 * max(0.0, cos(stride + k)) ** 1.5) for k in (0.0, pi))
    return Pose(
        x=beat.heading * 0.65 * (2 * beat.progress - 1),
        y=-0.06 * abs(sin(stride)),
        lean=0.13 * beat.heading,
        turn=0.7 * beat.heading,
        arms=(0.35 + swing, 0.35 - swing),
        feet=(near, far) if beat.heading > 0 else ((-near[0], near[1]), (-far[0], far[1])),
    )


def spinning(beat: Beat) -> Pose:
    turn = beat.heading * TAU * 0.85 * beat.seconds
    return Pose(turn=turn, y=-0.03 * abs(sin(turn)), lean=0.04 * sin(turn), arms=(1.35, 1.35))


def waving(beat: Beat) -> Pose:
    raised = 2.35 + 0.55 * sin(TAU * 1.6 * beat.seconds)
    arms = (0.4, raised) if beat.heading > 0 else (raised, 0.4)
    return Pose(arms=arms, lean=-0.05 * beat.heading + 0.03 * sin(TAU * 0.8 * beat.seconds))


def falling(beat: Beat) -> Pose:
    phase = (beat.seconds / 2.3) % 1
    flail = 0.5 * sin(TAU * 2.1 * beat.seconds)
    kick = 0.06 * sin(TAU * 2.1 * beat.seconds)
    return Pose(
        x=0.06 * sin(TAU * phase), y=-1.75 + 2.3 * phase, pivot=0.5, lean=beat.heading * (TAU * phase - 0.8),
        arms=(2.1 + flail, 2.1 - flail), feet=((-0.04, kick), (0.04, -kick)),
    )  # fmt: skip


def flying_up(beat: Beat) -> Pose:
    phase = (beat.seconds / 2.3) % 1
    flap = 0.75 * sin(TAU * 1.9 * beat.seconds)
    return Pose(x=0.08 * sin(TAU * phase), y=0.55 - 2.3 * phase, lean=0.15 * sin(TAU * phase), stretch=1.06,
                arms=(1.6 + flap,) * 2, feet=((0.05, 0.03), (-0.05, 0.03)))  # fmt: skip


def rolling(beat: Beat) -> Pose:
    return Pose(x=beat.heading * 0.65 * (2 * beat.progress - 1), lean=beat.heading * TAU * 0.75 * beat.seconds,
                pivot=0.5, stretch=0.9, arms=(0.9, 0.9), feet=((0.04, -0.08), (-0.04, -0.08)))  # fmt: skip


def swaying(beat: Beat) -> Pose:
    side = sin(TAU * 0.62 * beat.seconds)
    return Pose(x=0.06 * side, lean=0.42 * side, arms=(1.2 - 0.4 * side, 1.2 + 0.4 * side))


def growing(beat: Beat) -> Pose:
    wobble = sin(TAU * 1.5 * beat.seconds)
    return Pose(size=0.4 + 0.95 * beat.progress, stretch=1 + 0.03 * wobble, arms=(0.7 + 0.1 * wobble,) * 2)


def shrinking(beat: Beat) -> Pose:
    wobble = sin(TAU * 1.5 * beat.seconds)
    return Pose(size=1.35 - 0.95 * beat.progress, stretch=1 + 0.03 * wobble, arms=(0.7 + 0.1 * wobble,) * 2)


def shaking(beat: Beat) -> Pose:
    # Two tempos without a common measure: sampling at a few frames a second cannot make it stand still.
    fast, slow = sin(TAU * 5.3 * beat.seconds), sin(TAU * 3.7 * beat.seconds + 1)
    return Pose(x=0.05 * fast + 0.02 * slow, lean=0.05 * slow, stretch=0.97 + 0.02 * fast,
                arms=(0.35 + 0.2 * fast, 0.35 - 0.2 * fast))  # fmt: skip


def dancing(beat: Beat) -> Pose:
    side = sin(TAU * 0.85 * beat.seconds)
    hop = abs(cos(TAU * 0.85 * beat.seconds))
    return Pose(
        x=0.22 * side, y=-0.1 * hop, lean=0.16 * side, turn=0.3 * side, stretch=0.95 + 0.08 * hop,
        arms=(1.4 - 0.95 * side, 1.4 + 0.95 * side),
        feet=((0.0, -0.1 * max(0.0, side)), (0.0, -0.1 * max(0.0, -side))),
    )  # fmt: skip


MOTIONS: dict[str, Callable[[Beat], Pose]] = {
    "bouncing": bouncing,
    "jumping": jumping,
    "running left": running,
    "running right": running,
    "spinning": spinning,
    "waving": waving,
    "falling": falling,
    "flying up": flying_up,
    "rolling": rolling,
    "swaying": swaying,
    "growing": growing,
    "shrinking": shrinking,
    "shaking": shaking,
    "dancing": dancing,
}


def heading_of(activity: str, otherwise: int) -> int:
    """-1 or 1: the side that the activity names, or else `otherwise`."""
    return {"running left": -1, "running right": 1}.get(activity, otherwise)


def travels(activity: str) -> bool:
    """Whether the body covers ground, so that the camera goes along."""
    return MOTIONS[activity] in (running, rolling)
