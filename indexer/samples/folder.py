"""A folder of drawn films with their captions and the truth about them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.mp4 import whole_file, write_mp4
from indexer.samples.captions import caption_shot
from indexer.samples.film import film_frames
from indexer.samples.script import FPS, Film, random_film
from search.errors import CannotGoOn, UsageError

CAPTIONS_PER_SHOT = 3
SMALLEST, LARGEST = 64, 3840
"""Bounds of a film's width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn."""

    films: int
    seconds: float
    """Of film."""
    path: Path


def film_name(number: int) -> str:
    return f"film_{number:04d}.mp4"


def scripts(count: int, seed: int) -> list[Film]:
    """The first `count` films of a seed; a larger count begins with the same ones."""
    return [random_film(np.random.default_rng([seed, number])) for number in range(1, count + 1)]


def draw_samples(
    folder: Path,
    count: int,
    seed: int,
    width: int,
    height: int,
    on_progress: Callable[[float], None] = lambda _share: None,
) -> Drawn:
    """Draws `count` films into `folder`, with `captions.csv` and `truth.json`; `on_progress` hears the share done.

    The same seed and size give the same files. Both lists are renewed after every film, so that a run that is
    interrupted leaves whole films and a true account of them. Raises UsageError for a count, a seed or a size
    that cannot be, CannotGoOn where the folder does not take the films.
    """
    _check(count, seed, width, height)
    _make_folder(folder)
    films = scripts(count, seed)
    seconds = sum(film.duration for film in films)
    frames_done = 0

    def told(frames: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
        nonlocal frames_done
        for frame in frames:
            yield frame
            frames_done += 1
            on_progress(frames_done / (seconds * FPS))

    for number, film in enumerate(films, 1):
        write_mp4(folder / film_name(number), told(film_frames(film, width, height)), width, height, FPS)
        _write_text(folder / "captions.csv", captions_csv(films[:number], seed))
        _write_text(folder / "truth.json", json.dumps(truth(films[:number], seed), indent=1) + "\n")
    return Drawn(count, round(seconds, 2), folder)


def captions_csv(films: list[Film], seed: int) -> str:
    """`path,start,end,caption`: some captions for every shot of every film; times in seconds."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["path", "start", "end", "caption"])
    for number, film in enumerate(films, 1):
        rng = np.random.default_rng([seed, number, 1])
        for shot, (start, end) in zip(film.shots, film.spans(), strict=True):
            for _ in range(CAPTIONS_PER_SHOT):
                rows.writerow([film_name(number), f"{start:.2f}", f"{end:.2f}", caption_shot(shot, rng)])
    return text.getvalue()


def truth(films: list[Film], seed: int) -> dict[str, Any]:
    """Who, where, what and how by time range (seconds), as a document ready for JSON."""
    return {"schema": 1, "seed": seed, "fps": FPS, "films": [_film_truth(n, film) for n, film in enumerate(films, 1)]}


def _film_truth(number: int, film: Film) -> dict[str, Any]:
    spans = [(round(start, 2), round(end, 2)) for start, end in film.spans()]
    shots = list(zip(film.shots, spans, strict=True))
    return {
        "path": film_name(number),
        "duration": round(film.duration, 2),
        "shots": [
            {"start": start, "end": end, "characters": list(shot.characters), "activity": shot.activity,
             "emotion": shot.emotion, "scene": shot.scene, "camera": shot.camera, "light": shot.light}
            for shot, (start, end) in shots
        ],
        "characters": _ranges((name, span) for shot, span in shots for name in shot.characters),
        "emotions": _ranges((shot.emotion, span) for shot, span in shots),
        "activities": _ranges((shot.activity, span) for shot, span in shots),
        "scenes": _ranges((shot.scene, span) for shot, span in shots),
    }  # fmt: skip


def _ranges(labelled: Iterator[tuple[str, tuple[float, float]]]) -> dict[str, list[list[float]]]:
    """Time ranges by label, in order; those that touch are one."""
    ranges: dict[str, list[list[float]]] = {}
    for label, (start, end) in labelled:
        known = ranges.setdefault(label, [])
        if known and known[-1][1] == start:
            known[-1][1] = end
        else:
            known.append([start, end])
    return ranges


def _check(count: int, seed: int, width: int, height: int) -> None:
    if count < 1:
        raise UsageError(f"Cannot draw {count} films.", "Ask for one or more with --count.")
    if seed < 0:
        raise UsageError(f"{seed} is no seed.", "Give --seed a whole number from 0 up.")
    if width % 2 or height % 2 or not all(SMALLEST <= side <= LARGEST for side in (width, height)):
        raise UsageError(f"Films of {width}x{height} pixels cannot be made.",
                         f"Give --size even numbers from {SMALLEST} to {LARGEST}, as in 480x270.")  # fmt: skip


def _make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder.", "Name a folder for the films; it is made if need be.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGoOn(f"Cannot make the folder {folder}: {error.strerror}.",
                         "Choose a place that you may write to.") from error  # fmt: skip


def _write_text(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
