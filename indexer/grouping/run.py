"""Groups of similar frames, for all films of a library that have none yet.

A run adds to what is there: new appearances come into groups that look like them, or into new ones. Groups that
exist are neither joined nor broken up, whatever a person has made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.decoding.decode import Decoder, OnProgress
from indexer.grouping.joining import join_groups
from indexer.grouping.looking import LookedAt, Looks, look_at
from indexer.interrupt import interruptible
from indexer.rules import read_rules
from indexer.whole_file import make_folder, whole_file
from search.catalog.hand import CHARACTER
from search.catalog.records import VideoRecord, VideoState
from search.library import Library
from search.naming import picture_path, remove_pictures
from search.printing import visible

TOGETHER = 0.96
"""The mean cosine from which appearances are of one group; docs/naming.md has what other values do."""
Told = Callable[[float, str], None]
"""Called with the share of the work that is done, 0..1, and with words for a person."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """What was done."""

    videos: int
    """Looked at in this run."""
    appearances: int
    """Found in them."""
    groups: int
    """In the library now."""
    failures: tuple[tuple[Path, str], ...] = ()
    """Films of which not all could be decoded, and why."""
    interrupted: bool = False
    """The films that were looked at keep their appearances; the next run goes on and makes the groups."""


def group_appearances(
    library: Library,
    *,
    looks: Looks | None = None,
    wait: bool = False,
    told: Told = lambda _share, _words: None,
) -> Grouped:
    """Looks at the films that have no appearances yet, and puts all that have no group into one.

    `looks`: the bundled trunk when None. SIGINT ends it after the current frames. Raises LibraryLocked (unless
    `wait`), LibraryReadOnly, DiskFull, ModelUnavailable.
    """
    catalog = library.catalog
    with library.indexing(wait=wait), interruptible() as interrupted:
        catalog.bridge_characters(read_rules(catalog)[CHARACTER].max_gap)
        looks = looks or _open_looks()
        run = _Run(library, looks, told, interrupted)
        whole = run.look()
        if whole:
            told(1.0, "Putting similar frames together.")
            catalog.put_into_groups(join_groups(catalog.appearance_features(looks.fingerprint), TOGETHER))
        remove_pictures(library)
    groups = len(catalog.appearance_groups())
    return Grouped(run.videos, run.appearances, groups, tuple(run.failures), interrupted=not whole)


class _Run:
    """The films of one run, one after the other."""

    def __init__(self, library: Library, looks: Looks, told: Told, interrupted: Callable[[], bool]) -> None:
        self._library, self._looks, self._told, self._interrupted = library, looks, told, interrupted
        self.videos = self.appearances = 0
        self.failures: list[tuple[Path, str]] = []

    def look(self) -> bool:
        """Whether every film was looked at; False when interrupted."""
        catalog = self._library.catalog
        todo = [catalog.video(video_id) for video_id in catalog.videos_without_appearances(self._looks.fingerprint)]
        seconds = max(sum(video.facts.duration for video in todo), 1e-9)
        done = 0.0
        with Decoder() as decoder:
            for number, video in enumerate(todo, 1):
                words = f"Looking at {visible(video.title)}, film {number} of {len(todo)}."
                on_progress = self._telling(words, done, seconds)
                looked = look_at(video.path, decoder, self._looks, on_progress, self._interrupted)
                if looked is None:
                    return False
                self._keep(video, looked)
                done += video.facts.duration
        return True

    def _telling(self, words: str, before: float, seconds: float) -> OnProgress:
        """Tells the share of all films, of `seconds` together, of which so many are done before this one."""

        def tell(at: float, _of_film: float | None) -> None:
            share = min(1.0, (before + at) / seconds)
            self._told(share, words)

        return tell

    def _keep(self, video: VideoRecord, looked: LookedAt) -> None:
        if looked.outcome.state is not VideoState.INDEXED:
            self.failures.append((video.path, looked.outcome.reason))
        if looked.appearances:

            def write(ids: list[int]) -> None:
                for appearance_id, picture in zip(ids, looked.pictures, strict=True):
                    _write(picture_path(self._library.path, appearance_id), picture)

            catalog, fingerprint = self._library.catalog, self._looks.fingerprint
            catalog.add_appearances(video.id, fingerprint, looked.appearances, write)
            self.videos += 1
            self.appearances += len(looked.appearances)


def _write(path: Path, picture: bytes) -> None:
    make_folder(path.parent)
    with whole_file(path) as part:
        part.write_bytes(picture)


def _open_looks() -> Looks:
    from classifiers.whole_frames import FrameLooks

    return FrameLooks()
