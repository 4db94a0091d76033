"""Captions of videos from a CSV: our own form, and those in which MSR-VTT and YouCook2 are published.

path,caption[,start,end]            ours
key,vid_key,video_id,sentence       MSR-VTT, JSFusion's thousand test clips among them
end,start,task,text,video_id        YouCook2, as in antoine77340/MIL-NCE_HowTo100M
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from indexer.finding.discover import EXTENSIONS, SHARED_WITH_CODE
from search.csv_file import opened_csv
from search.errors import PathNotFound, UsageError, first_of

COLUMNS = (("path", "caption"), ("video_id", "sentence"), ("video_id", "text"))
"""What names the file and what holds the caption, in each of these forms."""
Line = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a video, or a picture, that captions speak of."""

    path: str
    """Below the folder of videos; until its file is found it may be a bare name, as in the published sets."""
    start: float = 0.0
    """Seconds."""
    end: float | None = None
    """Seconds; None is the end of the video."""


@dataclass(frozen=True, slots=True)
class CaptionRow:
    candidate: Candidate
    caption: str


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The rows whose files are there, by their paths, and how many files and captions are left out."""

    rows: list[CaptionRow]
    missing_files: int = 0
    missing_captions: int = 0


def read_captions(path: Path, *, first_only: bool = False) -> list[CaptionRow]:
    """The rows of a CSV in one of the forms above (UTF-8; seconds; empty or no start and end: the whole file).

    `first_only` keeps the first caption of each candidate. Raises as `read_rows` does.
    """
    rows = [row for row, _ in read_rows(path)]
    return _first_of_each(rows) if first_only else rows


def read_rows(path: Path) -> list[tuple[CaptionRow, Line]]:
    """The rows, each with its line as it stands, for columns beside ours.

    Raises PathNotFound for no such file, UsageError for missing columns and for the first row that makes no sense,
    by its line.
    """
    with opened_csv(path, "Name a CSV with the columns path,caption.") as file:
        reader = csv.DictReader(file)
        columns = _choose_columns(path, reader.fieldnames or ())
        rows = [(_read_row(line, columns, f"{path}, line {reader.line_num}"), line) for line in reader]
    if not rows:
        raise UsageError(f"{path} holds no caption.", "Add rows below its first line.")
    return rows


def cell(line: Line, column: str) -> str:
    """What stands in a column; empty where there is none."""
    return (line.get(column) or "").strip()


def find_files(rows: Sequence[CaptionRow], videos: Path, *, skip_missing: bool = False) -> FoundRows:
    """The rows with the paths of their files below `videos`.

    A row names its file by path, or by the bare name of a film anywhere below. Raises PathNotFound for files that
    are not there, unless they are to be skipped and some are there; UsageError for a name that two films bear.
    """
    if not videos.is_dir():
        raise PathNotFound(f"There is no folder {videos}.", "Name with --videos the folder that holds the films.")
    names = list(dict.fromkeys(row.candidate.path for row in rows))
    # os.path.isfile says no to what is no name at all, where Path.is_file raises.
    paths = {name: name for name in names if os.path.isfile(videos / name)}  # noqa: PTH113
    if len(paths) < len(names):
        films = _films_by_name(videos)
        paths |= {name: _only_film(name, films[name]) for name in names if name not in paths and name in films}
    missing = [name for name in names if name not in paths]
    if missing and (not skip_missing or not paths):
        raise PathNotFound(
            f"{videos} lacks {first_of(missing)}.",
            "Name with --videos the folder that the CSV's paths begin in, or leave them out with --skip-missing.",
        )
    found = [
        replace(row, candidate=replace(row.candidate, path=paths[row.candidate.path]))
        for row in rows
        if row.candidate.path in paths
    ]
    return FoundRows(found, len(missing), len(rows) - len(found))


def _films_by_name(folder: Path) -> dict[str, list[str]]:
    """The films anywhere below, as paths below the folder, by their names without suffix."""
    films: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in EXTENSIONS | SHARED_WITH_CODE and not path.name.startswith("."):
            films.setdefault(path.stem, []).append(path.relative_to(folder).as_posix())
    return films


def _only_film(name: str, films: Sequence[str]) -> str:
    if len(films) > 1:
        raise UsageError(f"{name} may be {' or '.join(films[:2])}.", "Leave only one of them below --videos.")
    return films[0]


def _choose_columns(path: Path, names: Sequence[str]) -> tuple[str, str]:
    """The columns of the file and of the caption."""
    for columns in COLUMNS:
        if set(columns) <= set(names):
            return columns
    missing = [name for name in COLUMNS[0] if name not in names]
    raise UsageError(
        f"{path} has no column {' and no column '.join(missing)}.",
        "Its first line must name the columns: path,caption or path,caption,start,end; or those of MSR-VTT "
        "(video_id,sentence) or YouCook2 (video_id,text,start,end).",
    )


def _read_row(line: Line, columns: tuple[str, str], place: str) -> CaptionRow:
    path, caption, start, end = (cell(line, name) for name in (*columns, "start", "end"))
    try:
        candidate = Candidate(path, float(start or 0), float(end) if end else None)
    except ValueError:
        candidate = None
    if candidate is None or not path or not caption or not _is_span(candidate):
        raise UsageError(
            f"{place} is no caption of a span.",
            f"A row needs a {columns[0]}, a {columns[1]}, and either no times or a start before its end, in seconds.",
        )
    return CaptionRow(candidate, caption)


def _is_span(candidate: Candidate) -> bool:
    return 0 <= candidate.start < (inf if candidate.end is None else candidate.end)


def _first_of_each(rows: Sequence[CaptionRow]) -> list[CaptionRow]:
    first: dict[Candidate, CaptionRow] = {}
    for row in rows:
        first.setdefault(row.candidate, row)
    return list(first.values())
