"""What each kind of job does, in the worker's process. KeyboardInterrupt is how it is told to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal

from indexer.interrupt import interruptible
from indexer.jobs.places import nearest_there, root_around
from indexer.reporting.progress import Progress
from indexer.reporting.report import Report
from indexer.retag import tag_again
from indexer.run import Options, index
from search.catalog.jobs import Job, JobKind
from search.contracts import Encoder
from search.errors import EncoderMismatch, LibraryLocked
from search.library import Library
from search.upkeep import forget_videos

LOOK = 1.0
"""Seconds between two tries to get the library from another indexer."""
DRAWN_FILMS, DRAWN_SIZE = 4, (480, 270)
"""For a first try: their drawing shall take less time than reading about it."""


def perform(library: Library, job: Job, progress: Progress) -> dict[str, int]:
    """Does a job; how many of what, by what became of them.

    Raises KeyboardInterrupt when it was told to stop, after the current transaction, and what the kind of job raises.
    """
    wait_for_library(library, progress)
    return PERFORM[job.kind](library, job, progress)


def wait_for_library(library: Library, progress: Progress) -> None:
    """Returns when nobody else indexes; says meanwhile who does."""
    while True:
        try:
            with library.indexing():
                return
        except LibraryLocked as error:
            progress.say(f"Waiting: {error.message}")
            time.sleep(LOOK)


def _index(library: Library, job: Job, progress: Progress) -> dict[str, int]:
    """The paths of the job; none: all roots."""
    progress.say("Looking at the files.")
    roots = [root.path for root in library.catalog.roots()]
    paths = [_there_now(Path(path), roots) for path in job.about] or roots
    options = Options(_kept_encoder(library), wait=True, retry=job.kind is JobKind.RETRY)
    report = index(paths, library.path, options, progress)
    if report.interrupted:
        raise KeyboardInterrupt
    return _counts(report)


def _there_now(path: Path, roots: Collection[Path]) -> Path:
    """A path that has gone since it was asked for is looked for in the nearest folder that is there."""
    root = root_around(path, roots)
    return nearest_there(path, root) if root else path


def _kept_encoder(library: Library) -> Encoder | Literal["auto"]:
    """The encoder, opened once for all jobs of this process: loading it takes seconds.

    Where its weights have changed since the library was indexed, indexing opens it anew.
    """
    try:
        return library.encoder
    except EncoderMismatch:
        return "auto"


def _counts(report: Report) -> dict[str, int]:
    counts = {name: count for name, count in report.videos.items() if count}
    return counts | ({"clips": report.clips} if report.clips else {})


def _draw(library: Library, job: Job, progress: Progress) -> dict[str, int]:
    """The one path of the job is the folder for the films."""
    from indexer.samples.folder import draw_samples

    def told(share: float) -> None:
        progress.say(f"Drawing {DRAWN_FILMS} films, {share:.0%}.")

    told(0.0)
    draw_samples(Path(job.about[0]), DRAWN_FILMS, 0, *DRAWN_SIZE, told)
    return _index(library, job, progress)


def _retag(library: Library, job: Job, progress: Progress) -> dict[str, int]:
    progress.say("Making the tags anew.")
    with library.indexing(wait=True), interruptible() as interrupted:
        done, _ = tag_again(library.catalog, job.about, reset=False, interrupted=interrupted)
    if done.interrupted:
        raise KeyboardInterrupt
    return {"retagged": done.videos, "tags": done.segments}


def _forget(library: Library, job: Job, _progress: Progress) -> dict[str, int]:
    with library.indexing(wait=True):
        videos = forget_videos(library, [Path(path) for path in job.about])
    return {"forgotten": len(videos)}


def _group(library: Library, _job: Job, progress: Progress) -> dict[str, int]:
    from indexer.grouping.run import group_appearances

    done = group_appearances(library, wait=True, told=lambda share, words: progress.say(words, share))
    if done.interrupted:
        raise KeyboardInterrupt
    counts = {"looked at": done.videos, "appearances": done.appearances, "groups": done.groups}
    return counts | ({"failed": len(done.failures)} if done.failures else {})


PERFORM: Mapping[JobKind, Callable[[Library, Job, Progress], dict[str, int]]] = {
    JobKind.INDEX: _index,
    JobKind.RESCAN: _index,
    JobKind.RETRY: _index,
    JobKind.RETAG: _retag,
    JobKind.FORGET: _forget,
    JobKind.DRAW: _draw,
    JobKind.GROUP: _group,
}
