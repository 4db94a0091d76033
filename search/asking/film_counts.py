"""In which folders, and in films of which length, the clips lie that a question leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import PurePath

import numpy as np

from search.asking.clip_table import LiveClips
from search.catalog.filters import ClipFilter, VideoInScope, in_scope
from search.language.tree import Question, Scope
from search.library import Library


@dataclass(frozen=True, slots=True)
class Length:
    """A span of film lengths in seconds; None is no bound."""

    name: str
    longer: float | None
    shorter: float | None


LENGTHS = (
    Length("under 1 min", None, 60.0),
    Length("1 – 10 min", 60.0, 600.0),
    Length("over 10 min", 600.0, None),
)


@dataclass(frozen=True, slots=True)
class Film:
    """What narrowing needs of a video."""

    id: int
    path: PurePath
    folder: str
    """As `in:` takes it, with `/` at the end; empty where it lies in a root itself."""
    duration: float


@dataclass(frozen=True, slots=True)
class FilmCounts:
    """Numbers of clips. A folder that is asked for narrows the lengths, not the other folders; and the reverse."""

    folders: tuple[tuple[str, int], ...]
    """Most clips first; folders without any at the end."""
    lengths: tuple[tuple[Length, int], ...]


def count_films(films: Sequence[Film], clips: Callable[[int], int], scope: Scope) -> FilmCounts:
    """`clips` says how many clips of a video are left by all that is asked but folder and length. Pure."""
    folders = Counter({film.folder: 0 for film in films if film.folder})
    for film in films:
        if film.folder and _lasts(film, scope.longer, scope.shorter):
            folders[film.folder] += clips(film.id)
    chosen = _in_folders(films, scope.folders)
    lengths = [
        (length, sum(clips(film.id) for film in chosen if _lasts(film, length.longer, length.shorter)))
        for length in LENGTHS
    ]
    return FilmCounts(tuple(sorted(folders.items(), key=lambda each: (-each[1], each[0]))), tuple(lengths))


class Films:
    """The films of one library, and where the clips of a question lie; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._clips = LiveClips(library.catalog)
        self._films = lru_cache(maxsize=2)(self._read_films)
        self._left = lru_cache(maxsize=64)(self._count_clips)

    def folders(self) -> tuple[str, ...]:
        """Every folder that holds films, as `in:` takes it."""
        return tuple(dict.fromkeys(film.folder for film in self._films(self._version()) if film.folder))

    def counts(self, question: Question) -> FilmCounts:
        """Of the clips that the first look of a question may find."""
        version = self._version()
        scope = replace(question.scope, folders=(), longer=None, shorter=None)
        left = self._left(version, ClipFilter(question.look.tags, scope))
        return count_films(self._films(version), lambda video_id: left.get(video_id, 0), question.scope)

    def _version(self) -> tuple[str, str]:
        return self._library.catalog.state().version

    def _count_clips(self, version: tuple[str, str], wanted: ClipFilter) -> dict[int, int]:
        """How many clips of each video a filter leaves."""
        table = self._clips.table(int(version[0] or 0))
        videos = table.videos
        if not wanted.is_open:
            videos = videos[table.rows_of(self._library.catalog.clip_ids_with(wanted))[0]]
        ids, counts = np.unique(videos, return_counts=True)
        return dict(zip(ids.tolist(), counts.tolist(), strict=True))

    def _read_films(self, _version: object) -> tuple[Film, ...]:
        catalog = self._library.catalog
        several = len(catalog.roots()) > 1
        return tuple(
            Film(video.id, video.path, _folder(video.root.name, video.relpath, several), video.facts.duration)
            for video in catalog.videos()
        )


def _folder(root: str, relpath: str, several_roots: bool) -> str:
    """The folder of a video below its root; with the root's name where there are several."""
    parent = PurePath(relpath).parent
    parts = [root, *parent.parts] if several_roots else list(parent.parts)
    return "/".join(parts) + "/" if parts else ""


def _in_folders(films: Sequence[Film], folders: tuple[str, ...]) -> Sequence[Film]:
    if not folders:
        return films
    scope = Scope(folders=folders)
    return [film for film in films if in_scope(scope, VideoInScope(film.path, film.duration, date.min))]


def _lasts(film: Film, longer: float | None, shorter: float | None) -> bool:
    return (longer is None or longer <= film.duration) and (shorter is None or film.duration <= shorter)
