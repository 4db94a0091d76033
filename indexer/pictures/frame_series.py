"""A film as a folder of frames and a CSV that says when each is shown."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from classifiers.characters.mapping import IMAGE
from indexer.decoding.outcome import DecodeOutcome
from indexer.finding.given import no_film
from indexer.pictures.frame_files import frame_name, write_frame_files
from indexer.sources.base import MAX_PIXELS
from indexer.whole_file import make_folder, whole_file

CSV, TIME = "frames.csv", "seconds"


@dataclass(frozen=True, slots=True)
class Series:
    """What was written."""

    names: tuple[str, ...]
    csv: Path
    outcome: DecodeOutcome


def write_series(
    film: Path, folder: Path, fps: float, longest_side: int | None, suffix: str, told: Callable[[float, float], None]
) -> Series:
    """Writes `folder/FILM_SECONDS.jpg` and `folder/frames.csv` (Image_ID, seconds).

    `told` is told the seconds done and the film's. A damaged film gives what decodes of it. Raises PathNotFound,
    DiskFull, CannotGoOn.
    """
    if not film.is_file():
        raise no_film(film)
    make_folder(folder)
    side = longest_side or int(MAX_PIXELS**0.5)
    times, outcome = write_frame_files(film, folder, fps, side, suffix, lambda done, whole: told(done, whole or done))
    names = [frame_name(film.name, seconds, suffix) for seconds in times]
    with whole_file(folder / CSV) as part, part.open("w", encoding="utf-8", newline="") as file:
        rows = ((name, f"{seconds:.3f}") for name, seconds in zip(names, times, strict=True))
        csv.writer(file, lineterminator="\n").writerows([(IMAGE, TIME), *rows])
    return Series(tuple(names), folder / CSV, outcome)
