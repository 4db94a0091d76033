"""A catalog in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from search.catalog.stores.base import number_too_large
from search.errors import DiskFull, LibraryDamaged, LibraryLocked, LibraryReadOnly, LibraryUnreachable, VsearchError
from search.lock import FileLock, Lock

BUSY_SECONDS = 30.0
_IMMEDIATE = "vsearch_immediate"


class SqliteStore:
    """WAL, foreign keys on, waiting up to 30 s for another writer."""

    errors: tuple[type[Exception], ...] = (DatabaseError, sqlite3.DatabaseError, OverflowError)

    def __init__(self, path: Path, *, writable: bool | None = None) -> None:
        """Where `writable` is not given, the permissions of the folder say it."""
        self.path = path
        self.name = str(path.parent)
        self._writable = writable

    @cached_property
    def reading(self) -> Engine:
        return open_engine(self.path, writable=self.writable)

    @cached_property
    def writing(self) -> Engine:
        return self.reading.execution_options(**{_IMMEDIATE: True})

    @property
    def writable(self) -> bool:
        return os.access(self.path.parent, os.W_OK) if self._writable is None else self._writable

    def holds_library(self) -> bool:
        return self.path.exists()

    @contextmanager
    def making(self) -> Iterator[SqliteStore]:
        """Made aside and renamed: nobody ever opens one that is half made."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        store = SqliteStore(fresh)
        try:
            yield store
        finally:
            store.close()
        fresh.replace(self.path)

    def lock(self, task: str) -> Lock:
        return FileLock(self.path.parent, task)

    def complaints(self, session: Session) -> list[str]:
        found = [row[0] for row in session.execute(text("PRAGMA integrity_check"))]
        found += [f"dangling row in {row[0]}" for row in session.execute(text("PRAGMA foreign_key_check"))]
        return [words for words in found if words != "ok"]

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.path.parent.glob(f"{self.path.name}*"))

    def close(self) -> None:
        self.reading.dispose()

    def translate(self, error: Exception) -> VsearchError:
        if isinstance(error, OverflowError):  # the driver takes 64 bits
            return number_too_large()
        words = str(error).lower()
        if "disk is full" in words or "disk i/o error" in words:
            return DiskFull(
                f"The disk with the library {self.name} is full; what was indexed before is kept.",
                "Free some space (or choose another place with --library) and run the same command again.",
            )
        if "readonly" in words or "unable to open" in words:
            return LibraryReadOnly(
                f"The library {self.name} cannot be written.",
                "Give yourself write permission there, or choose another place with --library.",
            )
        if "locked" in words:
            return LibraryLocked(
                f"The library {self.name} was busy for {BUSY_SECONDS:.0f} seconds.",
                "Wait for the other program that writes to it, then try again.",
            )
        if isinstance(error, (OperationalError, sqlite3.OperationalError)) and "no such" in words:
            return self._incomplete(error)
        return LibraryDamaged(
            f"The catalog {self.path} is damaged or is no catalog ({words.splitlines()[0][:120]}).",
            "Restore it from a backup, or delete the library folder and index again.",
        )

    def _incomplete(self, error: Exception) -> VsearchError:
        if "no such module" in str(error):
            return LibraryUnreachable(
                "The SQLite of this process has no full-text search.",
                "In a program of your own import sqlite3 before tensorflow, which brings another SQLite.",
            )
        return LibraryDamaged(
            f"The catalog {self.path} lacks a part of its schema ({error}).",
            "Restore it from a backup, or delete the library folder and index again.",
        )


def open_engine(path: Path, *, writable: bool) -> Engine:
    """An engine on the file at `path`, which is made when first written."""

    def connect() -> sqlite3.Connection:
        if writable:
            return _connect(path, "rwc")
        connection = _connect(path, "ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            # A WAL database on a read-only disk: nobody can be writing, so reading without the log is safe.
            connection.close()
            return _connect(path, "ro&immutable=1")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=8, max_overflow=32)

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, see below
        connection.execute("PRAGMA foreign_keys = ON")
        if writable:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader sees one snapshot; a writer takes the lock at once, so that it never fails half-way for it.
        immediate = connection.get_execution_options().get(_IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    name = quote(str(path).encode(errors="surrogateescape"))
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
