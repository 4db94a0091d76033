"""The names in a catalog, read without SQLAlchemy: a person who presses Tab does not wait for its import."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from search.location import Location
from search.settings import CATALOG, EMOTION, NO_EMOTION

MOST_FOLDERS = 2_000


@dataclass(frozen=True, slots=True)
class Names:
    """What a question can name."""

    tags: tuple[tuple[str, str], ...] = ()
    """Kind and label of every tag in use that is shown."""
    folders: tuple[str, ...] = ()
    """Folders that hold videos, relative to their root, with `/` at the end."""
    saved: tuple[str, ...] = ()
    """Saved searches."""


def read_names(location: Location, *, no_emotion: bool) -> Names:
    """Empty where there is no catalog, or where it cannot be read."""
    try:
        if location.database:
            return _from_postgresql(location, no_emotion)
        catalog = location.folder / CATALOG
        with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True, timeout=0.2)) as database:
            return _read(lambda statement, *values: database.execute(statement, values).fetchall(), no_emotion)
    except Exception:  # of whatever driver: a key that was pressed is no time for explanations
        return Names()


def _from_postgresql(location: Location, no_emotion: bool) -> Names:
    psycopg: Any = importlib.import_module("psycopg")
    with psycopg.connect(location.database, connect_timeout=2, **location.secrets) as database:
        return _read(
            lambda statement, *values: database.execute(statement.replace("?", "%s"), values).fetchall(), no_emotion
        )


def _read(execute: Callable[..., Sequence[Any]], no_emotion: bool) -> Names:
    [(switched_off,)] = execute("SELECT max(value) FROM meta WHERE key = ?", NO_EMOTION)
    hidden = EMOTION if no_emotion or switched_off else ""
    tags = execute("SELECT DISTINCT kind, label FROM segment WHERE kind != ? ORDER BY kind, label", hidden)
    # `rtrim` of all that is no slash leaves the folder.
    folders = execute(
        "SELECT DISTINCT rtrim(relpath, replace(relpath, '/', '')) FROM video ORDER BY 1 LIMIT ?", MOST_FOLDERS
    )
    saved = execute("SELECT name FROM saved_search ORDER BY name")
    # A shell is told a name a line: one with a line break, or one that steers the terminal, is not offered.
    return Names(
        tuple((kind, label) for kind, label in tags if kind.isprintable() and label.isprintable()),
        tuple(folder for (folder,) in folders if folder and folder.isprintable()),
        tuple(name for (name,) in saved),
    )
