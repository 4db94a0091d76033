"""How the clips of a library are divided: by tag, by folder, by the length of their films. Rows of a `ClipTable`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import numpy as np

from search.asking.clip_table import ClipTable
from search.catalog.filters import as_part, parents_of
from search.catalog.tags import TagSpans
from search.contracts import Int64
from search.library import Library
from search.query import Tag


@dataclass(frozen=True, slots=True)
class Length:
    """A span of film lengths in seconds; None is no bound."""

    name: str
    longer: float | None
    shorter: float | None

    def holds(self, duration: float) -> bool:
        return (self.longer is None or self.longer <= duration) and (self.shorter is None or duration <= self.shorter)


LENGTHS = (
    Length("under 1 min", None, 60.0),
    Length("1 – 10 min", 60.0, 600.0),
    Length("over 10 min", 600.0, None),
)


@dataclass(frozen=True, slots=True)
class Film:
    """What dividing needs of a video."""

    id: int
    folder: str
    """As `in:` takes it, with `/` at the end; empty where it lies in a root itself."""
    parents: str
    """As `parents_of` gives them."""
    duration: float


@dataclass(frozen=True)
class Divisions:
    """The rows of each part; a clip may be in several, or in none."""

    tags: dict[Tag, Int64] = field(default_factory=dict)
    folders: dict[str, Int64] = field(default_factory=dict)
    """By name, in film order."""
    lengths: dict[Length, Int64] = field(default_factory=dict)


def divide(table: ClipTable, spans: TagSpans, films: Sequence[Film]) -> Divisions:
    """The parts of a table. Pure."""
    parents: dict[str, list[int]] = {}
    for film in films:
        parents.setdefault(film.parents, []).append(film.id)
    folders = {
        name: [film_id for folder, ids in parents.items() if part in folder for film_id in ids]
        for name, part in ((name, as_part(name)) for name in folders_of(films))
    }
    lengths = {length: [film.id for film in films if length.holds(film.duration)] for length in LENGTHS}
    return Divisions(
        tags=rows_by_tag(table, spans),
        folders={name: _rows_in(table, ids) for name, ids in folders.items()},
        lengths={length: _rows_in(table, ids) for length, ids in lengths.items()},
    )


def folders_of(films: Sequence[Film]) -> tuple[str, ...]:
    """Each once. Pure."""
    return tuple(dict.fromkeys(film.folder for film in films if film.folder))


def rows_by_tag(table: ClipTable, spans: TagSpans) -> dict[Tag, Int64]:
    """For each tag the rows of the clips that meet one of its segments, ascending. Pure."""
    order, videos = table.by_time, table.sorted_videos
    starts, ends = table.spans[order, 0], table.spans[order, 1]
    longest = float((ends - starts).max(initial=0.0))
    horizon = max(float(ends.max(initial=0.0)), float(spans.spans.max(initial=0.0))) + longest + 1.0
    places = videos * horizon + starts  # one line on which the films lie one behind the other
    first = np.searchsorted(places, spans.videos * horizon + np.maximum(spans.spans[:, 0] - longest, 0.0))
    last = np.searchsorted(places, spans.videos * horizon + spans.spans[:, 1])
    counts = np.maximum(last - first, 0)
    segment = np.repeat(np.arange(len(counts)), counts)
    clip = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    meets = (ends[clip] > spans.spans[segment, 0]) & (starts[clip] < spans.spans[segment, 1])
    rows, tags = order[clip[meets]], spans.tags[segment[meets]]
    return {Tag(*name): np.unique(rows[tags == at]) for at, name in enumerate(spans.names)}


class LiveDivisions:
    """The divisions of one library, made anew when it has changed; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._films: tuple[object, tuple[Film, ...]] = None, ()
        self._made: tuple[object, ClipTable | None, Divisions] = None, None, Divisions()

    def of(self, table: ClipTable) -> Divisions:
        """Those of a table that was just read."""
        version = self._library.catalog.tags_version()
        with self._lock:
            if self._made[0] != version or self._made[1] is not table:
                parts = divide(table, self._library.catalog.tag_spans(), self._films_at(version))
                self._made = version, table, parts
            return self._made[2]

    def folders(self) -> tuple[str, ...]:
        """Every folder that holds films, as `in:` takes it."""
        version = self._library.catalog.tags_version()
        with self._lock:
            return folders_of(self._films_at(version))

    def _films_at(self, version: object) -> tuple[Film, ...]:
        if self._films[0] != version:
            self._films = version, self._read_films()
        return self._films[1]

    def _read_films(self) -> tuple[Film, ...]:
        catalog = self._library.catalog
        several = len(catalog.roots()) > 1
        return tuple(
            Film(
                video.id,
                _folder(video.root.name, video.relpath, several),
                parents_of(video.path),
                video.facts.duration,
            )
            for video in catalog.videos()
        )


def _rows_in(table: ClipTable, video_ids: Sequence[int]) -> Int64:
    rows = [table.clips_of(video_id) for video_id in video_ids]
    return np.concatenate(rows) if rows else np.empty(0, np.int64)


def _folder(root: str, relpath: str, several_roots: bool) -> str:
    """The folder of a video below its root; with the root's name where there are several."""
    parent = PurePath(relpath).parent
    parts = [root, *parent.parts] if several_roots else list(parent.parts)
    return "/".join(parts) + "/" if parts else ""
