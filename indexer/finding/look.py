"""A look at the disk: which files are under the paths asked for, and which roots are not there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.finding.discover import FoundFile, Unreadable, discover, settle


@dataclass(frozen=True, slots=True)
class Look:
    """What the disk shows."""

    asked: list[Path]
    """The paths a person gave, absolute."""
    present: list[Path]
    """Known roots at, above or below those paths that are there."""
    absent: list[Path]
    """Known roots at, above or below those paths that are not there."""
    files: list[FoundFile]
    """Those that have come to rest."""
    growing: int
    """How many files are still being written."""
    passed_over: dict[str, int]
    """How many were not taken, by what they are."""
    unreadable: list[Unreadable]
    """Files, and folders given by name, that cannot be read."""
    unreadable_folders: list[Path]
    """Those met on the way."""


def take_look(paths: Iterable[Path], roots: Iterable[Path], include: Sequence[str], exclude: Sequence[str]) -> Look:
    """Raises PathNotFound for a path that is not there, unless it belongs to one of the known `roots` that is absent.

    Files changed in these seconds are looked at twice, so this may take a second.
    """
    asked = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100  (resolve follows links)
    touched = [root for root in roots if any(_touch(root, path) for path in asked)]
    absent = [root for root in touched if is_absent(root)]
    found = discover([path for path in asked if not _is_missing(path, absent)], include, exclude)
    files, growing = settle(found.files)
    return Look(
        asked,
        [root for root in touched if root not in absent],
        absent,
        files,
        len(growing),
        {
            "hidden": found.hidden,
            "unfinished": found.unfinished,
            "not_media": found.not_media,
            "excluded": found.excluded,
        },
        found.failures + [folder for folder in found.unreadable_folders if folder.path in asked],
        [folder.path for folder in found.unreadable_folders if folder.path not in asked],
    )


def _is_missing(path: Path, absent: Iterable[Path]) -> bool:
    """Whether a path is an absent root, is in one, or was a folder around one."""
    return any(path.is_relative_to(root) or (root.is_relative_to(path) and is_gone(path)) for root in absent)


def _touch(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def is_absent(root: Path) -> bool:
    """Whether a root is not there. An empty folder counts as one: the mount point of a disk that is not mounted."""
    try:
        with os.scandir(root) as entries:
            return next(entries, None) is None
    except PermissionError:
        return False
    except OSError:  # not there, no folder any more, or a network disk that does not answer
        return True


def is_gone(path: Path) -> bool:
    """Whether there surely is no file: a folder that cannot be read proves nothing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
