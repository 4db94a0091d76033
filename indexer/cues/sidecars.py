"""Which files beside a film hold its words, and the part of the recipe that they decide.

Of `film.mkv` these are `film.srt`, `film.en.srt`, `film.mkv.vtt` and the like, in its folder or in a folder `subs` or
`subtitles` beside it; upper and lower case are the same. A file belongs to the film with the longest name that fits:
`film.two.srt` to `film.two.mkv` where that is there, else to `film.mkv`.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from indexer.finding.discover import EXTENSIONS

SUFFIXES = ("srt", "vtt", "ass", "ssa", "json")
FOLDERS = ("subs", "subtitles")
WORDS = "words"
"""The part of the recipe that the words of a film are."""
READ = 1
"""Raised when the code that reads words gives other cues than before."""

_LANGUAGE = re.compile(r"(\.[a-z]{2,3}(-[a-z0-9]{2,8})?)?")
"""Between the film's name and `.json`: other programs write `film.info.json` and the like."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A file beside a film, as it was when the folder was looked at."""

    path: Path
    size: int
    mtime_ns: int


Beside = Callable[[Path], tuple[Sidecar, ...]]
"""From a film to its sidecars, by path."""


def look_beside() -> Beside:
    """For one run: every folder is listed once. A folder that cannot be read holds nothing."""
    listed = cache(_list_folder)

    def beside(film: Path) -> tuple[Sidecar, ...]:
        here, stem = listed(film.parent), film.stem.lower()
        entries = [entry for place in (here, *map(listed, here.subtitles)) for entry in place.named.get(stem, ())]
        own = (entry for entry in entries if owner(entry.name, {stem}, here.films) == stem)
        return tuple(sidecar for entry in own if (sidecar := _sidecar(entry)))

    return beside


def stems_of(name: str) -> list[str]:
    """The films that a file of this name may belong to: their stems in lower case, the longest first."""
    stem, _, suffix = name.lower().rpartition(".")
    if suffix not in SUFFIXES:
        return []
    pieces = stem.split(".")
    stems = [".".join(pieces[:count]) for count in range(len(pieces), 0, -1)]
    if suffix == "json":
        stems = [it for it in stems if _LANGUAGE.fullmatch(stem.removeprefix(it))]
    return [it for it in stems if it]


def owner(name: str, *films: Collection[str]) -> str | None:
    """The film, of these stems in lower case, that a file of this name belongs to."""
    return next((stem for stem in stems_of(name) if any(stem in some for some in films)), None)


def words_part(sidecars: Iterable[Sidecar]) -> str:
    """What a film's words are made of, as a part of its recipe; the tracks in it change with its clips only."""
    decides = READ, [(sidecar.path.name, sidecar.size, sidecar.mtime_ns) for sidecar in sidecars]
    return f"{WORDS}:{hashlib.sha256(repr(decides).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class _Folder:
    films: frozenset[str] = frozenset()
    """Their stems, in lower case."""
    named: Mapping[str, Sequence[os.DirEntry[str]]] = field(default_factory=dict)
    """Sidecars, by every stem that they may belong to."""
    subtitles: Sequence[Path] = ()
    """Folders of sidecars in it."""


def _list_folder(folder: Path) -> _Folder:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return _Folder()
    named: dict[str, list[os.DirEntry[str]]] = defaultdict(list)
    for entry in entries:
        for stem in stems_of(entry.name):
            named[stem].append(entry)
    names = [Path(entry.path) for entry in entries]
    films = frozenset(path.stem.lower() for path in names if path.suffix.lower() in EXTENSIONS)
    return _Folder(films, named, [path for path in names if path.name.lower() in FOLDERS])


def _sidecar(entry: os.DirEntry[str]) -> Sidecar | None:
    try:
        state = entry.stat()
    except OSError:
        return None
    return Sidecar(Path(entry.path), state.st_size, state.st_mtime_ns) if entry.is_file() else None
