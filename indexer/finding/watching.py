"""Following one folder: every path that changes in it is reported, through unmounting and coming back.

When watching begins, whenever the folder goes or comes back, and once an hour, the folder itself is reported:
something may have changed that nobody saw.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import Change, watch
from watchfiles._rust_notify import WatchfilesRustInternalError
from watchfiles.main import FileChange

from indexer.finding.given import is_folder
from indexer.finding.mounts import is_silent
from search.errors import first_line

LOOK = 1.0
"""Seconds between two looks whether the folder is still the same."""
POLL = 10.0
"""Seconds between two looks at every file where the system does not tell what changes."""
AGAIN = 3600.0
"""Seconds after which the folder is looked at again in any case: a system in a hurry loses word of changes."""

Identity = tuple[int, int] | None
"""Device and number of a folder; None while it is not there."""


class FolderWatch:
    """Follows one folder; `run` is for a thread of its own, so that a disk that does not answer holds up no other."""

    def __init__(
        self,
        root: Path,
        report: Callable[[Path], object],
        say: Callable[[str], object],
        poll: float | None = None,
    ) -> None:
        """`report` gets paths that changed, `say` a sentence for the person, both from the thread.

        `poll`: look at every file each so many seconds; None: only where that is needed.
        """
        self._root, self._report, self._say, self._poll = root, report, say, poll
        self._pass_over_denied = False  # not before it is needed: watchfiles then passes over other errors too

    def run(self, stop: threading.Event) -> None:
        """Ends soon after `stop` is set."""
        was: Identity = (0, 0)
        while not stop.is_set():
            now = identity(self._root)
            if now is not None:
                self._follow(now, stop)
            else:
                if was is not None:
                    self._report(self._root)
                stop.wait(LOOK)
            was = now

    def _follow(self, same: Identity, stop: threading.Event) -> None:
        """Until the folder has gone or is another one, as when a disk is mounted over it."""
        if self._poll is None and is_silent(self._root):
            self._poll_instead("it is on a disk that does not tell what changes")
        due = float("-inf")
        try:
            for changes in self._watch(stop):
                if time.monotonic() >= due:
                    due = time.monotonic() + AGAIN
                    self._report(self._root)
                for change, path in changes:
                    if change is not Change.modified or not is_folder(Path(path)):
                        self._report(Path(path))
                if identity(self._root) != same:
                    return
        except PermissionError:
            stop.wait(LOOK if self._pass_over_denied else 0.0)
            self._pass_over_denied = True
        except (OSError, WatchfilesRustInternalError) as error:
            if identity(self._root) == same and self._poll is None:
                self._poll_instead(first_line(str(error)).partition(". ")[0])
            stop.wait(LOOK)

    def _watch(self, stop: threading.Event) -> Iterator[set[FileChange]]:
        return watch(
            self._root,
            watch_filter=None,
            stop_event=stop,
            rust_timeout=int(LOOK * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=self._poll is not None,
            poll_delay_ms=int((self._poll or POLL) * 1000),
            ignore_permission_denied=self._pass_over_denied,
        )

    def _poll_instead(self, why: str) -> None:
        self._poll = POLL
        self._say(f"{self._root} is looked through every {POLL:.0f} s: {why}.")


def identity(folder: Path) -> Identity:
    try:
        state = folder.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
