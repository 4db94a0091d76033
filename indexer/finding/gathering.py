"""Which of the paths that change have come to rest (pure: time and the state of a file come in)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

State = tuple[int, int] | None
"""Size and date of a file; None for what is none."""
SLACK = 0.5
"""Seconds after which what comes to rest a little later is not waited for: a move is two changes, and one job."""


@dataclass(slots=True)
class _Change:
    at: float
    state: State


class Gathering:
    """Paths that have changed, until nothing has happened to them for `rest` seconds."""

    def __init__(self, rest: float, look: Callable[[Path], State]) -> None:
        self._rest, self._look = rest, look
        self._changes: dict[Path, _Change] = {}

    def touch(self, path: Path, now: float) -> None:
        """Something happened to a path at `now` seconds."""
        self._changes[path] = _Change(now, self._look(path))

    def settle(self, path: Path) -> None:
        """A path has changed that need not be waited for."""
        self._changes[path] = _Change(float("-inf"), self._look(path))

    def take(self, now: float) -> list[Path]:
        """The paths that are at rest; they are forgotten. None while the first of them has only just come to rest.

        A file that has changed with no word of it (on a disk that others write to) is waited for again.
        """
        resting = [path for path, change in self._changes.items() if now - change.at >= self._rest]
        if not any(now - self._changes[path].at >= self._rest + SLACK for path in resting):
            return []
        taken = []
        for path in resting:
            if self._look(path) == self._changes[path].state:
                del self._changes[path]
                taken.append(path)
            else:
                self.touch(path, now)
        return taken
