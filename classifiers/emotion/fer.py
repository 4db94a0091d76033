"""Labelled faces from files of FER2013: the original CSV (`emotion,pixels,Usage`, gzipped or not), or `.npz`."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from classifiers.emotion.labels import FER_CLASSES, merged
from classifiers.emotion.networks import SIZE
from search.contracts import Int64, UInt8
from search.errors import PathNotFound, UsageError

TRAINING, PUBLIC_TEST, PRIVATE_TEST = "Training", "PublicTest", "PrivateTest"
USAGES = (TRAINING, PUBLIC_TEST, PRIVATE_TEST)
COLUMNS = ("emotion", "pixels", "Usage")
NPZ_FORM = "x is uint8 [N, 48, 48], y holds whole numbers 0 to 6 [N]."
FORM = "The original file has the columns emotion (0 to 6), pixels (2,304 numbers 0 to 255) and Usage."


@dataclass(frozen=True, slots=True)
class Faces:
    """N labelled faces."""

    pictures: UInt8
    """Grey, `[N, 48, 48]`."""
    labels: Int64
    """Indices into `LABELS`, `[N]`."""
    usage: NDArray[np.str_]
    """One of `USAGES` each, `[N]`; empty strings where the file does not say."""

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: Int64 | NDArray[np.bool_]) -> Faces:
        return Faces(self.pictures[rows], self.labels[rows], self.usage[rows])


def read_faces(path: Path) -> Faces:
    """All faces of a file. Raises PathNotFound or, naming the line, UsageError."""
    if not path.is_file():
        raise PathNotFound(f"There is no file {path}.", "Name FER2013's CSV, or an .npz with x and y.")
    faces = _read_npz(path) if path.suffix == ".npz" else _read_csv(path)
    if not len(faces):
        raise UsageError(f"{path} holds no faces.", FORM)
    return faces


def of_usage(faces: Faces, usage: str | None, path: Path) -> Faces:
    """The faces of one usage; all when None. Raises UsageError when there are none."""
    if usage is None:
        return faces
    chosen = faces[faces.usage == usage]
    if not len(chosen):
        there = sorted(set(faces.usage) - {""})
        cure = f"It has {', '.join(there)}." if there else "It says of no face what it is for: leave out --usage."
        raise UsageError(f"{path} holds no faces of usage {usage}.", cure)
    return chosen


def _read_csv(path: Path) -> Faces:
    pictures: list[UInt8] = []
    classes: list[int] = []
    usage: list[str] = []
    try:
        with _opened(path) as file:
            for line, (emotion, pixels, used) in _rows(file, path):
                where = f"{path}, line {line}"
                classes.append(_class(emotion, where))
                pictures.append(_picture(pixels, where))
                usage.append(_usage(used, where))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as CSV: it is damaged or of another kind.", FORM) from error
    shaped = np.array(pictures, np.uint8).reshape(-1, SIZE, SIZE)
    return Faces(shaped, merged(np.array(classes, np.int64)), np.array(usage, np.str_))


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(file)
    header = [name.strip() for name in next(rows, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise UsageError(f"{path} has no column {' or '.join(missing)}.", FORM)
    places = [header.index(name) for name in COLUMNS]
    for row in rows:
        if not row:
            continue
        if len(row) <= max(places):
            raise UsageError(f"{path}, line {rows.line_num}, has {len(row)} columns.", FORM)
        yield rows.line_num, [row[place].strip() for place in places]


def _class(text: str, where: str) -> int:
    if not text.isdecimal() or int(text) >= len(FER_CLASSES):
        raise UsageError(f"{where}: emotion is {text[:20]!r}, not a number from 0 to 6.", FORM)
    return int(text)


def _picture(text: str, where: str) -> UInt8:
    try:
        numbers = np.array(text.split(), np.int64)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{where}: pixels holds something that is no whole number.", FORM) from error
    if numbers.size != SIZE * SIZE:
        raise UsageError(f"{where}: pixels has {numbers.size:,} numbers instead of {SIZE * SIZE:,}.", FORM)
    if numbers.min() < 0 or numbers.max() > 255:
        raise UsageError(f"{where}: pixels holds a number outside 0 to 255.", FORM)
    return numbers.astype(np.uint8)


def _usage(text: str, where: str) -> str:
    if text not in USAGES:
        raise UsageError(f"{where}: Usage is {text[:20]!r}.", f"It is one of {', '.join(USAGES)}.")
    return text


def _read_npz(path: Path) -> Faces:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            x, y = arrays["x"], arrays["y"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path} is no .npz with arrays x and y.", NPZ_FORM) from error
    if x.dtype != np.uint8 or x.shape != (len(y), SIZE, SIZE) or y.ndim != 1:
        raise UsageError(
            f"{path}: x is {x.dtype} {list(x.shape)} and y {list(y.shape)}.",
            NPZ_FORM,
        )
    if not np.issubdtype(y.dtype, np.integer) or (len(y) and not 0 <= y.min() <= y.max() < len(FER_CLASSES)):
        raise UsageError(f"{path}: y holds something else than whole numbers 0 to 6.", NPZ_FORM)
    return Faces(x, merged(y.astype(np.int64)), np.full(len(y), "", np.str_))
