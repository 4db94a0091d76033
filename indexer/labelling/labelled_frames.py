"""The pictures that a CSV of characters names, as arrays of one size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifiers.characters.mapping import LabelledFrames, read_mapping
from indexer.pictures.picture_files import fit_picture, read_picture
from indexer.sources.base import Tap
from search.contracts import UInt8
from search.errors import PathNotFound, UsageError, first_of


@dataclass(frozen=True, slots=True)
class LabelledPictures:
    """Frames that were read, and who is on them."""

    frames: LabelledFrames
    pictures: UInt8
    """RGB `[N, H, W, 3]`, in the order of `frames`."""


def read_labelled(
    csv: Path,
    folder: Path,
    size: tuple[int, int],
    *,
    names: Mapping[str, str] | None = None,
    strict: bool = False,
) -> LabelledPictures:
    """Reads the CSV and the pictures in `folder` that it names, scaled and padded to `size` (width, height).

    What is missing or no picture is passed over and said in `frames.passed_over`. Raises what `read_mapping` does,
    PathNotFound for no such folder or where no picture can be read, and with `strict` UsageError for anything that
    would be passed over.
    """
    mapping = read_mapping(csv, names)
    if not folder.is_dir():
        raise PathNotFound(f"There is no folder {folder}.", "Name with --frames the folder that holds the pictures.")
    tap = like_a_film(*size)
    found = [_read(folder / image, tap) for image in mapping.images]
    kept = [row for row, picture in enumerate(found) if isinstance(picture, np.ndarray)]
    reasons = (f"{image} {said}" for image, said in zip(mapping.images, found, strict=True) if isinstance(said, str))
    passed_over = (*mapping.passed_over, *reasons)
    if not kept:
        raise PathNotFound(
            f"None of the {len(found)} pictures that {csv} names can be read: {first_of(passed_over)}.",
            "Name with --frames the folder that its Image_ID begin in.",
        )
    if strict and passed_over:
        raise UsageError(
            f"{first_of(passed_over)}.", "Mend what is said, or leave --strict out to go on without these frames."
        )
    frames = LabelledFrames(
        tuple(mapping.images[row] for row in kept), mapping.characters, mapping.there[kept], passed_over
    )
    return LabelledPictures(frames, np.stack([picture for picture in found if isinstance(picture, np.ndarray)]))


def like_a_film(width: int, height: int) -> Tap:
    """How pictures are made to fit: as the frames of films are for the model."""
    return Tap("pictures", 1.0, width, height, fit="pad")


def _read(path: Path, tap: Tap) -> UInt8 | str:
    """The picture, or what is wrong with it."""
    picture = read_picture(path)
    if picture is not None:
        return fit_picture(picture, tap)
    return "is no picture" if path.is_file() else "is missing"
