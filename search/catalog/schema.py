"""The schema's versions: creating, bringing up to date, refusing what is newer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from search.errors import LibraryReadOnly, NewerSchema

HEAD = "0004"
"""The newest revision in `migrations/versions`; a test compares."""

MIGRATIONS = Path(__file__).parent / "migrations"


def revision_of(engine: Engine) -> str | None:
    """The revision a database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(engine: Engine, path: Path, *, writable: bool) -> None:
    """Creates or migrates the schema when it is older than ours.

    Raises NewerSchema when a newer vsearch wrote it, LibraryReadOnly when it is older and cannot be changed.
    """
    revision = revision_of(engine)
    if revision == HEAD:
        return
    if revision is not None and not (MIGRATIONS / "versions" / f"{revision}.py").exists():
        raise NewerSchema(
            f"The library {path.parent} was written by a newer vsearch (schema {revision}, this one knows {HEAD}).",
            "Upgrade vsearch, or choose another library with --library.",
        )
    if not writable:
        raise LibraryReadOnly(
            f"The library {path.parent} needs its schema brought up to date, but cannot be written.",
            "Give yourself write permission there and try again.",
        )
    migrate(engine)


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Runs the migrations up to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
