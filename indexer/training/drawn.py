"""Training clips cut out of the films that `vsearch samples` draws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.samples.captions import caption_shot, tell_shot
from indexer.samples.film import draw_shot
from indexer.samples.script import (
    ACTIVITIES,
    CHARACTERS,
    EMOTIONS,
    FPS,
    LIGHTS,
    PACELESS,
    PACES,
    Film,
    Shot,
    any_pace,
    held_out,
    random_film,
    random_shot,
)
from indexer.training.sources import Example
from indexer.training.twins import OPPOSITES, mirror_is_allowed, motion_twins
from search.contracts import UInt8
from search.encoders.s3d import S3DConfig

Float64 = NDArray[np.float64]

JITTER = 0.045
"""How far off the middle the crop of a clip may sit, in frame sizes."""
ENOUGH = 0.4
"""Share of a clip that a shot must fill for its captions to be true of the clip."""
ACROSS_CUTS = 0.35
"""Share of the clips that are cut out of a film as indexing does, the others out of one shot."""
FALSE = 4
"""Captions that differ from the truth about a clip in one thing."""
WRONG = {"activity": 0.35, "emotion": 0.25, "characters": 0.15, "light": 0.1, "pace": 0.15}
"""What that thing is, and how often."""
GIVE_UP = 0.2
TWINS = 0.3
"""Share of the clips that come with a twin."""


class DrawnFilms:
    """Windows of the films that `vsearch samples` draws, cut anywhere, as indexing cuts them."""

    def __init__(self, config: S3DConfig, captions: int = 4) -> None:
        self._config = config
        self._captions = captions
        self._margin = round(JITTER * config.size)

    def caption(self, rng: np.random.Generator) -> str:
        return caption_shot(_allowed_shot(rng), rng)

    def example(self, rng: np.random.Generator) -> Example:
        if rng.random() < TWINS and (twins := motion_twins(_allowed_shot(rng), rng)):
            return self._twins(twins, rng)
        film = _allowed_film(rng)
        start, end = self._window(film, rng)
        times = self._times(start, end)
        pieces = shot_times(film, times)
        shift = int(rng.integers(2 * self._margin + 1))
        frames = np.concatenate([self._draw(shot, local, shift) for shot, local in pieces])
        told = [shot for shot, local in pieces if len(local) >= ENOUGH * len(times)]
        captions = tuple(caption_shot(told[i % len(told)], rng) for i in range(self._captions))
        false = tuple(wrong_caption(shot, rng) for shot in told for _ in range(FALSE // len(told)))
        return Example(frames, captions, false, mirrors=all(map(mirror_is_allowed, told)))

    def _twins(self, shots: tuple[Shot, Shot], rng: np.random.Generator) -> Example:
        """The same stretch of both shots, and captions that leave out nothing of the motion."""
        start = float(rng.uniform(0, max(shots[0].duration - self._config.frames / self._config.fps, 0.1)))
        times = self._times(start, shots[0].duration)
        shift = int(rng.integers(2 * self._margin + 1))
        first, twin = (
            Example(
                self._draw(shot, times, shift),
                tuple(tell_shot(shot, rng, complete=True).text for _ in range(self._captions)),
                mirrors=mirror_is_allowed(shot),
            )
            for shot in shots
        )
        return replace(first, twin=twin)

    def _times(self, start: float, end: float) -> Float64:
        """When the frames of a clip are, in seconds; past the end its last frame stands."""
        return np.minimum(start + np.arange(self._config.frames) / self._config.fps, end - 1 / FPS)

    def _window(self, film: Film, rng: np.random.Generator) -> tuple[float, float]:
        """Where the clip starts and where what it may show ends, in seconds of the film."""
        if rng.random() < ACROSS_CUTS:
            return float(rng.uniform(0, max(film.duration - 1.0, 0.1))), film.duration
        start, end = film.spans()[int(rng.integers(len(film.shots)))]
        return float(rng.uniform(start, max(end - 1.2, start + 0.1))), end

    def _draw(self, shot: Shot, times: Float64, shift: int) -> UInt8:
        frames = draw_shot(shot, times.tolist(), self._config.size + 2 * self._margin, self._config.size)
        return np.ascontiguousarray(frames[:, :, shift : shift + self._config.size])


def wrong_caption(shot: Shot, rng: np.random.Generator) -> str:
    """What would be said if one thing were different: the hardest to tell from the truth."""
    field = str(rng.choice(list(WRONG), p=list(WRONG.values())))
    other = replace(shot, **{field: _other_value(shot, field, rng)})
    while field not in (caption := tell_shot(other, rng, complete=True)).told:
        # Not every scene has hours and not every activity a pace: then somebody else does it.
        if rng.random() < GIVE_UP:
            other, field = replace(shot, characters=_other_value(shot, "characters", rng)), "characters"
    nonsense = other.pace != "steady" and other.activity in PACELESS
    return wrong_caption(shot, rng) if held_out(other) or nonsense else caption.text


def _other_value(shot: Shot, field: str, rng: np.random.Generator) -> Any:
    values = {"activity": ACTIVITIES, "emotion": EMOTIONS, "light": LIGHTS, "pace": tuple(PACES)}
    if field == "characters":
        return (str(rng.choice([name for name in CHARACTERS if name not in shot.characters])),)
    if field == "activity" and shot.activity in OPPOSITES and rng.random() < 0.5:
        return OPPOSITES[shot.activity]
    return str(rng.choice([value for value in values[field] if value != getattr(shot, field)]))


def _allowed_shot(rng: np.random.Generator) -> Shot:
    while held_out(shot := any_pace(random_shot(rng), rng)):
        pass
    return shot


def _allowed_film(rng: np.random.Generator) -> Film:
    """A film without the combinations that are kept for measuring."""
    while any(map(held_out, (film := random_film(rng)).shots)):
        pass
    return Film(tuple(any_pace(shot, rng) for shot in film.shots))


def shot_times(film: Film, times: Float64) -> list[tuple[Shot, Float64]]:
    """The shots that ascending film times (seconds, float `[T]`) fall into, each with the times within it."""
    starts = np.array([0.0, *(end for _, end in film.spans()[:-1])])
    index = np.searchsorted(starts, times, side="right") - 1
    return [(film.shots[i], times[index == i] - starts[i]) for i in np.unique(index)]
