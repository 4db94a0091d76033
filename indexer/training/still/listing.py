"""The list of pictures a training is given: `pictures.csv` with `path,split,label,caption[,set]`.

A picture has a row for each of its captions; `label` is its class, if it has one. `split` is `train` (or empty),
`dev` (measured with, never trained on) or `test` (neither; near copies of it are kept out of training). `set` names
the list of classes that a label is from: classes of different sets are not told apart.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from search.errors import PathNotFound, UsageError

SPLITS = ("train", "dev", "test")
DROPPED = "dropped"
"""The split of a picture that cannot be read, or is a near copy of another."""


Box = tuple[float, float, float, float]
"""Top, left, bottom and right of a part, in sides 0..1 of the square that a picture becomes."""


@dataclass(frozen=True, slots=True)
class Picture:
    path: str
    """Below the folder of pictures."""
    split: str
    label: str = ""
    set: str = ""
    captions: tuple[str, ...] = ()
    box: Box | None = None
    """The part of it that is meant, where it is not all of it."""


def read_listing(path: Path) -> list[Picture]:
    """The pictures in the order of their first rows.

    Raises PathNotFound for no such file, UsageError for missing columns and rows that make no sense, by their line.
    """
    found: dict[str, Picture] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := {"path", "split", "caption"} - set(reader.fieldnames or ()):
                raise UsageError(
                    f"{path} has no column {' and no column '.join(sorted(missing))}.",
                    "Its first line must be path,split,label,caption, and ,set if there are several sets of classes.",
                )
            for row in reader:
                _take(row, found, f"{path}, line {reader.line_num}")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise PathNotFound(f"There is no file {path}.", "Name a CSV that lists pictures.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "It must be CSV in UTF-8.") from error
    if not any(picture.split == "train" for picture in found.values()):
        raise UsageError(f"{path} lists no picture to train on.", "Add rows whose split is train.")
    return list(found.values())


def _take(row: dict[str, str | None], found: dict[str, Picture], place: str) -> None:
    """Adds one row's caption to its picture."""
    path, split, label, group = ((row.get(name) or "").strip() for name in ("path", "split", "label", "set"))
    caption = " ".join((row.get("caption") or "").split())
    split = split or "train"
    before = found.get(path, Picture(path, split))
    if not path or split not in SPLITS or split != before.split:
        raise UsageError(
            f"{place} is no picture of one split.",
            f"A row needs a path and one of {', '.join(SPLITS)}, the same in all rows of a picture.",
        )
    captions = before.captions + ((caption,) if caption and caption not in before.captions else ())
    found[path] = Picture(path, split, before.label or label.lower(), before.set or group, captions)


def save_pictures(pictures: Sequence[Picture], path: Path) -> None:
    path.write_text(json.dumps([asdict(picture) for picture in pictures]), "utf-8")


def load_pictures(path: Path) -> list[Picture]:
    """What `save_pictures` wrote."""
    listed = json.loads(path.read_text("utf-8"))
    return [
        Picture(**{**entry, "captions": tuple(entry["captions"]), "box": entry["box"] and tuple(entry["box"])})
        for entry in listed
    ]
