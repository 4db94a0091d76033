"""How long and how the towers are trained: first the trunk by the teachers alone, then both towers together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from classifiers.training import schedule

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StillPlan:
    """One stage of the training."""

    stage: str
    """The name of its folder."""
    weights: Weights
    """Of the losses; one that is not named is not computed."""
    minutes: float | None = None
    """Ends the schedule when so much time has been spent."""
    steps: int | None = None
    """Ends it after so many steps, if that comes first."""
    seed: int = 8
    sizes: tuple[tuple[int, float], ...] = ((80, 0.55), (96, 1.0))
    """Height and width of the pictures, and the progress 0..1 until which."""
    captioned: int = 96
    """Pictures with captions in a batch."""
    others: int = 176
    """Pictures without, known by their class at most."""
    drawn: int = 80
    """Frames of drawn films."""
    more_captions: int = 384
    """Captions of none of these pictures."""
    more_sentences: int = 320
    """Sentences of any kind, for the text tower alone."""
    rate: float = 3e-3
    """The highest learning rate."""
    text_share: float = 0.5
    """The text tower's learning rate, in those of the rest."""
    decay: float = 0.02
    warm_up: int = 80
    """Steps."""
    average: float = 0.998
    """How much of the averaged weights is kept at a step."""
    save_seconds: float = 150.0

    def progress(self, step: int, seconds: float) -> float:
        """How much is done after so many steps and so much time, 0..1."""
        return schedule.progress(step, seconds, steps=self.steps, minutes=self.minutes)

    def size(self, progress: float) -> int:
        """Height and width of the pictures in pixels at this progress."""
        return next((size for size, until in self.sizes if progress < until), self.sizes[-1][0])


TRUNK_WEIGHTS: Weights = MappingProxyType({"teacher": 4.0, "place": 4.0, "choice": 0.5})
JOINT_WEIGHTS: Weights = MappingProxyType(
    {"teacher": 4.0, "place": 4.0, "choice": 0.5, "captions": 0.5, "alike": 0.5, "classes": 0.25, "words": 2.0}
)


def trunk_plan(minutes: float | None, seed: int) -> StillPlan:
    """The picture tower by the teachers alone."""
    return StillPlan(
        "trunk", TRUNK_WEIGHTS, minutes, seed=seed, sizes=((64, 0.5), (80, 0.8), (96, 1.0)), rate=4e-3,
        captioned=48, others=208, drawn=0, more_captions=1024, more_sentences=0,
    )  # fmt: skip


def joint_plan(minutes: float | None, seed: int) -> StillPlan:
    """Both towers, by the teachers and by each other."""
    return StillPlan("joint", JOINT_WEIGHTS, minutes, seed=seed)
