"""Locks of a PostgreSQL server: it lets go of them when the connection of their holder ends."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from search.catalog.stores.base import Store, translated
from search.lock import this_process

_HOLDER = """
SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND pg_locks.database = pg_stat_activity.datid
AND datname = current_database() AND (classid, objid, objsubid) = ({key}::oid, 2)
"""


def key(task: str) -> str:
    """The two numbers of a lock, in SQL. Libraries in different schemas of a database have locks of their own."""
    return f"{zlib.crc32(b'vsearch ' + task.encode()) >> 1}, hashtext(current_schema())"


class AdvisoryLock:
    """Held by a connection of its own, whose application name says who holds it."""

    def __init__(self, store: Store, connect: Callable[[], Any], task: str) -> None:
        self._store, self._connect = store, connect
        self._key = key(task)
        self._connection: Any = None

    def acquire(self) -> bool:
        with translated(self._store):
            if self._connection is None:
                self._connection = self._connect()
                self._connection.autocommit = True
            ours: bool = self._connection.execute(f"SELECT pg_try_advisory_lock({self._key})").fetchone()[0]
            if ours:
                self._connection.execute("SELECT set_config('application_name', %s, false)", [this_process()])
            return ours

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def holder(self) -> str | None:
        with translated(self._store), self._store.reading.connect() as connection:
            row = connection.exec_driver_sql(_HOLDER.format(key=self._key)).first()
        return (row[0] or "another process") if row else None
