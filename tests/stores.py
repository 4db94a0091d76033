"""Where the libraries of tests live: in SQLite, or with `VSEARCH_TEST_STORE=postgresql` in databases of a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from search.catalog.stores.base import Store
from search.catalog.stores.registry import store_at
from search.location import POINTER
from search.settings import read_settings
from tests.postgresql_server import new_database

IN_POSTGRESQL = os.environ.get("VSEARCH_TEST_STORE") == "postgresql"

only_sqlite = pytest.mark.skipif(IN_POSTGRESQL, reason="looks into the file of SQLite")


def prepare(folder: Path) -> None:
    """Makes a folder that of a library in an empty database, where tests are to run so."""
    pointer = folder / POINTER
    if IN_POSTGRESQL and folder != read_settings().library and not pointer.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pointer.write_text(new_database())


def store_in(folder: Path) -> Store:
    prepare(folder)
    return store_at(read_settings().locate(folder))
