"""A catalog in a PostgreSQL database, in the first schema of the connection's search path."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from search.catalog.stores.advisory_lock import AdvisoryLock, key
from search.catalog.stores.base import translated
from search.catalog.stores.refusals import refusal
from search.errors import CannotGoOn, UsageError, VsearchError, first_line
from search.lock import Lock

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
_WRITING = "vsearch_writing"


class PostgresqlStore:
    """Readers see one snapshot, writers come one after the other, as in SQLite; neither waits for the other."""

    def __init__(self, database: str, secrets: Mapping[str, str]) -> None:
        """By a URL, and what is said to the server beside it. Raises CannotGoOn without the driver."""
        self._driver = _driver()
        self._database, self._secrets = database, secrets
        self.name = database
        self.errors: tuple[type[Exception], ...] = (DBAPIError, self._driver.Error)
        engine = create_engine(
            "postgresql+psycopg://", creator=self._connect, pool_size=8, max_overflow=32, pool_pre_ping=True
        )
        self.reading = engine.execution_options(isolation_level="REPEATABLE READ")
        self.writing = engine.execution_options(**{_WRITING: True})

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if connection.get_execution_options().get(_WRITING):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({key('write')})")

    @property
    def writable(self) -> bool:
        """Whether the server and the user's rights let the catalog be changed."""
        allowed = text(
            "SELECT current_setting('transaction_read_only') = 'off'"
            " AND coalesce(has_table_privilege(to_regclass('clip'), 'INSERT'), true)"
        )
        with translated(self), self.reading.connect() as connection:
            return bool(connection.scalar(allowed))

    def holds_library(self) -> bool:
        """One that is half made (its maker was killed) is none yet."""
        with translated(self), self.reading.connect() as connection:
            if not inspect(connection).has_table("meta"):
                return False
            return bool(connection.scalar(text("SELECT count(*) FROM meta WHERE key = 'encoder'")))

    @contextmanager
    def making(self) -> Iterator[PostgresqlStore]:
        """Raises UsageError in a database that does not take every text."""
        with translated(self), self.reading.connect() as connection:
            encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise UsageError(
                f"The database {self.name} is encoded in {encoding}, which does not hold every file name.",
                "Make one with `createdb --encoding=UTF8 --template=template0 NAME`.",
            )
        yield self

    def lock(self, task: str) -> Lock:
        return AdvisoryLock(self, self._connect, task)

    def complaints(self, session: Session) -> list[str]:
        """The server itself watches over its files and foreign keys; the index of words said is ours."""
        lost = session.scalar(text("SELECT count(*) FROM cue WHERE id NOT IN (SELECT cue_id FROM cue_words)"))
        return [f"{lost} cues are not in the index of words said"] if lost else []

    def size(self) -> int:
        tables = text(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        )
        with translated(self), self.reading.connect() as connection:
            return int(connection.scalar(tables) or 0)

    def close(self) -> None:
        self.reading.dispose()

    def translate(self, error: Exception) -> VsearchError:
        return refusal(error, self.name, BUSY_SECONDS)

    def _connect(self) -> Any:
        """A connection of the driver's own."""
        wanted = self._driver.conninfo.conninfo_to_dict(self._database)
        connection = self._driver.connect(
            **{"connect_timeout": CONNECT_SECONDS, "application_name": "vsearch", **wanted, **self._secrets}
        )
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        # Clips without a tag are looked up in a hash of those that have it, however many these may be.
        connection.execute("SET hash_mem_multiplier = 64")
        connection.commit()
        return connection


def _driver() -> Any:
    try:
        return importlib.import_module("psycopg")
    except ImportError as error:  # also where it is installed without libpq
        raise CannotGoOn(
            f"A library in PostgreSQL needs psycopg, which cannot be loaded: {first_line(str(error))}.",
            "Run `pip install 'vsearch[postgres]'`.",
        ) from error
