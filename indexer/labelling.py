"""Frames of films in a folder, with a CSV that a person fills in: who is on which."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from classifiers.characters.mapping import IMAGE
from indexer.decode_child import Message, Request, Shown, decode_file
from indexer.outcome import DecodeOutcome
from indexer.sources.base import Tap
from indexer.sources.registry import find_source
from indexer.whole_file import whole_file
from search.catalog.records import VideoState
from search.contracts import UInt8
from search.errors import CannotGoOn, PathNotFound, UsageError

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
    try:
        (out / FRAMES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGoOn(
            f"Cannot make the folder {out}: {error.strerror}.", "Choose a place that you may write to."
        ) from error
    for done, film in enumerate(films, 1):
        times, outcome = _write_film(film, out / FRAMES, fps)
        rows += [(film.name, seconds) for seconds in times]
        if outcome.state is not VideoState.INDEXED:
            failures.append((film, outcome.reason))
        on_film(done)
    with whole_file(out / LABELS) as part, part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_table(rows, characters, who))
    return Labelled(len(rows), out / LABELS, out / FRAMES, tuple(characters), tuple(failures))


def frame_name(film: str, seconds: float) -> str:
    """Names sort by film, then by time."""
    return f"{Path(film).stem}_{seconds:010.3f}.jpg"


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
            raise PathNotFound(f"There is no file {film}.", "Name a film, or several.")
        if film.stem in stems:
            raise UsageError(f"{stems[film.stem]} and {film} would give frames of the same names.",
                             "Label them one after the other, each into a folder of its own.")  # fmt: skip
        stems[film.stem] = film


def _write_film(film: Path, folder: Path, fps: float) -> tuple[list[float], DecodeOutcome]:
    """Writes the frames of one film; their times in seconds, and how its decoding ended."""
    times: list[float] = []

    def take(message: Message, picture: UInt8 | None) -> None:
        if isinstance(message, Shown) and picture is not None:
            for step in message.steps:
                times.append(step / fps)
                _write_jpeg(folder / frame_name(film.name, times[-1]), picture)

    tap = Tap("label", fps, SIDE, SIDE, "inside")
    return times, decode_file(Request(str(film), (tap,), 0.0, None), find_source(), take)


def _write_jpeg(path: Path, picture: UInt8) -> None:
    encoded = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    with whole_file(path) as part:
        part.write_bytes(encoded.tobytes())


def _table(rows: Sequence[Seen], characters: Sequence[str], who: WhoIsThere | None) -> Iterator[list[Any]]:
    yield [IMAGE, *characters]
    for seen in rows:
        there = who(seen) if who else ()
        yield [frame_name(*seen), *(int(name in there) if who else "" for name in characters)]
