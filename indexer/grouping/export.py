"""The frames that a person has named, with a CSV for `vsearch train characters`."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from classifiers.characters.mapping import IMAGE
from indexer.decoding.takers import MIDDLE
from indexer.grouping.looking import FPS
from indexer.labelling.sheet import FRAMES, LABELS, SIDE, Labelled
from indexer.pictures.frame_files import frame_name, write_frame_files
from indexer.whole_file import make_folder, whole_file
from search.catalog.appearances import Appearance
from search.catalog.hand import NOBODY
from search.catalog.records import VideoState
from search.errors import NotFound, UsageError
from search.library import Library

Rows = dict[str, frozenset[str]]
"""By name of a frame, who is on it."""


def export_named(library: Library, out: Path) -> Labelled:
    """Writes `out/frames/ID/FILM_SECONDS.jpg`, one a second of what was named, and `out/labels.csv`.

    They are the frames that were grouped, seen in the middle of each second: no other is known to look as its group
    does. ID is that of the film in the library: two films may have one name. Raises NotFound where nobody was named,
    UsageError where there is such a CSV already, DiskFull, CannotGoOn.
    """
    if (out / LABELS).exists():
        raise UsageError(f"{out / LABELS} is there already and may hold labels.", "Name another folder.")
    names = {group: frozenset(given) for group, given in library.catalog.appearance_groups().items() if given}
    characters = sorted(frozenset().union(*names.values()) - {NOBODY})
    if not characters:
        raise NotFound("Nobody has been named yet.", "`vsearch characters name GROUP NAME` does.")
    named: dict[int, list[tuple[Appearance, frozenset[str]]]] = defaultdict(list)
    for group, appearance in library.catalog.appearances():
        if group in names:
            named[appearance.video_id].append((appearance, names[group]))
    rows: Rows = {}
    failures: list[tuple[Path, str]] = []
    for video_id, film in library.catalog.paths(sorted(named)).items():
        found, failure = _export_film(film, out / FRAMES / str(video_id), named[video_id])
        rows |= {f"{video_id}/{name}": there for name, there in found.items()}
        failures += [(film, failure)] if failure else []
    _write_labels(out / LABELS, rows, characters)
    return Labelled(len(rows), out / LABELS, out / FRAMES, tuple(characters), tuple(failures))


def _export_film(film: Path, folder: Path, named: list[tuple[Appearance, frozenset[str]]]) -> tuple[Rows, str]:
    """The frames that were kept, and what was wrong with the film, if anything."""
    make_folder(folder)
    times, outcome = write_frame_files(film, folder, FPS, SIDE, phase=MIDDLE)
    last = math.nextafter(outcome.facts.duration, 0.0)  # a frame is held to the end of its second
    rows: Rows = {}
    for seconds in times:
        name = frame_name(film.name, seconds)
        there = next((who for one, who in named if one.start <= min(seconds, last) < one.end), None)
        if there is None:
            (folder / name).unlink(missing_ok=True)
        else:
            rows[name] = there
    return rows, "" if outcome.state is VideoState.INDEXED else outcome.reason


def _write_labels(path: Path, rows: Mapping[str, frozenset[str]], characters: list[str]) -> None:
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([IMAGE, *characters])
        table.writerows([name, *(int(one in there) for one in characters)] for name, there in rows.items())
