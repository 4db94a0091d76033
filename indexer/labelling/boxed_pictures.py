"""Pictures with boxes around characters, as annotation tools write them: Pascal VOC's XML beside each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from classifiers.characters.looks import HEIGHT, WIDTH
from indexer.labelling.labelled_frames import like_a_film
from indexer.pictures.picture_files import fit_picture, read_picture
from search.contracts import Float32, UInt8
from search.errors import PathNotFound, UsageError

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
ROOM = 0.25
"""How much is left around a box, as a share of its sides."""


@dataclass(frozen=True, slots=True)
class BoxedPictures:
    pictures: UInt8
    """RGB `[M, HEIGHT, WIDTH, 3]`: each picture whole, and each box with some room around it."""
    there: Float32
    """`[M, C]`: 1 where there is a box, NaN elsewhere: a picture may show whom nobody marked."""
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    left: int
    top: int
    right: int
    bottom: int


def read_boxed(folder: Path, characters: Sequence[str]) -> BoxedPictures:
    """Reads `*.xml` anywhere below the folder, each with the picture of its name beside it.

    Boxes of other names are passed over. Raises PathNotFound for no such folder, UsageError where none of it serves.
    """
    if not folder.is_dir():
        raise PathNotFound(f"There is no folder {folder}.", "Name with --boxes the folder of pictures and XML files.")
    tap = like_a_film(WIDTH, HEIGHT)
    pictures: list[UInt8] = []
    there: list[Float32] = []
    passed_over: list[str] = []
    for xml in sorted(folder.rglob("*.xml")):
        picture, boxes = _picture_of(xml), [box for box in _boxes(xml) if box.name in characters]
        if picture is None or not boxes:
            passed_over.append(f"{xml.name} {'has no picture' if picture is None else 'marks no character'}")
            continue
        pictures.append(fit_picture(picture, tap))
        there.append(_labels(characters, {box.name for box in boxes}))
        for box in boxes:
            if (part := _cut(picture, box)).size:
                pictures.append(fit_picture(part, tap))
                there.append(_labels(characters, {box.name}))
    if not pictures:
        raise UsageError(
            f"{folder} holds no picture with a box around {' or '.join(characters)}.",
            "It needs XML files of Pascal VOC's form beside the pictures, with the characters' names.",
        )
    return BoxedPictures(np.stack(pictures), np.stack(there), tuple(passed_over))


def _picture_of(xml: Path) -> UInt8 | None:
    beside = (xml.with_suffix(suffix) for suffix in SUFFIXES)
    return next((picture for path in beside if (picture := read_picture(path)) is not None), None)


def _boxes(xml: Path) -> Iterator[Box]:
    try:
        objects = list(ElementTree.parse(xml).getroot().iter("object"))
    except (ElementTree.ParseError, OSError):
        return
    for marked in objects:
        try:
            left, top, right, bottom = (
                round(float(marked.findtext(f"bndbox/{side}", ""))) for side in ("xmin", "ymin", "xmax", "ymax")
            )
        except ValueError:
            continue
        yield Box(marked.findtext("name", "").strip().lower(), left, top, right, bottom)


def _cut(picture: UInt8, box: Box) -> UInt8:
    across, down = round(ROOM * (box.right - box.left)), round(ROOM * (box.bottom - box.top))
    return picture[
        max(0, box.top - down) : max(0, box.bottom + down), max(0, box.left - across) : max(0, box.right + across)
    ]


def _labels(characters: Sequence[str], seen: set[str]) -> Float32:
    return np.array([1.0 if name in seen else np.nan for name in characters], np.float32)
