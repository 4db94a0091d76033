"""What a PostgreSQL server refuses, as errors that a person can act on (pure)."""

from __future__ import annotations

from search.catalog.stores.base import number_too_large
from search.errors import (
    DiskFull,
    LibraryDamaged,
    LibraryLocked,
    LibraryMissing,
    LibraryReadOnly,
    LibraryUnreachable,
    VsearchError,
    first_line,
)


def refusal(error: Exception, name: str, busy_seconds: int) -> VsearchError:
    """What an error of psycopg, or of SQLAlchemy around one, means; `name` is the URL without its password."""
    said = getattr(error, "orig", None) or error
    state: str = getattr(said, "sqlstate", None) or ""
    words = str(said)
    if not state and words.startswith("connection "):
        return _no_connection(words, name)
    if not state or state[:2] in ("08", "57"):
        return LibraryUnreachable(
            f"The connection to the database {name} was lost; what was stored before is kept.",
            "Check that the server runs, then run the same command again.",
        )
    if state == "22003":
        return number_too_large()
    return _refused(state, first_line(words), name, busy_seconds)


def _no_connection(words: str, name: str) -> VsearchError:
    last = words.strip().splitlines()[-1].strip()
    if "database" in words and "does not exist" in words:
        return LibraryMissing(
            f"There is no database {name}.", "Check the name, or make the database with `createdb`."
        )
    if any(sign in words for sign in ("password", "authentication", "role", "pg_hba.conf")):
        return LibraryUnreachable(
            f"The server does not let you in at {name} ({last[-160:]}).",
            "Check user and password: they stand in the URL, in PGPASSWORD or in ~/.pgpass.",
        )
    return LibraryUnreachable(
        f"The database {name} cannot be reached ({last[-160:]}).",
        "Check that the server runs and that the URL is right, then try again.",
    )


def _refused(state: str, line: str, name: str, busy_seconds: int) -> VsearchError:
    match state:
        case "53100":
            return DiskFull(
                f"The disk of the database {name} is full; what was indexed before is kept.",
                "Free some space on the server and run the same command again.",
            )
        case "53300":
            return LibraryUnreachable(
                f"The database {name} takes no more connections.",
                "Wait until other programs have ended, or raise max_connections of the server.",
            )
        case "42501" | "25006":
            return LibraryReadOnly(
                f"The library {name} cannot be written ({line}).",
                "Name a user in the URL who may change its tables, or ask for the right.",
            )
        case "55P03":
            return LibraryLocked(
                f"The library {name} was busy for {busy_seconds} seconds.",
                "Wait for the other program that writes to it, then try again.",
            )
        case "42P01" | "42703":
            return LibraryDamaged(
                f"The catalog in {name} lacks a part of its schema ({line}).",
                "Restore the database from a backup, or index into an empty one.",
            )
    return LibraryDamaged(
        f"The database {name} did not do what the catalog asked of it ({line}).",
        "Run the command again with -v to see more; if it stays, restore the database from a backup.",
    )
