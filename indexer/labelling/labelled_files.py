"""Clips and pictures with a label each: a folder a label, or a CSV `video_name,tag` as in Keras' example."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.evaluating.captions_file import cell
from indexer.finding.discover import EXTENSIONS, SHARED_WITH_CODE
from search.csv_file import opened_csv
from search.errors import PathNotFound, UsageError, first_of

PICTURES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
FILMS = EXTENSIONS | SHARED_WITH_CODE
NAME, TAG = "video_name", "tag"
CURE = (
    "Give a folder that holds a folder of clips or pictures for each label, or a CSV with the columns video_name,tag."
)


@dataclass(frozen=True, slots=True)
class LabelledFile:
    name: str
    """Below the folder, or as the CSV has it."""
    path: Path
    label: str

    @property
    def is_picture(self) -> bool:
        return self.path.suffix.lower() in PICTURES


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """What was found, by name, and the names of what was not."""

    files: tuple[LabelledFile, ...]
    missing: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """In alphabetical order."""
        return tuple(sorted({file.label for file in self.files}))


def find_labelled(source: Path) -> LabelledFiles:
    """The labelled files of a folder or a CSV.

    Raises PathNotFound for no such source, UsageError for one that is neither or names nothing that is there.
    """
    if source.is_dir():
        found = LabelledFiles(tuple(_of_folder(source)))
    elif source.is_file():
        found = _of_csv(source)
    else:
        raise PathNotFound(f"There is no {source}.", CURE)
    if not found.files:
        raise UsageError(f"{source} leads to no labelled clip or picture.", CURE)
    return found


def require_classes(files: Sequence[LabelledFile], least: int = 2) -> None:
    """Raises UsageError unless there are two labels at least, with `least` files each."""
    labels = [file.label for file in files]
    distinct = sorted(set(labels))
    if len(distinct) < 2:
        raise UsageError(f"There is one label only: {first_of(distinct)}.", "Give files of at least two.")
    few = [label for label in distinct if labels.count(label) < least]
    if few:
        raise UsageError(f"Fewer than {least} files are labelled {first_of(few)}.", "Give more, or leave it out.")


def read_groups(path: Path) -> dict[str, str]:
    """From a file's name to its group: the first two columns of a CSV with a heading.

    Raises PathNotFound, UsageError.
    """
    rows = _read_rows(path)
    if not rows or len(rows[0]) < 2:
        raise UsageError(f"{path} holds no groups.", "Its columns are the file, as `label/file`, and its group.")
    name, group = list(rows[0])[:2]
    return {cell(row, name): cell(row, group) for row in rows if cell(row, group)}


def groups_of(files: Sequence[LabelledFile], groups: dict[str, str]) -> list[str]:
    """The group of each file; one that is in none is a group of its own. Raises UsageError where all are."""
    if groups and not any(file.name in groups for file in files):
        raise UsageError(
            f"The groups name none of the files, such as {files[0].name}.", "Write names as `label/file`."
        )
    return [groups.get(file.name, file.name) for file in files]


def _of_folder(folder: Path) -> list[LabelledFile]:
    labels = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [
        LabelledFile(path.relative_to(folder).as_posix(), path, label.name)
        for label in labels
        for path in sorted(label.rglob("*"))
        if path.suffix.lower() in PICTURES | FILMS and not path.name.startswith(".")
    ]


def _of_csv(path: Path) -> LabelledFiles:
    rows = _read_rows(path)
    lacking = [column for column in (NAME, TAG) if rows and column not in rows[0]]
    if lacking:
        raise UsageError(f"{path} has no column {' and no column '.join(lacking)}.", CURE)
    named = [(cell(row, NAME), cell(row, TAG)) for row in rows]
    places = [(name, tag, _place(path, name)) for name, tag in named if name and tag]
    files = tuple(LabelledFile(name, place, tag) for name, tag, place in places if place)
    return LabelledFiles(files, tuple(name for name, _, place in places if not place))


def _place(csv_path: Path, name: str) -> Path | None:
    """Beside the CSV, or in the folder beside it that bears its name: `train.csv` and `train/`."""
    try:
        return next(
            (base / name for base in (csv_path.parent, csv_path.with_suffix("")) if (base / name).is_file()), None
        )
    except (OSError, ValueError):  # no name at all
        return None


def _read_rows(path: Path) -> list[dict[str, str | None]]:
    with opened_csv(path, CURE) as file:
        return list(csv.DictReader(file))
