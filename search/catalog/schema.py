"""The schema's versions: creating, bringing up to date, refusing what is newer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from search.catalog.stores.base import Store
from search.errors import LibraryReadOnly, NewerSchema, UsageError, first_of

HEAD = "0005"
"""The newest revision in `migrations/versions`; a test compares."""

MIGRATIONS = Path(__file__).parent / "migrations"


def revision_of(engine: Engine) -> str | None:
    """The revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(store: Store) -> None:
    """Creates or migrates the schema when it is older than ours.

    Raises NewerSchema when a newer vsearch wrote it, LibraryReadOnly when it is older and cannot be changed,
    UsageError when the database belongs to another program.
    """
    revision = revision_of(store.reading)
    if revision == HEAD:
        return
    _refuse_others(store, revision)
    if revision is not None and not (MIGRATIONS / "versions" / f"{revision}.py").exists():
        raise NewerSchema(
            f"The library {store.name} was written by a newer vsearch (schema {revision}, this one knows {HEAD}).",
            "Upgrade vsearch, or choose another library with --library.",
        )
    if not store.writable:
        raise LibraryReadOnly(
            f"The library {store.name} needs its schema brought up to date, but cannot be written.",
            "Give yourself write permission there and try again.",
        )
    migrate(store.writing)


def _refuse_others(store: Store, revision: str | None) -> None:
    with store.reading.connect() as connection:
        tables = inspect(connection).get_table_names()
    if tables and (revision is None or "clip" not in tables):
        raise UsageError(
            f"The database {store.name} holds tables of another program ({first_of(sorted(tables))}).",
            "Name an empty database, or one that vsearch made.",
        )


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Runs the migrations up to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
