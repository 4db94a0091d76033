"""What drifts through the air or the water of a scene: snow, leaves, bubbles, pollen, rain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from indexer.samples.canvas import Canvas, Colour, Float


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of particle; speeds in unit heights a second, downward and rightward."""

    count: int
    radius: float
    fall: float
    breeze: float
    sway: float
    colours: tuple[Colour, ...]
    streak: float = 0.0
    """Seconds of its path that a particle shows as a line."""


KINDS: dict[str, Kind] = {
    "beach": Kind(6, 0.004, -0.01, 0.09, 0.02, ((255, 252, 236),)),
    "forest": Kind(8, 0.012, 0.1, 0.05, 0.05, ((232, 178, 60), (214, 120, 54), (150, 190, 70))),
    "city": Kind(26, 0.0022, 1.5, -0.2, 0.0, ((150, 164, 214),), streak=0.03),
    "snow": Kind(34, 0.009, 0.16, 0.04, 0.03, ((255, 255, 255), (236, 244, 255))),
    "room": Kind(5, 0.004, -0.015, 0.01, 0.02, ((255, 250, 226),)),
    "meadow": Kind(9, 0.007, -0.03, 0.07, 0.04, ((255, 252, 220), (255, 226, 140))),
    "underwater": Kind(14, 0.011, -0.2, 0.0, 0.025, ((196, 240, 252), (160, 224, 246))),
    "space": Kind(8, 0.004, 0.02, -0.03, 0.0, ((255, 246, 214), (214, 224, 255))),
    "desert": Kind(12, 0.004, 0.005, 0.22, 0.015, ((250, 214, 150),)),
}


@dataclass(frozen=True, slots=True)
class Drift:
    """The particles of one shot: where each starts (float `[N, 2]`), its pace, and the phase of its sway."""

    kind: Kind
    starts: Float
    pace: Float
    phase: Float


def drift(scene: str, rng: np.random.Generator) -> Drift:
    """Particles for a shot in `scene`."""
    kind = KINDS[scene]
    starts = rng.uniform((-1.2, 0), (1.2, 1), (kind.count, 2))
    return Drift(kind, starts, rng.uniform(0.7, 1.4, kind.count), rng.uniform(0, 2 * np.pi, kind.count))


def draw(canvas: Canvas, drifting: Drift, seconds: float) -> None:
    """Draws the particles as they are `seconds` into the shot; they leave on one side and come back on the other."""
    kind = drifting.kind
    path = seconds * drifting.pace
    xs = drifting.starts[:, 0] + kind.breeze * path + kind.sway * np.sin(2 * seconds + drifting.phase)
    ys = (drifting.starts[:, 1] + kind.fall * path) % 1.1 - 0.05
    xs = (xs + 1.2) % 2.4 - 1.2
    for k, (x, y, pace) in enumerate(zip(xs.tolist(), ys.tolist(), drifting.pace.tolist(), strict=True)):
        colour = kind.colours[k % len(kind.colours)]
        if kind.streak:
            tail = (x + kind.breeze * kind.streak, y + kind.fall * kind.streak)
            canvas.line([(x, y), tail], kind.radius, colour)
        else:
            canvas.dot(x, y, kind.radius * pace, colour)
