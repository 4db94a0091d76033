"""What a film shows, before a pixel is drawn: its shots, chosen at random from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

CHARACTERS = ("dog", "cat", "rabbit", "robot", "penguin", "frog", "pig", "ghost", "chick", "octopus")
SCENES = ("beach", "forest", "city", "snow", "room", "meadow", "underwater", "space", "desert")
ACTIVITIES = (
    "bouncing", "jumping", "running left", "running right", "spinning", "waving", "falling", "flying up",
    "rolling", "swaying", "growing", "shrinking", "shaking", "dancing",
)  # fmt: skip
EMOTIONS = ("happy", "sad", "angry", "surprised", "scared", "neutral")
CAMERAS = ("static", "pan left", "pan right", "zoom in", "zoom out")
LIGHTS = ("day", "dusk", "night")
PACES = {"slow": 0.5, "steady": 1.0, "fast": 1.5}
"""How many times as fast as usual a body moves. Faster ones would blur into slow ones at five frames a second."""
PACELESS = ("growing", "shrinking", "shaking")
"""Activities that are always steady: they last as long as their shot, or tremble."""

FPS = 25
LIGHTS_OF = {"city": ("night",), "space": ("night",), "underwater": ("day", "night")}
"""The lights of scenes that do not know all three."""

Allowed = Callable[[str, str, str], bool]
"""Whether a character may do an activity in a scene."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The script of one shot; with the same script come the same pixels."""

    characters: tuple[str, ...]
    """One or two different ones; all do and feel the same."""
    scene: str
    activity: str
    emotion: str
    camera: str
    light: str
    seed: int
    """Decides what has no name: places, sizes, tints, tempo, the layout and the mirroring of the scene."""
    duration: float
    """Seconds."""
    pace: str = "steady"
    """A key of `PACES`."""


@dataclass(frozen=True, slots=True)
class Film:
    """Shots in order, cut hard from one to the next."""

    shots: tuple[Shot, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(shot.duration for shot in self.shots)

    def spans(self) -> list[tuple[float, float]]:
        """Start and end of each shot in seconds."""
        ends = np.cumsum([shot.duration for shot in self.shots])
        return [(float(end) - shot.duration, float(end)) for shot, end in zip(self.shots, ends, strict=True)]


def random_shot(rng: np.random.Generator, *, allowed: Allowed | None = None) -> Shot:
    """A shot drawn evenly from all that `allowed(character, activity, scene)` lets through, for every character."""
    while True:
        shot = _any_shot(rng)
        if allowed is None or all(allowed(name, shot.activity, shot.scene) for name in shot.characters):
            return shot


def random_film(rng: np.random.Generator) -> Film:
    """Two to four shots, 6 to 15 seconds together, neighbours in different scenes and doing different things."""
    shots: list[Shot] = []
    count = int(rng.integers(2, 5))
    longest = int(15.0 / count * FPS) / FPS  # whole frames
    while len(shots) < count:
        shot = random_shot(rng)
        if not shots or (shot.scene != shots[-1].scene and shot.activity != shots[-1].activity):
            shots.append(replace(shot, duration=min(shot.duration, longest)))
    return Film(tuple(shots))


def held_out(shot: Shot) -> bool:
    """Whether training must never see this shot: one of its characters does what is kept apart, where it is."""
    return any(kept_apart(name, shot.activity, shot.scene) for name in shot.characters)


def kept_apart(character: str, activity: str, scene: str) -> bool:
    """Whether a combination is kept from training, so that an encoder can be asked about some that it never met.

    About one in nine is: those whose three names, joined by spaces, have a CRC-32 that 9 divides. So it rests on
    names alone, and no new name moves an old combination from one side to the other.
    """
    return crc32(f"{character} {activity} {scene}".encode()) % 9 == 0


def any_pace(shot: Shot, rng: np.random.Generator) -> Shot:
    """The same shot at a pace by chance, half of the time as it was; the films for people are all steady."""
    if shot.activity in PACELESS or rng.random() < 0.5:
        return shot
    return replace(shot, pace=str(rng.choice(["slow", "fast"])))


def _any_shot(rng: np.random.Generator) -> Shot:
    count = 2 if rng.random() < 0.2 else 1
    scene = str(rng.choice(SCENES))
    return Shot(
        characters=tuple(str(name) for name in rng.choice(CHARACTERS, size=count, replace=False)),
        scene=scene,
        activity=str(rng.choice(ACTIVITIES)),
        emotion=str(rng.choice(EMOTIONS)),
        camera=str(rng.choice(CAMERAS)),
        light=str(rng.choice(LIGHTS_OF.get(scene, LIGHTS))),
        seed=int(rng.integers(2**31)),
        duration=float(round(rng.uniform(3.0, 5.0) * FPS) / FPS),
    )
