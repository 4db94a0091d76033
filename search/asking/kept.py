"""What was read of the catalog, kept by id until the catalog changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST = 50_000
"""Ids that are kept; at more, all are forgotten."""


class Kept(Generic[Value]):
    """Reads what belongs to an id once; safe to share between threads. `read` leaves out ids that are not there."""

    def __init__(self, read: Callable[[list[int]], Mapping[int, Value]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._version: Hashable = None
        self._values: dict[int, Value] = {}

    def get(self, version: Hashable, ids: Collection[int]) -> dict[int, Value]:
        """What belongs to each of these ids, as the catalog is at `version`."""
        with self._lock:
            if self._version != version or len(self._values) > MOST:
                self._version, self._values = version, {}
            if missing := [each for each in ids if each not in self._values]:
                self._values.update(self._read(missing))
            return {each: self._values[each] for each in ids if each in self._values}
