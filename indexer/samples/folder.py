"""A folder of drawn films with their captions and the truth about them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.mp4 import write_mp4
from indexer.samples.canvas import UInt8
from indexer.samples.captions import tell_shot
from indexer.samples.ceiling import Ceiling
from indexer.samples.film import film_frames
from indexer.samples.lists import Programme, Row, captions_csv, film_name, truth
from indexer.samples.probes import PROBES
from indexer.samples.script import FPS, random_film
from indexer.whole_file import make_folder, nearest_folder, whole_file
from search.errors import DiskFull, UsageError

COUNT = 12
"""Films, where nobody says how many."""
CAPTIONS_PER_SHOT = 3
MOST = 9999
"""Films of one folder: their names have four digits."""
SMALLEST, LARGEST = 64, 3840
"""Bounds of a film's width and height in pixels."""
BYTES_A_FILM, BYTES_A_PIXEL = 100_000, 5
"""What a film takes about: so much, and so much a pixel of its size; measured at 96x64 and at 480x270."""

OnProgress = Callable[[float], None]
"""Hears the share done, 0..1."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn."""

    films: int
    seconds: float
    """Of film."""
    path: Path
    ceiling: Ceiling
    """How well the captions tell the shots apart."""


def sample_films(count: int, seed: int) -> Programme:
    """The first `count` films of a seed, each shot with some captions; a larger count begins with the same ones."""
    films = tuple(random_film(np.random.default_rng([seed, number])) for number in range(1, count + 1))
    rows: list[Row] = []
    for number, film in enumerate(films, 1):
        rng = np.random.default_rng([seed, number, 1])
        for shot, (start, end) in zip(film.shots, film.spans(), strict=True):
            rows += [Row(number, start, end, shot, tell_shot(shot, rng)) for _ in range(CAPTIONS_PER_SHOT)]
    return Programme(films, tuple(rows))


def draw_samples(
    folder: Path,
    count: int | None,
    seed: int,
    width: int,
    height: int,
    on_progress: OnProgress = lambda _share: None,
    *,
    probe: str | None = None,
) -> Drawn:
    """Draws `count` films into `folder`, with `captions.csv` and `truth.json`; those of a probe if one is named.

    No count is `COUNT` films, or all of a probe. The same seed and size give the same files. Both lists are renewed
    after every film, so that a run that is interrupted leaves whole films and a true account of them. Raises
    UsageError for a count, a seed, a size or a probe that cannot be, DiskFull where there is no room for so many,
    CannotGoOn where the folder does not take films.
    """
    _check(COUNT if count is None else count, seed, width, height)
    if probe is None:
        programme = sample_films(COUNT if count is None else count, seed)
    elif probe in PROBES:
        programme = PROBES[probe](seed)
        programme = programme if count is None else programme.first(count)
    else:
        raise UsageError(f"There is no probe {probe}.", f"There are {', '.join(PROBES)}.")
    return _draw(folder, programme, seed, (width, height), on_progress)


def _draw(folder: Path, programme: Programme, seed: int, size: tuple[int, int], on_progress: OnProgress) -> Drawn:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, not a folder.", "Name a folder for the films; it is made if need be.")
    films = programme.films
    _require_room(folder, len(films), size)
    make_folder(folder)
    seconds = sum(film.duration for film in films)
    frames_done = 0

    def told(frames: Iterator[UInt8]) -> Iterator[UInt8]:
        nonlocal frames_done
        for frame in frames:
            yield frame
            frames_done += 1
            on_progress(frames_done / (seconds * FPS))

    for number, film in enumerate(films, 1):
        write_mp4(folder / film_name(number), told(film_frames(film, *size)), *size, FPS)
        _write_text(folder / "captions.csv", captions_csv(programme.first(number).rows))
        _write_text(folder / "truth.json", json.dumps(truth(films[:number], seed), indent=1) + "\n")
    return Drawn(len(films), round(seconds, 2), folder, programme.ceiling())


def _check(count: int, seed: int, width: int, height: int) -> None:
    if count < 1:
        raise UsageError(f"Cannot draw {count} films.", "Ask for one or more with --count.")
    if count > MOST:
        needed = _bytes_of(count, width, height) / 1e9
        raise UsageError(f"{count:,} films would take about {needed:,.0f} GB.",
                         f"Ask for {MOST:,} at most with --count; another --seed draws others.")  # fmt: skip
    if seed < 0:
        raise UsageError(f"{seed} is no seed.", "Give --seed a whole number from 0 up.")
    if width % 2 or height % 2 or not all(SMALLEST <= side <= LARGEST for side in (width, height)):
        raise UsageError(f"Films of {width}x{height} pixels cannot be made.",
                         f"Give --size even numbers from {SMALLEST} to {LARGEST}, as in 480x270.")  # fmt: skip


def _require_room(folder: Path, count: int, size: tuple[int, int]) -> None:
    needed, free = _bytes_of(count, *size), shutil.disk_usage(nearest_folder(folder)).free
    if needed > free:
        raise DiskFull(f"{count:,} films take about {needed / 1e6:,.0f} MB; for {folder} {free / 1e6:,.0f} are free.",
                       "Ask for fewer with --count, or name a folder on another disk.")  # fmt: skip


def _bytes_of(count: int, width: int, height: int) -> int:
    """About what so many films take."""
    return count * (BYTES_A_FILM + BYTES_A_PIXEL * width * height)


def _write_text(path: Path, text: str) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
