"""From paths that change in the followed folders to jobs."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue

from indexer.finding.gathering import Gathering, State
from indexer.finding.look import is_gone
from indexer.jobs.places import gathered, is_passed_over, overlap, place_of, root_around
from search.catalog.jobs import Job, JobKind
from search.library import Library

TICK = 0.5
"""Seconds between two looks at what has come to rest."""


class Follower:
    """Waits until what changes has come to rest, and asks for it to be indexed.

    What changes while its last job still waits is added to that job: a long burst becomes two jobs or three.
    """

    def __init__(self, library: Library, folders: Sequence[Path], settled: float) -> None:
        self.changes: SimpleQueue[Path] = SimpleQueue()
        """Where paths that change are put; they are below the folders."""
        self._library, self._folders = library, frozenset(folders)
        self._gathering = Gathering(settled, state_of)
        self._begun: set[Path] = set()
        self._last: Job | None = None
        self._asked: set[int] = set()

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(TICK):
            self._listen()
            self._look_again()
            if places := set(self._places(self._gathering.take(time.monotonic()))):
                self._ask(places)

    def _listen(self) -> None:
        while not self.changes.empty():
            path = self.changes.get()
            root = root_around(path, self._folders)
            if root is None or is_passed_over(path, root) or path.is_relative_to(self._library.path):
                continue
            if path == root and root not in self._begun:  # watching begins
                self._begun.add(root)
                self._gathering.settle(path)
            else:
                self._gathering.touch(path, time.monotonic())

    def _places(self, paths: Sequence[Path]) -> Iterator[Path]:
        """What has to be looked at; all of a folder that the library does not know yet."""
        known = [root.path for root in self._library.catalog.roots()]
        for path in paths:
            root = root_around(path, self._folders) or path
            place = place_of(path, root)
            if place and any(overlap(place, one) for one in known):
                yield place
            elif place and not is_gone(root):
                yield root

    def _ask(self, places: set[Path]) -> None:
        catalog, last = self._library.catalog, self._last
        if last:
            wider = gathered({*places, *map(Path, last.about)}, self._folders)
            if catalog.widen_job(last.id, [str(place) for place in wider]):
                self._last = catalog.job(last.id)
                return
        self._last = catalog.queue_job(JobKind.INDEX, [str(place) for place in gathered(places, self._folders)])
        self._asked.add(self._last.id)

    def _look_again(self) -> None:
        """Files that were still being written when their job looked at them are waited for once more."""
        for job in [self._library.catalog.job(job_id) for job_id in self._asked]:
            if job.ended:
                self._asked.discard(job.id)
            if job.ended and job.counts.get("growing"):
                for place in job.about:
                    self._gathering.touch(Path(place), time.monotonic())


def state_of(path: Path) -> State:
    """Size and date of a file, for a `Gathering`."""
    try:
        state = path.stat()
    except OSError:
        return None
    return None if stat.S_ISDIR(state.st_mode) else (state.st_size, state.st_mtime_ns)
