"""Paths that a person gave and that are not there: what is wrong with one, and what may have been meant."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from search.answer import printable
from search.errors import PathNotFound

MOST_NAMES = 5000
"""Of a folder that are compared: more would take seconds."""


def is_folder(path: Path) -> bool:
    """False for a link that may not be followed, where `Path.is_dir` raises."""
    return os.path.isdir(path)  # noqa: PTH112


def no_such(paths: Iterable[Path]) -> PathNotFound:
    """For paths of which none is there."""
    missing = list(paths)
    names = ", ".join(printable(str(path)) for path in missing)
    return PathNotFound(
        f"There is no {names}.", did_you_mean(*missing) or "Check the spelling, or whether the disk is connected."
    )


def no_film(path: Path, *, look_around: bool = True) -> PathNotFound:
    """For a path that is no file. `look_around`: whether whoever reads this may know what else is in its folder."""
    if is_folder(path):
        return PathNotFound(f"{printable(str(path))} is a folder, not a film.", "Name a film in it.")
    meant = did_you_mean(path) if look_around else ""
    return PathNotFound(f"There is no file {printable(str(path))}.", meant or "Name a film.")


def did_you_mean(*paths: Path) -> str:
    """A question that names what is there under nearly the same names; empty where nothing is."""
    near = [printable(str(found)) for path in paths if (found := near_path(path))]
    return f"Did you mean {', '.join(near)}?" if near else ""


def near_path(path: Path) -> Path | None:
    """What lies in the folder of a path that is not there, under nearly the same name."""
    try:
        with os.scandir(path.parent) as entries:
            names = [entry.name for entry in islice(entries, MOST_NAMES) if not entry.name.startswith(".")]
    except (OSError, ValueError):
        return None
    by_folded = {name.casefold(): name for name in names if name != path.name}
    near = difflib.get_close_matches(path.name.casefold(), by_folded, n=1, cutoff=0.7)
    return path.with_name(by_folded[near[0]]) if near else None
