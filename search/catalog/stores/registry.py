"""Which store a library's catalog lives in."""

from __future__ import annotations

from search.catalog.stores.base import Store
from search.location import Location
from search.settings import CATALOG


def store_at(location: Location) -> Store:
    """Opens nothing yet. Raises CannotGoOn where the database's driver is not installed."""
    if location.database:
        from search.catalog.stores.postgresql import PostgresqlStore

        return PostgresqlStore(location.database, location.secrets)
    from search.catalog.stores.sqlite import SqliteStore

    return SqliteStore(location.folder / CATALOG)
