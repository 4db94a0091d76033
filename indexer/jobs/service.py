"""The indexing service: follows folders, makes jobs of what changes in them, and does all jobs of the library.

from indexer.jobs.service import start_service

service = start_service(None, [Path("~/Videos").expanduser()])
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from indexer.finding.discover import GROWING
from indexer.finding.given import is_folder
from indexer.finding.look import is_gone
from indexer.finding.watching import FolderWatch
from indexer.jobs.asking import absolute
from indexer.jobs.following import Follower
from indexer.jobs.places import root_around, without_nested
from indexer.jobs.worker import PATIENCE, work
from search.errors import CannotGoOn, PathNotFound, UsageError, VsearchError, first_line
from search.library import Library, open_library
from search.runtime import verbose

Say = Callable[[str], None]
"""Takes a sentence for the person, from any thread."""


@dataclass(frozen=True, slots=True)
class Following:
    """How folders are followed."""

    settled: float = GROWING
    """Seconds during which nothing may have happened to a file before it is taken up."""
    poll: float | None = None
    """Look at every file each so many seconds; None: be told what changes, where the system tells."""


def start_service(
    location: Path | None,
    paths: Sequence[Path],
    following: Following = Following(),
    say: Say = lambda _words: None,
) -> Service:
    """Does the jobs of the library at `location` (made if there is none) and follows the folders in `paths`, if any.

    Raises PathNotFound, UsageError for a file, and what `open_library` raises.
    """
    library = open_library(location, create=True)
    try:
        folders = folders_to_follow(paths, [root.path for root in library.catalog.roots()])
    except VsearchError:
        library.close()
        raise
    if library.notice:
        say(library.notice)
    return Service(library, folders, following, say)


def folders_to_follow(paths: Sequence[Path], roots: Sequence[Path]) -> list[Path]:
    """Absolute, without those inside another. One that is not there is waited for where it is in a known root."""
    folders = [absolute(path) for path in paths]
    for folder in folders:
        if is_gone(folder) and not root_around(folder, roots):
            raise PathNotFound(f"There is no {folder}.", "Check the spelling, or whether the disk is connected.")
        if not is_gone(folder) and not is_folder(folder):
            raise UsageError(
                f"{folder} is no folder that can be read.", "Name a folder; for a file, the one it is in."
            )
    return without_nested(folders)


class Service:
    """The running service: a context manager. It runs until `stop`, or until something makes that impossible."""

    def __init__(self, library: Library, folders: Sequence[Path], following: Following, say: Say) -> None:
        """Takes the library over, and closes it in the end."""
        self._say = say
        self.library, self.folders = library, folders
        self.error: VsearchError | None = None
        """What made it end by itself."""
        self._stop = threading.Event()
        follower = Follower(library, folders, following.settled)
        watches = [FolderWatch(folder, follower.changes.put, say, following.poll) for folder in folders]
        parts = [partial(work, library.path, library.catalog), follower.run, *(watch.run for watch in watches)]
        self._threads = [threading.Thread(target=self._guard, args=(part,), daemon=True) for part in parts]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        return not self._stop.is_set()

    def stop(self) -> None:
        """Returns when the current transaction has ended; what is in work then waits for the next start."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE + 5)
        self.library.close()

    def _guard(self, part: Callable[[threading.Event], None]) -> None:
        try:
            part(self._stop)
        except VsearchError as error:
            self._end(error)
        except Exception as error:
            words = first_line(str(error)) or type(error).__name__
            self._end(CannotGoOn(f"The indexing service broke: {words}.", "Start it again; with -v it says more."))
            if verbose():
                raise

    def _end(self, error: VsearchError) -> None:
        self.error = error
        self._say(f"Nothing is indexed any more. {error.message} {error.cure}")
        self._stop.set()
