"""Which folders and files a job has to look at, after paths have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set
from pathlib import Path

from indexer.cues.sidecars import FOLDERS, SUFFIXES
from indexer.finding.discover import UNFINISHED, is_media_file
from indexer.finding.look import is_gone

MANY = 200
"""Paths of one job; of more than these, the folders are looked at."""
SIDECARS = frozenset(f".{suffix}" for suffix in SUFFIXES)


def is_passed_over(path: Path, root: Path) -> bool:
    """Whether indexing passes this path of a root over, by its name (pure)."""
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return hidden or path.suffix.lower() in UNFINISHED


def place_of(path: Path, root: Path) -> Path | None:
    """The smallest folder or file that shows what became of a path below `root`; None where that matters to nobody.

    A film or a folder is looked at itself, for a file of words the folder of its film, for what is gone the nearest
    folder that is there.
    """
    place = _place_of(path, root)
    if place and place != root and place.name.lower() in FOLDERS:
        return place.parent  # words, of films in the folder around them
    return place


def _place_of(path: Path, root: Path) -> Path | None:
    if is_gone(path):
        return nearest_there(path, root)
    try:
        if path.is_dir() or is_media_file(path):
            return path
    except OSError:  # indexing will say why
        return root if path == root else path.parent
    return path.parent if path.suffix.lower() in SIDECARS else None


def nearest_there(path: Path, root: Path) -> Path:
    """The path itself unless it is gone, else the nearest folder around it that is there, at most `root`."""
    while path != root and is_gone(path):
        path = path.parent
    return path


def gathered(places: Iterable[Path], roots: Set[Path], at_most: int = MANY) -> list[Path]:
    """The places of a burst: those inside another left out, and of too many their folders, at most a root (pure)."""
    found = without_nested(places)
    while len(found) > at_most and not roots >= set(found):
        found = without_nested(place if place in roots else place.parent for place in found)
    return found


def without_nested(paths: Iterable[Path]) -> list[Path]:
    """Each once, sorted, without those that lie in another (pure)."""
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda path: path.parts):
        if not kept or not path.is_relative_to(kept[-1]):
            kept.append(path)
    return kept


def root_around(path: Path, roots: Collection[Path]) -> Path | None:
    """The outermost of these roots that holds a path (pure)."""
    return min((root for root in roots if path.is_relative_to(root)), key=lambda root: len(root.parts), default=None)


def overlap(one: Path, other: Path) -> bool:
    """Whether one of two paths holds the other (pure)."""
    return one.is_relative_to(other) or other.is_relative_to(one)
