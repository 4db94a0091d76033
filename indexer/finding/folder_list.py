"""The folders of this machine as somebody chooses one: what lies in each, and how many films.

A person sees only what is below the starting places. Where a path really leads is looked at too, so that no link
leads out of them; files are counted, never named.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import platformdirs

from indexer.finding.discover import EXTENSIONS
from indexer.finding.mounts import is_silent
from search.errors import NotFound, PathNotFound

SHOWN = 200
"""Folders of one list; further ones are on further lists."""
PATIENCE = 0.5
"""Seconds that the films of one list are counted for, all its folders together."""
MOUNTED_BELOW = (Path("/media"), Path("/run/media"), Path("/mnt"), Path("/Volumes"))
"""Where systems put disks; `/media` and `/run/media` put them below the name of a user."""


@dataclass(frozen=True, slots=True)
class FilmCount:
    """Files with the extension of a film, in a folder and all below it."""

    films: int
    whole: bool
    """False: there may be more, as looking took too long or there are links."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that can be gone into, or says why not."""

    path: Path
    name: str
    count: FilmCount | None
    """None: it cannot be read, or its name cannot be written in an address."""


@dataclass(frozen=True, slots=True)
class FolderList:
    """What lies in a folder."""

    here: Folder
    trail: tuple[tuple[str, Path], ...]
    """Name and path of the starting place, and of each folder from there to here."""
    folders: tuple[Folder, ...]
    """In the order of their names."""
    skipped: int
    """Folders before these."""
    total: int
    """Of all folders in here."""


def starting_places(named: Sequence[Path] = ()) -> list[Path]:
    """Those that were named; else the person's home, their films and the disks that are mounted; as far as there."""
    if named:
        return [place for place in named if place.is_dir()]
    usual = [Path.home(), Path(platformdirs.user_videos_dir()), *_mounted_disks()]
    return list(dict.fromkeys(place for place in usual if place.is_dir() and place != Path("/")))


def allowed_folder(path: str, places: Sequence[Path]) -> tuple[Path, Path]:
    """A folder that a client named, and the outermost starting place that it lies in.

    Raises NotFound for what is not below one of the places, is hidden, or leads out of them by a link; PathNotFound
    for what is no folder.
    """
    folder = Path(path)
    around = [place for place in places if _is_shown(folder, place)]
    if "\0" in path or ".." in folder.parts or not around:
        raise _not_shown()
    try:
        real = folder.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # not there, or links in a circle
        raise PathNotFound("That folder is not there any more.", "Choose another one.") from error
    if not any(real.is_relative_to(place.resolve()) for place in places):
        raise _not_shown()
    if not real.is_dir():
        raise PathNotFound("That is no folder.", "Choose the folder that it is in.")
    return folder, min(around, key=lambda place: len(place.parts))


def list_folder(path: str, places: Sequence[Path], skip: int = 0) -> FolderList:
    """The folders in a folder that a client named, from number `skip` on. Raises what `allowed_folder` raises."""
    folder, place = allowed_folder(path, places)
    steps = list(accumulate(folder.relative_to(place).parts, Path.joinpath, initial=place))
    trail = tuple((place_name(step) if step == place else step.name, step) for step in steps)
    names = sorted(_folder_names(folder, places), key=lambda name: (name.casefold(), name))
    shown = described([folder / name for name in names[skip : skip + SHOWN]])
    return FolderList(described([folder])[0], trail, tuple(shown), skip, len(names))


def described(folders: Sequence[Path]) -> list[Folder]:
    """Each with its films, as far as they can be counted in `PATIENCE` for all of them."""
    found, until = [], time.monotonic() + PATIENCE
    for left, folder in zip(range(len(folders), 0, -1), folders, strict=True):
        now = time.monotonic()
        found.append(_folder(folder, now + max(0.0, until - now) / left))
    return found


def count_films(folder: Path, until: float) -> FilmCount | None:
    """How many there are, counted until this second of `time.monotonic`. None: the folder cannot be read."""
    if not os.access(folder, os.R_OK | os.X_OK):
        return None
    films, whole, waiting = 0, True, [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if time.monotonic() > until:
                        return FilmCount(films, whole=False)
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif os.path.splitext(entry.name)[1].lower() in EXTENSIONS:  # noqa: PTH122  (of many thousands)
                        films += 1
                    elif entry.is_symlink():
                        whole = False
        except OSError:
            whole = False
    return FilmCount(films, whole)


def place_name(place: Path) -> str:
    """What a person calls a starting place."""
    return "Home" if place == Path.home() else place.name or str(place)


def _is_shown(folder: Path, place: Path) -> bool:
    """Whether a folder is below a starting place, and not hidden there (pure)."""
    below = folder.is_relative_to(place)
    return below and not any(part.startswith(".") for part in folder.relative_to(place).parts)


def _folder(path: Path, until: float) -> Folder:
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return Folder(path, path.name, None)
    if is_silent(path) and os.access(path, os.R_OK | os.X_OK):  # a network disk, slow to look through
        return Folder(path, path.name, FilmCount(0, whole=False))
    return Folder(path, path.name, count_films(path, until))


def _folder_names(folder: Path, places: Sequence[Path]) -> Iterator[str]:
    """Of the folders in a folder that may be gone into; none where it cannot be read."""
    inside, real = [place.resolve() for place in places], folder.resolve()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError, RuntimeError):
                if entry.name.startswith(".") or not entry.is_dir():
                    continue
                target = Path(entry.path).resolve(strict=True) if entry.is_symlink() else real / entry.name
                if not real.is_relative_to(target) and any(target.is_relative_to(place) for place in inside):
                    yield entry.name


def _mounted_disks() -> Iterator[Path]:
    for above in MOUNTED_BELOW:
        with suppress(OSError):
            for disk in sorted(above.iterdir()):
                if os.path.ismount(disk):
                    yield disk
                elif above.name == "media":
                    yield from sorted(inner for inner in disk.iterdir() if os.path.ismount(inner))


def _not_shown() -> NotFound:
    return NotFound("That folder is not offered here.", "VSEARCH_PLACES names the folders from which one is chosen.")
