"""Where training clips come from: a source gives a clip with the sentences that speak of it.

A further source (pictures, other films) is one class with these two methods, mixed in by `training_source`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.samples.captions import caption_shot
from indexer.samples.film import draw_shot
from indexer.samples.script import FPS, Film, Shot, random_film, random_shot
from search.contracts import UInt8
from search.encoders.s3d import S3DConfig

Float64 = NDArray[np.float64]

JITTER = 0.045
"""How far off the middle the crop of a clip may sit, in frame sizes."""
ENOUGH = 0.4
"""Share of a clip that a shot must fill for its captions to be true of the clip."""
ACROSS_CUTS = 0.35
"""Share of the clips that are cut out of a film as indexing does, the others out of one shot."""


@dataclass(frozen=True, slots=True)
class Example:
    """One clip, RGB uint8 `[T, S, S, 3]`, and sentences that are true of it."""

    frames: UInt8
    captions: tuple[str, ...]


class TrainingSource(Protocol):
    """Both methods are functions of the random generator alone."""

    def example(self, rng: np.random.Generator) -> Example: ...

    def caption(self, rng: np.random.Generator) -> str:
        """A sentence of the kind that `example` gives, without drawing the clip."""
        ...


class DrawnFilms:
    """Windows of the films that `vsearch samples` draws, cut anywhere, as indexing cuts them."""

    def __init__(self, config: S3DConfig, captions: int = 4) -> None:
        self._config = config
        self._captions = captions
        self._margin = round(JITTER * config.size)

    def caption(self, rng: np.random.Generator) -> str:
        return caption_shot(random_shot(rng), rng)

    def example(self, rng: np.random.Generator) -> Example:
        film = random_film(rng)
        start, end = self._window(film, rng)
        times = np.minimum(start + np.arange(self._config.frames) / self._config.fps, end - 1 / FPS)
        pieces = shot_times(film, times)
        frames = np.concatenate([self._draw(shot, local) for shot, local in pieces])
        shift = int(rng.integers(2 * self._margin + 1))
        told = [shot for shot, local in pieces if len(local) >= ENOUGH * len(times)]
        captions = tuple(caption_shot(told[i % len(told)], rng) for i in range(self._captions))
        return Example(np.ascontiguousarray(frames[:, :, shift : shift + self._config.size]), captions)

    def _window(self, film: Film, rng: np.random.Generator) -> tuple[float, float]:
        """Where the clip starts and where what it may show ends, in seconds of the film."""
        if rng.random() < ACROSS_CUTS:
            return float(rng.uniform(0, max(film.duration - 1.0, 0.1))), film.duration
        start, end = film.spans()[int(rng.integers(len(film.shots)))]
        return float(rng.uniform(start, max(end - 1.2, start + 0.1))), end

    def _draw(self, shot: Shot, times: Float64) -> UInt8:
        return draw_shot(shot, times.tolist(), self._config.size + 2 * self._margin, self._config.size)


def training_source(config: S3DConfig) -> TrainingSource:
    """What encoders are trained on."""
    return DrawnFilms(config)


def shot_times(film: Film, times: Float64) -> list[tuple[Shot, Float64]]:
    """The shots that ascending film times (seconds, float `[T]`) fall into, each with the times within it."""
    starts = np.array([0.0, *(end for _, end in film.spans()[:-1])])
    index = np.searchsorted(starts, times, side="right") - 1
    return [(film.shots[i], times[index == i] - starts[i]) for i in np.unique(index)]
