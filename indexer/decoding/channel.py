"""A bounded queue between threads that knows when its writers are done and gives up when told to stop."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

GLANCE = 0.1
"""Seconds between two looks at `stopped` while waiting."""


class Stopped(Exception):
    """The other side has given up; nothing more will be taken."""


class Channel(Generic[T]):
    """At most `size` items wait in it, so a fast writer waits for a slow reader."""

    def __init__(self, size: int, *, writers: int, stopped: Callable[[], bool]) -> None:
        self._items: deque[T] = deque()
        self._size = size
        self._writers = writers
        self._stopped = stopped
        self._changed = threading.Condition()

    def put(self, item: T) -> None:
        """Waits for room. Raises Stopped."""
        with self._changed:
            while not self._changed.wait_for(lambda: len(self._items) < self._size, GLANCE):
                self.check()
            self.check()
            self._items.append(item)
            self._changed.notify_all()

    def take(self, most: int) -> list[T]:
        """Waits for the first item and returns what is there, at most `most`; empty at the end or when stopped."""
        with self._changed:
            while not self._changed.wait_for(lambda: self._items or not self._writers, GLANCE):
                if self._stopped():
                    return []
            if self._stopped():
                return []
            taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            self._changed.notify_all()
            return taken

    def check(self) -> None:
        """Raises Stopped when nothing more will be taken."""
        if self._stopped():
            raise Stopped

    def done(self) -> None:
        """One writer has written its last item."""
        with self._changed:
            self._writers -= 1
            self._changed.notify_all()
