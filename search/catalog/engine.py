"""Opening the database file, and turning its complaints into ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from search.errors import DiskFull, LibraryDamaged, LibraryLocked, LibraryReadOnly, VsearchError

BUSY_SECONDS = 30.0
IMMEDIATE = "vsearch_immediate"


def open_engine(path: Path, *, writable: bool) -> Engine:
    """An engine on the SQLite file at `path`: WAL, foreign keys on, waiting up to 30 s for another writer."""

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
        immediate = connection.get_execution_options().get(IMMEDIATE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    name = quote(str(path).encode(errors="surrogateescape"))
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, timeout=BUSY_SECONDS, check_same_thread=False)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises our errors in place of the database's."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _translate(error, path) from error


def _translate(error: Exception, path: Path) -> VsearchError:
    words = str(error).lower()
    if "disk is full" in words or "disk i/o error" in words:
        return DiskFull(
            f"The disk with the library {path.parent} is full; what was indexed before is kept.",
            "Free some space (or choose another place with --library) and run the same command again.",
        )
    if "readonly" in words or "unable to open" in words:
        return LibraryReadOnly(
            f"The library {path.parent} cannot be written.",
            "Give yourself write permission there, or choose another place with --library.",
        )
    if "locked" in words:
        return LibraryLocked(
            f"The library {path.parent} was busy for {BUSY_SECONDS:.0f} seconds.",
            "Wait for the other program that writes to it, then try again.",
        )
    if isinstance(error, (OperationalError, sqlite3.OperationalError)) and "no such" in words:
        return LibraryDamaged(
            f"The catalog {path} lacks a part of its schema ({error}).",
            "Restore it from a backup, or delete the library folder and index again.",
        )
    return LibraryDamaged(
        f"The catalog {path} is damaged or is no catalog ({words.splitlines()[0][:120]}).",
        "Restore it from a backup, or delete the library folder and index again.",
    )
