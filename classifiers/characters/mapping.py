"""Who is on which frame, as a person wrote it down in a CSV.

Image_ID,Class          of the screen-time tutorial: one class a frame, `names` says who each is
Image_ID,jerry,tom      one 0/1 column a character: several may be there at once, or nobody
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.csv_file import opened_csv
from search.errors import UsageError, first_of

NOBODY = "nobody"
IMAGE, CLASS = "Image_ID", "Class"
FORMS = (
    f"Its first line must be {IMAGE},{CLASS}, or {IMAGE} and one column a character with 0 or 1 in it, "
    f"as in {IMAGE},jerry,tom."
)
Line = Sequence[str]


@dataclass(frozen=True, slots=True)
class LabelledFrames:
    """Names of frames in the order of the file, and who is on them."""

    images: tuple[str, ...]
    characters: tuple[str, ...]
    there: NDArray[np.bool_]
    """`[N, C]`."""
    passed_over: tuple[str, ...] = ()
    """One sentence for every row that does not count."""


def parse_names(text: str) -> dict[str, str]:
    """`0=nobody,1=jerry,2=tom` as a mapping from class to name; empty for no text. Raises UsageError."""
    names: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        number, _, name = (piece.strip() for piece in part.partition("="))
        if not number or not name:
            raise UsageError(f"{part!r} names no class.", "Write --names 0=nobody,1=jerry,2=tom.")
        names[number] = name
    return names


def read_mapping(path: Path, names: Mapping[str, str] | None = None) -> LabelledFrames:
    """Reads a CSV in UTF-8 in one of the forms above; characters are in alphabetical order.

    `names` is for the tutorial's form; the class named `nobody` is nobody. Of rows that name one frame the first
    counts; rows in which nothing is filled in are passed over. Raises PathNotFound for no such file, UsageError for
    other columns and for the first row that makes no sense, by its line.
    """
    header, lines = _read_lines(path)
    if IMAGE not in header:
        raise UsageError(f"{path} has no column {IMAGE}.", FORMS)
    if len(header) < 2:
        raise UsageError(f"{path} names no character.", FORMS)
    if len(set(header)) < len(header) or "" in header:
        raise UsageError(f"{path} has two columns of one name, or one without.", FORMS)
    kept, passed_over = _first_rows(lines, header.index(IMAGE))
    if not kept:
        raise UsageError(f"{path} labels no frame.", "Fill in some of its rows: 1 where a character is, else 0.")
    if CLASS in header:
        characters, sets = _by_class(path, header, kept, names or {})
    else:
        characters, sets = _by_column(path, header, kept)
    if not characters:
        raise UsageError(f"{path} names no character, only {NOBODY}.", FORMS)
    there = np.array([[name in on_it for name in characters] for on_it in sets], bool)
    images = tuple(line[header.index(IMAGE)] for _, line in kept)
    return LabelledFrames(images, characters, there, tuple(passed_over))


def _read_lines(path: Path) -> tuple[list[str], list[tuple[int, Line]]]:
    """The first line, and the others with their numbers; cells without the blanks around them."""
    with opened_csv(path, "Name a CSV that says who is on which frame.") as file:
        reader = csv.reader(file)
        lines: list[tuple[int, Line]] = [
            (reader.line_num, [cell.strip() for cell in line]) for line in reader if any(line)
        ]
    if not lines:
        raise UsageError(f"{path} is empty.", FORMS)
    header = list(lines[0][1])
    for number, line in lines[1:]:
        if len(line) != len(header):
            raise UsageError(f"{path}, line {number} has {len(line)} columns, not {len(header)}.", FORMS)
    return header, lines[1:]


def _first_rows(lines: Sequence[tuple[int, Line]], image: int) -> tuple[list[tuple[int, Line]], list[str]]:
    kept: dict[str, tuple[int, Line]] = {}
    passed_over = []
    for number, line in lines:
        if not any(cell for column, cell in enumerate(line) if column != image):
            passed_over.append(f"{line[image]} is not labelled")
        elif line[image] in kept:
            passed_over.append(f"{line[image]} stands again in line {number}")
        else:
            kept[line[image]] = number, line
    return list(kept.values()), passed_over


def _by_class(
    path: Path, header: Sequence[str], lines: Sequence[tuple[int, Line]], names: Mapping[str, str]
) -> tuple[tuple[str, ...], list[set[str]]]:
    column = header.index(CLASS)
    classes = sorted({line[column] for _, line in lines})
    unnamed = [name for name in classes if name not in names and (names or name.isdigit())]
    if unnamed:
        raise UsageError(
            f"{path} has the class {first_of(unnamed)}, and nobody says who that is.",
            f"Name every class, as in --names 0={NOBODY},1=jerry,2=tom.",
        )
    who = {name: names.get(name, name) for name in classes}
    characters = tuple(sorted(set(who.values()) - {NOBODY}))
    return characters, [{who[line[column]]} for _, line in lines]


def _by_column(
    path: Path, header: Sequence[str], lines: Sequence[tuple[int, Line]]
) -> tuple[tuple[str, ...], list[set[str]]]:
    columns = {name: column for column, name in enumerate(header) if name != IMAGE}
    sets = []
    for number, line in lines:
        for name, column in columns.items():
            if line[column] not in ("0", "1"):
                raise UsageError(
                    f"{path}, line {number}: the column {name} holds {line[column]!r}, neither 0 nor 1.",
                    "Write 1 in the column of every character that is on the frame, else 0.",
                )
        sets.append({name for name, column in columns.items() if line[column] == "1"})
    return tuple(sorted(columns)), sets
