"""Frames of films in a folder, with a CSV that a person fills in: who is on which."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers.characters.mapping import IMAGE
from indexer.finding.given import no_film
from indexer.pictures.frame_files import frame_name, write_frame_files
from indexer.whole_file import make_folder, whole_file
from search.catalog.records import VideoState
from search.errors import UsageError

LABELS, FRAMES = "labels.csv", "frames"
SIDE = 640
"""Longest side of a written frame in pixels; larger ones show a person nothing more."""
Seen = tuple[str, float]
"""The name of a film, and seconds into it."""
WhoIsThere = Callable[[Seen], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What was written."""

    frames: int
    csv: Path
    folder: Path
    """Of the frames."""
    characters: tuple[str, ...]
    failures: tuple[tuple[Path, str], ...]
    """Films of which not all could be decoded, and why."""


def write_frames(
    films: Sequence[Path],
    out: Path,
    *,
    fps: float,
    characters: Sequence[str],
    who: WhoIsThere | None = None,
    on_film: Callable[[int], None] = lambda _done: None,
) -> Labelled:
    """Writes `out/frames/FILM_SECONDS.jpg`, `fps` of them a second of film, and `out/labels.csv`.

    The CSV has one column a character, empty, or filled in with what `who` says. Raises PathNotFound for a film that
    is not there, UsageError for two films of one name and where there is such a CSV already: somebody's labels may
    be in it.
    """
    _check(films, out)
    failures: list[tuple[Path, str]] = []
    rows: list[Seen] = []
    make_folder(out / FRAMES)
    for done, film in enumerate(films, 1):
        times, outcome = write_frame_files(film, out / FRAMES, fps, SIDE)
        rows += [(film.name, seconds) for seconds in times]
        if outcome.state is not VideoState.INDEXED:
            failures.append((film, outcome.reason))
        on_film(done)
    with whole_file(out / LABELS) as part, part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_table(rows, characters, who))
    return Labelled(len(rows), out / LABELS, out / FRAMES, tuple(characters), tuple(failures))


def read_truth(path: Path) -> tuple[list[str], WhoIsThere]:
    """The characters of drawn films by their `truth.json`, and who of them is where. Raises UsageError."""
    try:
        films: dict[str, Mapping[str, list[list[float]]]] = {
            film["path"]: film["characters"] for film in json.loads(path.read_text("utf-8"))["films"]
        }
        characters = sorted({name for film in films.values() for name in film})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is no truth about drawn films.", "Name the truth.json that `vsearch samples` wrote."
        ) from error

    def who(seen: Seen) -> list[str]:
        name, seconds = seen
        ranges = films.get(name, {})
        return [one for one in ranges if any(start <= seconds < end for start, end in ranges[one])]

    return characters, who


def _check(films: Sequence[Path], out: Path) -> None:
    if (out / LABELS).exists():
        raise UsageError(f"{out / LABELS} is there already and may hold labels.", "Name another folder with --out.")
    stems: dict[str, Path] = {}
    for film in films:
        if not film.is_file():
            raise no_film(film)
        if film.stem in stems:
            raise UsageError(f"{stems[film.stem]} and {film} would give frames of the same names.",
                             "Label them one after the other, each into a folder of its own.")  # fmt: skip
        stems[film.stem] = film


def _table(rows: Sequence[Seen], characters: Sequence[str], who: WhoIsThere | None) -> Iterator[list[Any]]:
    yield [IMAGE, *characters]
    for seen in rows:
        there = who(seen) if who else ()
        yield [frame_name(*seen), *(int(name in there) if who else "" for name in characters)]
